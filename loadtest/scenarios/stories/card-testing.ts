import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const cardTesting: Story = {
  name: 'card-testing', title: 'stolen cards tried at the checkout',
  items: ['money.card-testing'], site: 'praxis-nord',
  attack(s) {
    const tester = s.stranger(0, TOOLS.script);
    return s.every(s.at('4:00'), '11s', 70, (at, i) => [
      s.request(at, tester, 'POST /?wc-ajax=checkout', { bytes: 210 }),
      s.act(at, i % 23 === 22 ? 'payment/payment-complete' : 'payment/payment-failed', tester, {
        'woocommerce.order.id': 60_000 + i, 'woocommerce.order.total': 1.5, 'woocommerce.payment.gateway': 'stripe', 'woocommerce.payment.card': s.word(16, 'abcdefghijklmnop'),
        ...(i % 23 === 22 ? {} : { 'woocommerce.payment.reason': 'card_declined' }),
      }, { outcome: i % 23 === 22 ? 'success' : 'failure' }),
    ]);
  },
  lookAlike: {
    title: 'the gateway is down for ten minutes',
    events: (s) =>
      s.every(s.at('12:00'), '25s', 24, (at, i) => s.act(at, 'payment/payment-failed', s.visitor(), {
        'woocommerce.order.id': 61_000 + i, 'woocommerce.order.total': 20 + i * 3.5, 'woocommerce.payment.gateway': 'stripe', 'woocommerce.payment.reason': 'gateway_error',
      }, { outcome: 'failure' })),
  },
};
