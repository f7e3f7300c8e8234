import type { Story } from '../story.ts';

export const unusualExport: Story = {
  name: 'unusual-export', title: 'a support agent about to leave exports far more than ever',
  items: ['bulk-export.outside-habit'], site: 'stahl-form',
  attack: (s) => [
    s.act(s.at('15:10'), 'data_export/customers-exported', s.staff('support'), {
      'woocommerce.export.rows': 340, 'woocommerce.export.format': 'csv', 'wordpress.actor.habit': 'exceeded',
    }, { reads: s.customers(340) }),
    s.act(s.at('15:40'), 'data_export/orders-exported', s.staff('support'), {
      'woocommerce.export.rows': 410, 'woocommerce.export.format': 'csv', 'wordpress.actor.habit': 'exceeded',
    }, { reads: s.customers(410, 341) }),
  ],
  lookAlike: {
    title: 'the shop moves: the owner announced the export, the migration tool has a habit of its own',
    events: (s) => [
      s.act(s.at('7:10'), 'authentication/user-login', s.staff('owner'), { 'wordpress.actor.place': 'known', 'wordpress.actor.device': 'known' }),
      s.act(s.at('7:30'), 'data_export/products-exported', s.staff('owner'), { 'woocommerce.export.rows': 900, 'woocommerce.export.format': 'csv', 'wordpress.actor.habit': 'known' }),
      s.act(s.at('8:00'), 'data_export/orders-exported', s.staff('owner'), {
        'woocommerce.export.rows': 700, 'woocommerce.export.format': 'json', 'wordpress.actor.habit': 'known',
      }, { reads: s.customers(700) }),
    ],
  },
};
