import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const ajaxHarvest: Story = {
  name: 'ajax-harvest', title: 'the customer search of an AJAX action asked for everything',
  items: ['bulk-export.ajax'], site: 'garten-werk',
  attack: (s) => s.every(s.at('4:10'), '20s', 8, (at, i) => {
    const reads = s.customers(300, 1 + i * 300);
    const thief = s.stolen('editor', s.stranger(0, TOOLS.script));
    return [
      s.request(at, thief, `POST /wp-admin/admin-ajax.php?action=woocommerce_json_search_customers&term=%25&page=${i}`, { bytes: 61_000, reads }),
      s.act(at, 'data_access/ajax-read', thief, { 'wordpress.request.kind': 'ajax', 'wordpress.request.action': 'woocommerce_json_search_customers', 'wordpress.actor.habit': 'new' }, { reads }),
    ];
  }),
  lookAlike: {
    title: 'a support agent looks for customers all day',
    events: (s) =>
      s.every(s.at('9:00'), '5m', 80, (at, i) => s.act(at, 'data_access/ajax-read', s.staff('support'), {
        'wordpress.request.kind': 'ajax', 'wordpress.request.action': 'woocommerce_json_search_customers', 'wordpress.actor.habit': 'known',
      }, { reads: s.customers(1 + (i % 9), i) })),
  },
};
