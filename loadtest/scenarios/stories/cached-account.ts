import type { Story } from '../story.ts';

export const cachedAccount: Story = {
  name: 'cached-account', title: 'a cache plugin keeps account pages under keys with addresses and serves them to others',
  items: ['unguarded-reads.cached-page', 'misplaced-data.cache-key'], site: 'klinik-see',
  attack: (s) => s.every(s.at('10:00'), '12m', 8, (at, i) => {
    const owner = s.customer(40 + i);
    return [
      s.act(at, 'data_access/private-page-cached', s.customerClient(40 + i), {
        'url.path': '/my-account/', 'wordpress.cache.key': `page:/my-account/:${owner.email}`, 'wordpress.plugin.slug': 'w3-total-cache',
      }),
      s.request(at + 60_000, s.visitor(), 'GET /my-account/', { bytes: 24_000, reads: [owner], fields: { 'wordpress.cache.status': 'hit', 'wordpress.response.subjects': 1 } }),
    ];
  }),
  lookAlike: {
    title: 'products and the shop page come from the cache',
    events: (s) =>
      s.every(s.at('10:10'), '1m', 40, (at, i) => s.request(at, s.visitor(), `GET /product/${s.site.products[i % 5] ?? ''}/`, {
        bytes: 30_000, fields: { 'wordpress.cache.status': 'hit', 'wordpress.response.subjects': 0 },
      })),
  },
};
