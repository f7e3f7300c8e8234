import type { Story } from '../story.ts';

export const slowDrip: Story = {
  name: 'slow-drip', title: 'orders exported in small parts over a day',
  items: ['bulk-export.slow-drip'], site: 'garten-werk',
  attack: (s) => s.every(s.at('8:30'), '41m', 14, (at, i) =>
    s.act(at, 'data_export/orders-exported', s.staff('support'), { 'woocommerce.export.rows': 180, 'woocommerce.export.format': 'csv' }, { reads: s.customers(180, 1 + i * 180) })),
  lookAlike: {
    title: 'support saves the invoice of one order after another',
    events: (s) => s.every(s.at('8:20'), '11m', 40, (at, i) =>
      s.act(at, 'data_export/orders-exported', s.staff('support', 'home'), { 'woocommerce.export.rows': 1, 'woocommerce.export.format': 'pdf' }, { reads: [s.customer(i + 1)] })),
  },
};
