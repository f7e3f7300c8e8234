import type { Story } from '../story.ts';

export const openRoute: Story = {
  name: 'open-route', title: 'form entries read through a route without a permission check',
  items: ['unguarded-reads.rest-route'], site: 'klinik-see',
  attack(s) {
    const reader = s.stranger();
    return s.every(s.at('4:20'), '30s', 25, (at, i) => {
      const reads = s.customers(20, 1 + i * 20);
      return [
        s.request(at, reader, `GET /wp-json/booking/v1/entries?page=${i + 1}`, { bytes: 26_000, reads }),
        s.act(at, 'data_access/rest-read', reader, { 'url.path': '/wp-json/booking/v1/entries', 'wordpress.request.kind': 'rest' }, { reads }),
      ];
    });
  },
  lookAlike: {
    title: 'a guest opens the own order by its key',
    events: (s) => [
      s.request(s.at('18:00'), s.visitor(), `GET /checkout/order-received/20417/?key=wc_order_${s.word(13)}`, { bytes: 22_000, reads: [s.customer(90)] }),
      s.act(s.at('18:00'), 'data_access/order-viewed', s.visitor(), { 'woocommerce.order.id': 20_417, 'wordpress.request.order_key': true }, { reads: [s.customer(90)] }),
      s.act(s.at('18:05'), 'data_access/rest-read', s.visitor(), { 'url.path': '/wp-json/wc/store/v1/cart', 'wordpress.request.kind': 'rest', 'wordpress.response.subjects': 0 }),
    ],
  },
};
