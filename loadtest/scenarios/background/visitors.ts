import type { Random } from '../../../contracts/seeded-random.ts';
import { DESKTOPS, PHONES } from '../agents.ts';
import { visitTime, word } from '../clock.ts';
import { visitorAddress } from '../customer.ts';
import { request } from '../scenario-event.ts';
import type { ScenarioEvent } from '../scenario-event.ts';
import type { Client, Site } from '../site.ts';

export function visitor(random: Random): Client {
  return { ip: visitorAddress(random), agent: random.pick(random.chance(0.6) ? PHONES : DESKTOPS) };
}

function searchQuery(site: Site, random: Random): string {
  const text = random.pick(site.searches);
  return `s=${random.chance(0.7) ? encodeURIComponent(text).replaceAll('%20', '+') : encodeURIComponent(text)}${random.chance(0.4) ? '&post_type=product' : ''}`;
}

/** Where a visit begins, with what search engines, mails and advertisements add to the address. */
function landing(site: Site, random: Random): { readonly target: string; readonly referrer?: string } {
  const product = `/product/${random.pick(site.products)}/`;
  const article = `/${random.pick(site.articles)}/`;
  return random.pick([
    { target: '/', referrer: 'https://www.google.com/' },
    { target: product, referrer: 'https://www.google.com/' },
    { target: article, referrer: 'https://duckduckgo.com/' },
    { target: `${product}?utm_source=newsletter&utm_medium=email&utm_campaign=november_${random.below(30)}&mc_eid=${word(random, 10, '0123456789abcdef')}` },
    { target: `${product}?gclid=${word(random, 70)}_wcB` },
    { target: `${article}?fbclid=IwAR${word(random, 56)}`, referrer: 'https://l.facebook.com/' },
    { target: '/' },
  ]);
}

function page(site: Site, random: Random): string {
  const product = random.pick(site.products);
  return random.pick([
    `GET /product/${product}/`, `GET /product/${product}/?attribute_pa_size=${random.pick(['s', 'm', 'l', 'xl'])}`, 'GET /shop/', `GET /shop/?orderby=${random.pick(['price', 'date', 'popularity', 'price-desc'])}&paged=${1 + random.below(6)}`,
    `GET /shop/?min_price=${random.below(40)}&max_price=${50 + random.below(400)}&filter_color=${random.pick(['red', 'green,blue', 'oak'])}`, `GET /?${searchQuery(site, random)}`, `GET /${random.pick(site.articles)}/`, 'GET /cart/', 'GET /my-account/',
    `GET /product-category/${random.pick(['new', 'sale', 'outdoor', 'select-range'])}/`, `GET /wp-json/wc/store/v1/products?per_page=20&page=${1 + random.below(5)}`, `POST /?wc-ajax=get_refreshed_fragments`, `GET /wp-json/wc/store/v1/cart`,
    `GET /wp-content/uploads/2026/10/${product}-${random.pick(['300x300', '600x800', '1024x768'])}.jpg`, `GET /wp-content/plugins/woocommerce/assets/js/frontend/cart-fragments.min.js?ver=10.${random.below(4)}.${random.below(9)}`, `GET /wp-includes/js/jquery/jquery.min.js?ver=3.7.1`,
  ]);
}

/** About so many page views of people who look around. */
export function* visitors(site: Site, day: number, views: number, random: Random): Generator<ScenarioEvent> {
  for (let left = views; left > 0; ) {
    const client = visitor(random);
    const { target, referrer } = landing(site, random);
    const pages = 1 + random.below(7);
    let at = day + visitTime(random);
    let before = `https://${site.domain}${target}`;
    yield request(site, at, client, `GET ${target}`, { bytes: 9_000 + random.below(50_000), ...(referrer === undefined ? {} : { referrer }) });
    for (let i = 1; i < pages; i++) {
      at += 4_000 + random.below(90_000);
      const next = page(site, random);
      const missing = random.chance(0.02);
      yield request(site, at, client, missing ? `GET /product/${random.pick(site.products)}-old/` : next, {
        referrer: before, bytes: missing ? 7_200 : 400 + random.below(60_000), status: missing ? 404 : random.chance(0.15) ? 304 : 200,
      });
      before = `https://${site.domain}${next.replace(/^\w+ /, '')}`;
    }
    left -= pages;
  }
}
