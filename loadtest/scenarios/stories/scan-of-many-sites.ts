import type { ScenarioEvent } from '../scenario-event.ts';
import type { Scene } from '../scene.ts';
import type { Story } from '../story.ts';
import { TOOLS } from '../scene.ts';

/** One request a second: pages, carts, and a log-in of one of the test accounts now and then. */
function loadTest(s: Scene, at: number, i: number): ScenarioEvent {
  const tool = { ip: s.site.staff[0]?.office ?? '', agent: 'k6/1.3.0 (https://k6.io/)' };
  if (i % 40 === 0) return s.request(at, tool, 'POST /wp-login.php', { status: 302, bytes: 0 });
  return s.request(at, tool, i % 5 === 0 ? 'POST /?wc-ajax=add_to_cart' : `GET /product/${s.site.products[i % 5] ?? ''}/?run=${i}`, { bytes: 30_000 });
}

export const scanOfManySites: Story = {
  name: 'scan-of-many-sites', title: 'one address goes through all sites with known holes until one answers',
  items: ['injection.known-hole'], site: 'garten-werk',
  attack(s) {
    const scanner = s.stranger(0, TOOLS.script);
    const scan = (name: string, minute: number, status: number) => {
      const there = s.on(name);
      return [
        there.request(there.at(`17:${minute}`), scanner, 'POST /wp-content/plugins/wp-file-manager/lib/php/connector.minimal.php', { status, bytes: status === 200 ? 1_420 : 560 }),
        there.request(there.at(`17:${minute}`) + 9_000, scanner, `GET /?rest_route=/wc/v3/x&q=${encodeURIComponent("1' UNION SELECT NULL,user_pass FROM wp_users-- -")}`, { status: 403, bytes: 560 }),
      ];
    };
    return [scan('stahl-form', 10, 404), scan('klinik-see', 12, 403), scan('payfox', 14, 404), scan('garten-werk', 16, 200)];
  },
  lookAlike: {
    title: 'a search engine crawls all sites within minutes, and the owner lets a load test run',
    events: (s) => [s.every(s.at('22:00'), '1s', 400, (at, i) => loadTest(s, at, i)), ...['stahl-form', 'klinik-see', 'payfox', 'garten-werk'].map((name, n) => {
      const there = s.on(name);
      return there.every(there.at(`6:${10 + n}`), '2s', 20, (at, i) =>
        there.request(at, {
          ip: '198.51.100.20', agent: 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
        }, `GET /product/${there.site.products[i % 5] ?? ''}/?select=all&order=by-price`, { bytes: 30_000 }));
    })],
  },
};
