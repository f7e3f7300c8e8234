import type { Story } from '../story.ts';

const ROWS = 4_213;

export const nightExport: Story = {
  name: 'night-export', title: 'customer list exported at night with a stolen log-in',
  items: ['bulk-export.admin-export'], site: 'payfox',
  attack(s) {
    const thief = s.stolen('bookkeeper', s.stranger());
    return [
      s.request(s.at('2:58'), thief, 'POST /wp-login.php', { status: 302, bytes: 0 }),
      s.act(s.at('2:58'), 'authentication/user-login', thief, { 'wordpress.actor.place': 'new', 'wordpress.actor.device': 'new' }),
      s.act(s.at('3:04'), 'data_export/customers-exported', thief, {
        'woocommerce.export.rows': ROWS, 'woocommerce.export.format': 'csv', 'wordpress.actor.habit': 'new',
      }, { reads: s.customers(ROWS) }),
    ];
  },
  lookAlike: {
    title: 'the bookkeeper exports the month',
    events: (s) => [
      s.act(s.at('9:12'), 'authentication/user-login', s.staff('bookkeeper')),
      s.act(s.at('9:40'), 'data_export/orders-exported', s.staff('bookkeeper'), {
        'woocommerce.export.rows': 612, 'woocommerce.export.format': 'csv', 'wordpress.actor.habit': 'known',
      }, { reads: s.customers(612) }),
    ],
  },
};
