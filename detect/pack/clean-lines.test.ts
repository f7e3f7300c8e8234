import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createLineScan } from '../scan.ts';
import { detectionsOf, engineOf } from '../engine-fixture.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const LINES = 100_000;
const lineScan = createLineScan(await engineOf());

/** What people search for, with the words and signs that attacks are made of. */
const PHRASES = ['student union select committee history', 'credit union', 'select a size', 'drop leaf table', 'lamp', 'order by phone', 'image', 'onload', "rock 'n' roll or jazz", '2 or 3 seats', 'size 10 and 12', 'sleep well', 'eye system', 'cat food', 'vitamin d', 'smoke alert (new)', 'facial expression (art)', 'web form & style', 'where to buy', 'top 10', 'null', 'into the wild', 'update set', "men's", 'form & function', 'size=m', '50% off', 'age > 3', 'c++', 'a/b', '#1', 'jane+co', '"best"', '(new)', 'x;y', 'wait...', '--', 'love <3', 'type script', 'cats; dogs', 'id card', '1/2 inch', 'price $(usd)', 'benchmark of shops', 'group by colour', "it's -- fine", '.. / ..'];
const ACTIONS = ['order-viewed', 'order-list-viewed', 'order-updated', 'user-login', 'payment-complete', 'http-request', 'product-updated', 'coupon-created'];
const NOTICES = ['PHP Notice:  Undefined variable $data in /var/www/html/wp-content/plugins/booking/class-slot.php on line 88', 'PHP Warning:  Undefined array key "billing_company" in /var/www/html/wp-content/plugins/invoices/pdf.php on line 212', 'Cron reschedule event error for hook: wc_admin_daily, Error code: could_not_set', 'WordPress database error Deadlock found when trying to get lock for query UPDATE wp_options SET option_value = 1 made by wp_cron'];
const AGENTS = ['Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0', 'Mozilla/5.0 (iPhone; CPU iPhone OS 17_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/17.5 Mobile/15E148 Safari/604.1', 'WordPress/6.1.9; https://shop.example', 'Mozilla/5.0 (compatible; Googlebot/2.1; +http://www.google.com/bot.html)'];

/** A benign line of a shop: page views with searches, keys, times and numbers, audit events and notices. */
function cleanLine(random: () => number, i: number): string {
  const below = (limit: number): number => Math.floor(random() * limit);
  const pick = (from: readonly string[]): string => from[below(from.length)] ?? '';
  const digits = (count: number): string => Array.from({ length: count }, () => below(10)).join('');
  const letters = (count: number): string => Array.from({ length: count }, () => 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'.charAt(below(62))).join('');
  const words = (): string => Array.from({ length: 1 + below(4) }, () => pick(PHRASES)).join(' ');
  const time = 1_795_234_406_123 + i * 37;
  const query = pick([
    `s=${encodeURIComponent(words()).replaceAll('%20', '+')}`, `s=${encodeURIComponent(words())}`, `key=wc_order_${digits(13)}`, `key=wc_order_${letters(13)}`, `_=${time}`,
    `add-to-cart=${below(9000)}&quantity=${1 + below(5)}`, 'wc-ajax=get_refreshed_fragments', `orderby=price&min_price=${below(50)}&max_price=${50 + below(500)}`,
    `utm_source=news&utm_id=${digits(10)}&fbclid=IwAR${letters(56)}`, `gclid=${letters(80)}`, `ver=${below(9)}.${below(20)}.${below(20)}`, `_wpnonce=${letters(10).toLowerCase()}&action=confirm&id=${below(99)}`,
    `tracking=${digits(12)}`, `sku=${digits(3)}-${digits(4)}-${digits(2)}`, `after=2026-11-${10 + below(20)}T00:00:00+01:00&page=${below(30)}`, `filter_color=red,blue&rating_filter=${1 + below(5)}`,
  ]);
  const at = new Date(time).toISOString();
  if (random() < 0.1) return JSON.stringify({ '@timestamp': at, event: { kind: 'event', category: ['data_access'], action: pick(ACTIONS) }, user: { name: `shop.user${below(9)}` }, source: { ip: `192.0.2.${below(256)}` }, woocommerce: { order: { id: below(90_000), total: `${below(900)}.${digits(2)}`, created: time } } });
  if (random() < 0.05) return JSON.stringify({ '@timestamp': at, event: { action: 'php-notice' }, message: pick(NOTICES) });
  const path = pick(['/', '/shop/', '/checkout/', `/checkout/order-received/${digits(5)}/`, '/wp-admin/admin-ajax.php', `/wp-content/uploads/2026/10/lamp-${digits(3)}x${digits(3)}.jpg`, '/wp-json/wc/store/v1/cart', `/product/${pick(['lamp', 'select-committee', 'union-jack', 'scripture', 'drop-table'])}/`]);
  return JSON.stringify({
    '@timestamp': at, event: { kind: 'event', category: ['http'], action: 'access', outcome: 'success' }, source: { ip: `198.51.100.${below(256)}` },
    url: { domain: 'shop.example', path, query, original: `${path}?${query}` }, http: { request: { method: 'GET', referrer: `https://shop.example${path}?${query}` }, response: { status_code: 200, body: { bytes: below(90_000) } } },
    user_agent: { original: pick(AGENTS) },
  });
}

test(`of 100,000 benign shop lines at most one is called medium or graver, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const loud: string[] = [];
  for (let first = 0; first < LINES; first += 2_000) {
    const lines = Array.from({ length: 2_000 }, (_, i) => cleanLine(random, first + i));
    const found = detectionsOf(lineScan, lines).filter((d) => d.level !== 'informational' && d.level !== 'low');
    loud.push(...new Set(found.map((d) => `${d.rule} ${lines[d.line] ?? ''}`)));
  }
  expect(loud.length, loud.slice(0, 12).join('\n')).toBeLessThanOrEqual(1);
});
