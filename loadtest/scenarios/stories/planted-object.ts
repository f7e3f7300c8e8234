import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const plantedObject: Story = {
  name: 'planted-object', title: 'a serialized object in a cookie setting is woken up',
  items: ['injection.object-injection'], site: 'klinik-see',
  attack(s) {
    const intruder = s.stranger(0, TOOLS.script);
    const object = 'O:20:"GuzzleHttp\\Psr7\\Pump":2:{s:6:"source";s:6:"system";s:4:"size";s:2:"id";}';
    return s.every(s.at('5:05'), '20s', 4, (at, i) => s.request(at, intruder, `POST /wp-admin/admin-ajax.php?action=rooms_restore&state=${encodeURIComponent(object)}&n=${i}`, { bytes: 11_500 }));
  },
  lookAlike: {
    title: 'settings saved as serialized arrays, states as JSON',
    events: (s) => [
      s.request(s.at('9:05'), s.staff('developer'), 'POST /wp-admin/options.php', { status: 302, bytes: 0, body: 'option_page=rooms&rooms_state=a%3A1%3A%7Bs%3A4%3A%22size%22%3Bi%3A3%3B%7D' }),
      s.request(s.at('9:06'), s.visitor(), 'GET /wp-admin/admin-ajax.php?action=rooms_free&state=%7B%22day%22%3A%222026-11-20%22%7D', { bytes: 12_000 }),
    ],
  },
};
