import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const fetchedBackup: Story = {
  name: 'fetched-backup', title: 'a backup and an export fetched from public folders',
  items: ['bulk-export.file-fetched'], site: 'praxis-nord',
  attack(s) {
    const thief = s.stranger(0, TOOLS.curl);
    return [
      ...s.every(s.at('22:10'), '2s', 6, (at, i) => s.request(at, thief, `GET /wp-content/uploads/${['db', 'backup', 'dump', 'site', 'wordpress', 'shop'][i] ?? ''}.sql`, { status: 404, bytes: 560 })),
      s.request(s.at('22:11'), thief, 'GET /wp-content/uploads/exports/orders-export-2026-11.csv', { bytes: 812_330, reads: s.customers(900) }),
      s.request(s.at('22:12'), thief, 'GET /wp-content/uploads/backup-2026-11-14.sql.gz', { bytes: 61_203_411, reads: s.customers(3_000) }),
    ];
  },
  lookAlike: {
    title: 'a buyer downloads what he bought, a visitor the public price list',
    events: (s) => [
      s.request(s.at('15:02'), s.customerClient(77), 'GET /wp-content/uploads/woocommerce_uploads/2026/10/first-aid-course.zip', { bytes: 48_000_000 }),
      s.request(s.at('15:40'), s.visitor(), 'GET /wp-content/uploads/2026/11/catalogue.csv', { bytes: 32_000 }),
      s.request(s.at('16:10'), s.stranger(), 'GET /backup.sql', { status: 404, bytes: 560 }),
    ],
  },
};
