import type { Story } from '../story.ts';

export const dumpedTables: Story = {
  name: 'dumped-tables', title: 'tables dumped through a database tool in the web root',
  items: ['bulk-export.sql-dump'], site: 'payfox',
  attack(s) {
    const thief = s.stranger();
    return [
      s.request(s.at('23:20'), thief, 'POST /tools/adminer.php', { status: 302, bytes: 0 }),
      s.request(s.at('23:21'), thief, 'GET /tools/adminer.php?username=wp&db=wp&select=wp_users', { bytes: 88_000, reads: s.customers(50) }),
      s.request(s.at('23:24'), thief, 'POST /tools/adminer.php?username=wp&db=wp&dump=wp_users', { bytes: 9_400_000, reads: s.customers(3_000) }),
    ];
  },
  lookAlike: {
    title: 'scanners ask for database tools that are not there, a support article names one',
    events: (s) => [
      s.every(s.at('23:00'), '2s', 6, (at, i) => s.request(at, s.stranger(), `GET /${['phpmyadmin', 'pma', 'adminer.php', 'mysql', 'db', 'dbadmin'][i] ?? ''}/index.php`, { status: 404, bytes: 560 })),
      s.request(s.at('11:00'), s.visitor(), 'GET /help/how-to-export-your-data-with-phpmyadmin/', { bytes: 61_000 }),
    ],
  },
};
