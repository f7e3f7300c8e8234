import type { Random } from '../../../contracts/seeded-random.ts';
import { CRAWLERS, MONITOR } from '../agents.ts';
import { DAY, MINUTE } from '../clock.ts';
import { request } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Site } from '../site.ts';

function* crawl(site: Site, day: number, agent: string, ip: string, pages: number, random: Random): Generator<ScenarioEvent> {
  const start = day + random.below(DAY - pages * 9_000);
  for (let i = 0; i < pages; i++) {
    const target = random.pick([
      `/product/${random.pick(site.products)}/`, `/${random.pick(site.articles)}/`, '/robots.txt', '/sitemap_index.xml', '/product-sitemap.xml', `/shop/page/${1 + random.below(9)}/`, `/feed/`,
      `/tag/${random.pick(site.products)}/`,
    ]);
    yield request(site, start + i * 9_000 + random.below(5_000), { ip, agent }, `GET ${target}`, { bytes: 4_000 + random.below(40_000), status: random.chance(0.05) ? 404 : 200 });
  }
}

/** Crawlers of search engines and others, and a monitor. */
export function* robots(site: Site, day: number, share: number, random: Random): Generator<ScenarioEvent> {
  for (const [i, agent] of CRAWLERS.entries()) yield* crawl(site, day, agent, `198.51.100.${20 + i}`, Math.ceil(share * (10 + random.below(30))), random);
  for (let at = day; at < day + DAY; at += 15 * MINUTE) yield request(site, at + random.below(2_000), { ip: '198.51.100.9', agent: MONITOR }, 'HEAD /', { bytes: 0 });
}
