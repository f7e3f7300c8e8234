import type { Story } from '../story.ts';

export const freeGoods: Story = {
  name: 'free-goods', title: 'a coupon that gives everything away, and orders below their price',
  items: ['money.coupon', 'money.price'], site: 'stahl-form',
  attack(s) {
    const thief = s.stolen('editor', s.stranger());
    return [
      s.act(s.at('1:30'), 'configuration/coupon-created', thief, { 'woocommerce.coupon.type': 'percent', 'woocommerce.coupon.amount': 100 }),
      s.every(s.at('2:00'), '5m', 8, (at, i) =>
        s.act(at, 'database/order-created', s.stranger(), { 'woocommerce.order.id': 64_000 + i, 'woocommerce.order.total': 1, 'woocommerce.order.price_ratio': 0.01, 'woocommerce.order.coupons': 0 })),
    ];
  },
  lookAlike: {
    title: 'a sale of half the price and a voucher for one customer',
    events: (s) => [
      s.act(s.at('9:00'), 'configuration/coupon-created', s.staff('editor'), { 'woocommerce.coupon.type': 'percent', 'woocommerce.coupon.amount': 100, 'woocommerce.coupon.usage_limit': 1 }),
      s.act(s.at('9:05'), 'configuration/coupon-created', s.staff('editor'), { 'woocommerce.coupon.type': 'percent', 'woocommerce.coupon.amount': 50, 'woocommerce.coupon.usage_limit': 500 }),
      s.every(s.at('10:00'), '9m', 20, (at, i) =>
        s.act(at, 'database/order-created', s.visitor(), {
          'woocommerce.order.id': 65_000 + i, 'woocommerce.order.total': 40 + i, 'woocommerce.order.price_ratio': 0.5, 'woocommerce.order.coupons': 1,
        })),
    ],
  },
};
