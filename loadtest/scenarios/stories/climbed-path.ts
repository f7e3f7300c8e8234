import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

export const climbedPath: Story = {
  name: 'climbed-path', title: 'a gallery gives out wp-config.php and other files',
  items: ['injection.traversal', 'injection.file-inclusion'], site: 'stahl-form',
  attack(s) {
    const intruder = s.stranger(0, TOOLS.curl);
    const files = [
      '../../../../../etc/passwd', '..%2f..%2f..%2f..%2fwp-config.php', 'php://filter/convert.base64-encode/resource=../../../wp-config.php', '/proc/self/environ', '....//....//....//wp-config.php',
    ];
    return files.map((file, i) => s.request(s.at('2:30') + i * 20_000, intruder, `GET /wp-content/plugins/gallery/download.php?file=${file}`, { bytes: 12_000 + i }));
  },
  lookAlike: {
    title: 'dots and files in addresses of editors',
    events: (s) => [
      s.request(s.at('10:00'), s.visitor(), 'GET /blog/what-next.../?page=2', { bytes: 22_000 }),
      s.request(s.at('10:01'), s.staff('editor'), 'GET /wp-admin/post.php?post=44&action=edit&file=drawing..v2.dwg', { bytes: 90_000 }),
      s.request(s.at('10:02'), s.visitor(), 'GET /download/?file=datasheets/bracket-e120.pdf', { bytes: 410_000 }),
    ],
  },
};
