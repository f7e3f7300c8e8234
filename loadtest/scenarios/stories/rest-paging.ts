import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const restPaging: Story = {
  name: 'rest-paging', title: 'every order read over REST with a leaked key',
  items: ['bulk-export.rest-paging'], site: 'stahl-form',
  attack(s) {
    const thief = s.stranger(0, TOOLS.script);
    const page = (i: number) => s.customers(100, 1 + i * 100);
    return s.every(s.at('1:17'), '7s', 28, (at, i) => [
      s.request(at, thief, `GET /wp-json/wc/v3/orders?per_page=100&page=${i + 1}`, { bytes: 240_000, reads: page(i) }),
      s.act(at, 'data_access/rest-read', { ...thief, user: 'erp' }, { 'url.path': '/wp-json/wc/v3/orders', 'wordpress.request.kind': 'rest', 'wordpress.actor.habit': 'exceeded' }, { reads: page(i) }),
    ]);
  },
  lookAlike: {
    title: 'the shipping partner reads the open orders of the week',
    events: (s) => s.every(s.at('5:00'), '9s', 14, (at, i) => {
      const partner = { ip: '192.0.2.210', agent: 'ParcelLink/2.0' };
      const reads = s.customers(50, 1 + i * 50);
      return [
        s.request(at, partner, `GET /wp-json/wc/v3/orders?status=processing&per_page=50&page=${i + 1}`, { bytes: 90_000, reads }),
        s.act(at, 'data_access/rest-read', { ...partner, user: 'parcel-link' }, { 'url.path': '/wp-json/wc/v3/orders', 'wordpress.request.kind': 'rest', 'wordpress.actor.habit': 'known' }, { reads }),
      ];
    }),
  },
};
