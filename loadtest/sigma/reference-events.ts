import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';

/** The seeded events the rule engine is measured with: web-server events under W3C names, 400 to 450 bytes on average. */
export interface SigmaLoad {
  readonly seed: number;
  /** Share of events that carry SQL injection, cross-site scripting or path traversal. */
  readonly attackShare: number;
}

export const SIGMA_LOAD: SigmaLoad = { seed: 20261121, attackShare: 0.01 };

export interface SigmaEvent {
  /** One JSON object, without line feed. */
  readonly line: string;
  readonly attack: boolean;
}

const HOSTS = ['shop.example', 'www.shop.example', 'praxis-am-park.example', 'supplements.example', 'intranet.labor.example', 'cdn.shop.example'];
const PRODUCTS = ['vitamin-d-drops', 'omega-3-capsules', 'magnesium-citrate', 'sleep-tea', 'knee-brace-left', 'blood-pressure-monitor', 'baby-thermometer', 'zinc-tablets-90', 'protein-powder-vanilla', 'compression-socks-42'];
const CATEGORIES = ['vitamins', 'minerals', 'baby', 'devices', 'sleep', 'sports', 'offers'];
const POSTS = ['sleeping-well', 'how-to-read-a-lab-report', 'seven-myths-about-sugar', 'winter-skin', 'opening-hours-in-december'];
const ASSETS = [
  'wp-content/themes/storefront/style.css', 'wp-content/themes/storefront/assets/js/navigation.min.js', 'wp-includes/js/jquery/jquery.min.js', 'wp-includes/js/dist/hooks.min.js',
  'wp-content/plugins/woocommerce/assets/css/woocommerce.css', 'wp-content/plugins/woocommerce/assets/js/frontend/cart-fragments.min.js', 'wp-content/plugins/contact-form-7/includes/js/index.js',
  'wp-content/uploads/2026/10/banner-autumn.webp', 'wp-content/uploads/2026/09/team.jpg', 'favicon.ico', 'robots.txt', 'wp-sitemap.xml',
];
const ADMIN = ['wp-admin/admin-ajax.php', 'wp-admin/edit.php', 'wp-admin/admin.php', 'wp-admin/post.php', 'wp-admin/load-scripts.php', 'wp-admin/upload.php', 'wp-login.php', 'wp-cron.php'];
const REST = ['wp-json/wc/store/v1/cart', 'wp-json/wc/store/v1/products', 'wp-json/wp/v2/posts', 'wp-json/wp/v2/media', 'wp-json/contact-form-7/v1/contact-forms/42/feedback', 'wp-json/wc/v3/orders'];
const BROWSERS = [
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%.0.0.0 Safari/537.36',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%.0.0.0 Safari/537.36 Edg/%.0.0.0',
  'Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Safari/605.1.15',
  'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1',
  'Mozilla/5.0 (Linux; Android 14; SM-S921B) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/%.0.0.0 Mobile Safari/537.36',
  'Mozilla/5.0 (X11; Linux x86_64; rv:%.0) Gecko/20100101 Firefox/%.0',
  'Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:%.0) Gecko/20100101 Firefox/%.0',
];
const ROBOTS = [
  'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)',
  'Mozilla/5.0 AppleWebKit/537.36 (KHTML, like Gecko; compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm) Chrome/116.0.1938.76 Safari/537.36',
  'Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)',
  'Mozilla/5.0+(compatible; UptimeRobot/2.0; http://www.uptimerobot.com/)',
  'WordPress/6.6.2; https://shop.example',
  'facebookexternalhit/1.1 (+http://www.facebook.com/externalhit_uatext.php)',
];
const SEARCHES = ['vitamin+d', 'schlaf%20tee', 'baby', 'o+m+e+g+a', 'blutdruck', 'knie+bandage+links', 'caf%C3%A9'];
const USERS = ['-', '-', '-', '-', '-', '-', '-', '-', 'm.weber', 'shopmanager', 'admin', 'a.yilmaz'];
const STATUSES = [200, 200, 200, 200, 200, 200, 200, 200, 302, 301, 304, 304, 404, 403, 500];
const ATTACKS = [
  'id=1%20UNION%20SELECT%20user_login,user_pass%20FROM%20wp_users--', "id=1'%20or%20'1'='1", 'product_id=9+AND+1=1+UNION+ALL+SELECT+NULL,table_schema+FROM+information_schema.tables',
  's=%3Cscript%3Ealert(document.cookie)%3C/script%3E', 'q=<svg onload=alert(1)>', 'redirect_to=javascript:alert(1)',
  'file=../../../../etc/passwd', 'img=..%2f..%2f..%2fwp-config.php', 'path=....//....//etc/shadow', 'page=..\\..\\windows\\win.ini',
];

