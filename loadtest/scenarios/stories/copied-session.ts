import type { Story } from '../story.ts';

export const copiedSession: Story = {
  name: 'copied-session', title: 'a copied session cookie used beside its owner',
  items: ['identity.session-reuse'], site: 'payfox',
  attack(s) {
    const owner = s.staff('owner');
    return [
      s.every(s.at('11:00'), '3m', 6, (at) => s.act(at, 'data_access/order-viewed', owner, { 'woocommerce.order.id': 50_001, 'source.geo.country_iso_code': 'DE' }, { reads: [s.customer(4)] })),
      s.every(s.at('11:04'), '2m', 8, (at, i) =>
        s.act(at, 'data_access/order-list-viewed', { ...owner, ip: s.stranger(i % 3).ip, agent: s.stranger().agent }, { 'woocommerce.list.count': 100, 'source.geo.country_iso_code': 'BR' }, { reads: s.customers(100, 1 + i * 100) })),
    ];
  },
  lookAlike: {
    title: 'the CDN in front changes its addresses, so that everybody seems to move',
    events: (s) => s.every(s.at('16:00'), '6m', 8, (at, i) => [
      s.act(at, 'data_access/order-viewed', { ...s.staff('support'), ip: `198.51.100.${200 + (i % 2)}` }, { 'woocommerce.order.id': 50_101 + i, 'source.geo.country_iso_code': 'DE' }, { reads: [s.customer(5 + i)] }),
      s.act(at + 9_000, 'data_access/order-viewed', { ...s.customerClient(70), ip: `198.51.100.${200 + (i % 2)}` }, { 'woocommerce.order.id': 50_201, 'source.geo.country_iso_code': 'DE' }, { reads: [s.customer(70)] }),
    ]),
  },
};
