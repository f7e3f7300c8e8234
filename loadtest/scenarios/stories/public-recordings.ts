import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const publicRecordings: Story = {
  name: 'public-recordings', title: 'recordings of consultations and files of forms fetched from public folders',
  items: ['unguarded-reads.public-recording', 'unguarded-reads.public-upload'], site: 'klinik-see',
  attack(s) {
    const thief = s.stranger(0, TOOLS.curl);
    return [
      s.request(s.at('3:00'), thief, 'GET /wp-content/uploads/gravity_forms/', { bytes: 4_100 }),
      s.every(s.at('3:01'), '20s', 9, (at, i) => s.request(at, thief, `GET /wp-content/uploads/gravity_forms/7-5f/2026/11/referral-${i}.pdf`, { bytes: 210_000, reads: [s.customer(60 + i)] })),
      s.every(s.at('3:10'), '1m', 4, (at, i) => s.request(at, thief, `GET /wp-content/uploads/telehealth/recordings/consultation-04${i}.mp4`, { bytes: 81_000_000, reads: [s.customer(80 + i)] })),
    ];
  },
  lookAlike: {
    title: 'a film shows how to get to the clinic, the office opens a form from the dashboard',
    events: (s) => [
      s.every(s.at('14:00'), '9m', 5, (at) => s.request(at, s.visitor(), 'GET /wp-content/uploads/2026/11/the-way-to-us.mp4', { status: 206, bytes: 9_000_000 })),
      s.request(s.at('15:00'), s.staff('support'), 'GET /wp-content/uploads/gravity_forms/7-5f/2026/11/referral-3.pdf', {
        bytes: 210_000, referrer: `https://${s.site.domain}/wp-admin/admin.php?page=gf_entries&id=7`,
      }),
    ],
  },
};
