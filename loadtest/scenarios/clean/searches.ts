import type { Random } from '../../../contracts/seeded-random.ts';
import { word } from '../clock.ts';
import { visitor } from '../background/visitors.ts';
import { request } from '../scenario-event.ts';
import { SITES } from '../sites.ts';
import { NOTHING } from './clean-source.ts';
import type { CleanSource } from './clean-source.ts';

/** What people search for, with the words and signs that attacks are made of. */
const PHRASES = [
  'student union select committee history', 'credit union', 'select a size', 'drop leaf table', 'lamp', 'order by phone', 'image', 'onload', "rock 'n' roll or jazz", '2 or 3 seats', 'size 10 and 12', 'sleep well', 'eye system', 'cat food', 'vitamin d',
  'smoke alert (new)', 'facial expression (art)', 'web form & style', 'where to buy', 'top 10', 'null', 'into the wild', 'update set', "men's", 'form & function', 'size=m', '50% off', 'age > 3', 'c++', 'a/b', '#1', 'jane+co', '"best"', '(new)', 'x;y', 'wait...',
  '--', 'love <3', 'type script', 'cats; dogs', 'id card', '1/2 inch', 'price $(usd)', 'benchmark of shops', 'group by colour', "it's -- fine", '.. / ..', 'sql for dummies', 'learn javascript: the book', 'php & mysql', 'how to prevent sql injection', 'insert into slot', 'delete key cap',
  'union jack flag', 'exec chair', 'concat adapter', 'char siu', 'alter bridge', 'having fun', 'between us', 'like new', 'admin desk', 'passwd book', 'etc pp', 'script font', 'iframe holder', 'base64 mug', 'curl cream', 'bash guitar', 'ping pong', 'root beer', 'shell necklace', 'eval kit', 'system 32 pack', 'cmd strip',
];

function query(random: Random): string {
  const words = Array.from({ length: 1 + random.below(4) }, () => random.pick(PHRASES)).join(' ');
  return random.pick([
    `s=${encodeURIComponent(words).replaceAll('%20', '+')}`, `s=${encodeURIComponent(words)}&post_type=product`, `key=wc_order_${random.digits(13)}`, `key=wc_order_${word(random, 13)}`, `_=${1_795_234_406_123 + random.below(1e9)}`, `add-to-cart=${random.below(9000)}&quantity=${1 + random.below(5)}`,
    `orderby=price&min_price=${random.below(50)}&max_price=${50 + random.below(500)}`, `utm_source=news&utm_id=${random.digits(10)}&fbclid=IwAR${word(random, 56)}`, `gclid=${word(random, 80)}`, `ver=${random.below(9)}.${random.below(20)}.${random.below(20)}`,
    `_wpnonce=${word(random, 10).toLowerCase()}&action=confirm&id=${random.below(99)}`, `tracking=${random.digits(12)}`, `sku=${random.digits(3)}-${random.digits(4)}-${random.digits(2)}`, `after=2026-11-${10 + random.below(20)}T00:00:00+01:00&page=${random.below(30)}`,
    `filter_color=red,blue&rating_filter=${1 + random.below(5)}`, `msclkid=${word(random, 32, '0123456789abcdef')}`, `redirect_to=${encodeURIComponent('https://shop.example/my-account/?x=1&y=2')}`, `lat=52.5${random.digits(5)}&lng=13.4${random.digits(5)}`, `t=${word(random, 8)}-${word(random, 4)}-${word(random, 12)}`,
    `__cf_chl_rt_tk=${word(random, 43)}-1795234406-0.0.1.1-${word(random, 12)}`, `ean=${random.digits(13)}`, `v=${word(random, 11)}&list=PL${word(random, 32)}`, `calc=(${random.below(9)}*${random.below(9)})/2`, `formula=a%2Bb%3Dc`,
  ]);
}

const PATHS = [
  '/', '/shop/', '/checkout/', '/wp-admin/admin-ajax.php', '/wp-json/wc/store/v1/cart', '/product/select-committee/', '/product/union-jack/', '/product/scripture/', '/product/drop-table/',
  '/blog/what-next.../', '/help/how-to-protect-wp-config-php/', '/tag/sql-injection-explained/', '/product/shell-necklace/',
] as const;

export const searches: CleanSource = {
  name: 'searches and parameters', share: 240,
  make(random) {
    const site = random.pick(SITES);
    const path = random.pick(PATHS);
    return {
      event: request(site, 1_795_234_406_123, visitor(random), `GET ${path}?${query(random)}`, { bytes: 300 + random.below(90_000), referrer: `https://${site.domain}${path}?${query(random)}` }).event,
      holds: NOTHING,
    };
  },
};
