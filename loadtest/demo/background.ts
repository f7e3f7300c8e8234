import type { Random } from '../../contracts/seeded-random.ts';
import { customersShown } from './customers.ts';
import { accessLine, auditLine, debugLine, visitorAddress } from './line.ts';
import type { DemoLine } from './line.ts';
import type { Shop } from './shops.ts';
import { AGENTS, atWork } from './shops.ts';

const DAY_MS = 86_400_000;

/** What a visitor's browser asks for, with the parameter names of a real shop. */
function visit(shop: Shop, random: Random): string {
  const product = random.pick(shop.products);
  return random.pick([
    '/',
    '/shop/',
    `/product/${product}/`,
    `/product/${product}/?attribute_pa_size=${random.pick(['s', 'm', 'l'])}`,
    `/?s=${product.replaceAll('-', '+')}`,
    `/shop/?orderby=price&paged=${1 + random.below(9)}`,
    '/cart/',
    `/?add-to-cart=${100 + random.below(900)}&quantity=${1 + random.below(3)}`,
    '/checkout/',
    '/?wc-ajax=get_refreshed_fragments',
    '/?wc-ajax=update_order_review',
    `/checkout/order-received/${10_000 + random.below(9_000)}/?key=wc_order_${random.digits(13)}`,
    '/my-account/',
    `/wp-content/uploads/2026/10/${product}.jpg`,
    `/wp-content/plugins/woocommerce/assets/css/woocommerce.css?ver=7.9.0`,
    `/wp-json/wc/store/v1/products?per_page=20&page=${1 + random.below(5)}`,
  ]);
}

function staffAction(shop: Shop, at: number, random: Random): DemoLine {
  const who = atWork(shop, random.pick(shop.staff));
  const order = 10_000 + random.below(9_000);
  const one = customersShown(shop, order, 1);
  const list = customersShown(shop, order, 20);
  return random.pick([
    auditLine(shop, at, { category: 'data_access', action: 'order-viewed', ...who, wordpress: { data: one.data }, fields: { woocommerce: { order: { id: order } }, subjects: one.subjects } }),
    auditLine(shop, at, { category: 'data_access', action: 'order-list-viewed', ...who, wordpress: { data: list.data }, fields: { woocommerce: { list: { count: 20 } }, subjects: list.subjects } }),
    auditLine(shop, at, { category: 'database', action: 'order-updated', ...who, fields: { woocommerce: { order: { id: order, status: 'completed' } } } }),
    auditLine(shop, at, { category: 'authentication', action: 'user-login', ...who }),
    auditLine(shop, at, { category: 'payment', action: 'payment-complete', ...who, fields: { woocommerce: { order: { id: order }, payment: { gateway: 'stripe' } } } }),
    auditLine(shop, at, { category: 'outbound', action: 'http-request', ...who, wordpress: { plugin: { slug: 'woocommerce' } }, fields: { destination: { domain: 'api.wordpress.org' } } }),
  ]);
}

const NOTICES = [
  'PHP Notice:  Function _load_textdomain_just_in_time was called incorrectly. in /var/www/html/wp-includes/functions.php on line 6121',
  'PHP Deprecated:  Creation of dynamic property is deprecated in /var/www/html/wp-content/plugins/booking/class-slot.php on line 88',
  'PHP Warning:  Undefined array key "billing_company" in /var/www/html/wp-content/plugins/invoices/pdf.php on line 212',
  'Cron reschedule event error for hook: wc_admin_daily, Error code: could_not_set',
];

/** A quiet day of one shop: `visits` page views and, beside them, staff at work and a little debug log. */
export function* backgroundOf(shop: Shop, dayStart: number, visits: number, random: Random): Generator<DemoLine> {
  for (let i = 0; i < visits; i++) {
    const at = dayStart + Math.floor(((i + random()) / visits) * DAY_MS);
    yield accessLine(shop, at, { address: visitorAddress(random), target: visit(shop, random), bytes: 400 + random.below(40_000), agent: random.pick(AGENTS), status: random() < 0.97 ? 200 : 404 });
    if (random() < 0.08) yield staffAction(shop, at + 1, random);
    if (random() < 0.01) yield debugLine(shop, at + 2, random.pick(NOTICES));
  }
}
