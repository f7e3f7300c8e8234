import type { Story } from '../story.ts';

export const spreadCardTesting: Story = {
  name: 'spread-card-testing', title: 'stolen cards tried from an address each',
  items: ['money.card-testing'], site: 'stahl-form',
  attack: (s) =>
    s.every(s.at('2:00'), '35s', 45, (at, i) => s.act(at, 'payment/payment-failed', s.visitor(), {
      'woocommerce.order.id': 66_000 + i, 'woocommerce.order.total': 2, 'woocommerce.payment.gateway': 'invoice', 'woocommerce.payment.reason': 'card_declined',
      'woocommerce.payment.card': s.word(16, 'abcdefghijklmnop'),
    }, { outcome: 'failure' })),
  lookAlike: {
    title: 'one customer tries the own two cards again and again',
    events: (s) =>
      s.every(s.at('20:00'), '50s', 8, (at, i) => s.act(at, i === 7 ? 'payment/payment-complete' : 'payment/payment-failed', s.customerClient(801), {
        'woocommerce.order.id': 66_900, 'woocommerce.payment.gateway': 'invoice', 'woocommerce.payment.card': i % 2 === 0 ? 'aaaabbbbccccdddd' : 'eeeeffffgggghhhh',
        ...(i === 7 ? {} : { 'woocommerce.payment.reason': 'card_declined' }),
      }, { outcome: i === 7 ? 'success' : 'failure' })),
  },
};