/** A request of the shop's visitors, staff or machines: the path without its first slash, and the query. */
function request(random: Random): readonly [path: string, query: string] {
  switch (random.below(12)) {
    case 0: return ['', random.chance(0.5) ? '' : `s=${random.pick(SEARCHES)}&post_type=product`];
    case 1: case 2: return [`product/${random.pick(PRODUCTS)}/`, random.chance(0.3) ? `attribute_pa_size=${random.pick(['s', 'm', 'l'])}&utm_source=newsletter&utm_campaign=autumn-${random.digits(2)}` : ''];
    case 3: return [`product-category/${random.pick(CATEGORIES)}/`, random.chance(0.5) ? `orderby=price&paged=${random.between(2, 30)}` : ''];
    case 4: return [`blog/${random.pick(POSTS)}/`, random.chance(0.2) ? `replytocom=${random.digits(4)}` : ''];
    case 5: case 6: case 7: return [random.pick(ASSETS), `ver=${random.between(5, 9)}.${random.below(10)}.${random.below(10)}`];
    case 8: return ['', `wc-ajax=${random.pick(['get_refreshed_fragments', 'add_to_cart', 'update_order_review', 'checkout'])}`];
    case 9: return [random.pick(ADMIN), random.pick([`action=heartbeat&_nonce=${random.digits(10)}`, `page=wc-orders&paged=${random.below(40)}`, `post=${random.digits(5)}&action=edit`, `doing_wp_cron=${random.digits(10)}.${random.digits(16)}`])];
    case 10: return [random.pick(REST), `per_page=${random.pick([10, 20, 50])}&page=${random.between(1, 40)}&_locale=user`];
    default: return [random.pick(['cart/', 'checkout/', 'my-account/orders/', `checkout/order-received/${random.digits(5)}/`]), random.chance(0.5) ? `key=wc_order_${random.digits(13)}` : ''];
  }
}

/** An endless stream; `startMs` is the first event's time. Equal arguments give equal lines. */
export function* sigmaEvents(load: SigmaLoad, startMs: number): Generator<SigmaEvent, never> {
  const random = seededRandom(load.seed);
  for (let i = 0; ; i++) {
    const attack = random.chance(load.attackShare);
    const [path, plain] = request(random);
    const query = attack ? random.pick(ATTACKS) : plain;
    const host = random.pick(HOSTS);
    const stem = `/${path}`;
    const line = JSON.stringify({
      '@timestamp': new Date(startMs + i * 7).toISOString(),
      'c-ip': `${random.pick([198, 203, 84, 91])}.${random.below(256)}.${random.below(256)}.${random.below(256)}`,
      'cs-method': path.includes('ajax') || query.includes('ajax') ? 'POST' : random.chance(0.02) ? 'HEAD' : 'GET',
      'cs-host': host,
      'cs-uri-stem': stem,
      'cs-uri-query': query === '' ? '-' : query,
      'c-uri': query === '' ? stem : `${stem}?${query}`,
      'cs-user-agent': random.chance(0.15) ? random.pick(ROBOTS) : random.pick(BROWSERS).replaceAll('%', String(random.between(118, 131))),
      'cs-referer': random.chance(0.6) ? '-' : random.pick([`https://${host}/`, `https://${host}/product/${random.pick(PRODUCTS)}/`, `https://${host}/product-category/${random.pick(CATEGORIES)}/`, 'https://www.google.com/']),
      'sc-status': random.pick(STATUSES),
      'sc-bytes': random.between(180, 90_000),
      'cs-username': random.pick(USERS),
    });
    yield { line, attack };
  }
}

/** A body of so many lines, each ended by a line feed. */
export function sigmaBody(load: SigmaLoad, startMs: number, lines: number): Buffer {
  const events = sigmaEvents(load, startMs);
  return Buffer.from(Array.from({ length: lines }, () => `${events.next().value.line}\n`).join(''));
}
