import type { Story } from '../story.ts';

export const refundAbuse: Story = {
  name: 'refund-abuse', title: 'support refunds orders to the own card',
  items: ['money.refunds'], site: 'garten-werk',
  attack: (s) =>
    s.every(s.at('18:40'), '6m', 9, (at, i) => s.act(at, 'payment/refund-created', s.staff('support'), {
      'woocommerce.order.id': 62_000 + i, 'woocommerce.refund.amount': 280 + i * 10, 'wordpress.actor.habit': 'exceeded',
    })),
  lookAlike: {
    title: 'a busy day of returns',
    events: (s) =>
      s.every(s.at('9:00'), '14m', 22, (at, i) => s.act(at, 'payment/refund-created', s.staff('support', 'home'), {
        'woocommerce.order.id': 63_000 + i, 'woocommerce.refund.amount': 12 + (i % 7) * 6, 'wordpress.actor.habit': 'known',
      })),
  },
};
