import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const orderWalking: Story = {
  name: 'order-walking', title: 'order pages counted through',
  items: ['unguarded-reads.order-walking'], site: 'garten-werk',
  attack(s) {
    const walker = s.stranger(0, TOOLS.script);
    return s.every(s.at('13:05'), '6s', 60, (at, i) => [
      s.request(at, walker, `GET /checkout/order-received/${41_200 + i}/`, { bytes: 21_000, reads: [s.customer(41_200 + i)] }),
    ]);
  },
  lookAlike: {
    title: 'a purchaser looks through ten of the own orders',
    events: (s) => s.every(s.at('10:30'), '25s', 10, (at, i) => [
      s.request(at, s.customerClient(512), `GET /my-account/view-order/${39_000 + i * 37}/`, { bytes: 16_000 }),
      s.act(at, 'data_access/order-viewed', s.customerClient(512), { 'woocommerce.order.id': 39_000 + i * 37 }, { reads: [s.customer(512)] }),
    ]),
  },
};
