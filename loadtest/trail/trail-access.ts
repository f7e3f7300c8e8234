import { customer, someCustomer } from './trail-people.ts';
import type { TrailScene } from './trail-events.ts';
import { isoTime } from './trail-time.ts';

const PATHS = [
  '/', '/shop/', '/cart/', '/checkout/', '/my-account/', '/my-account/orders/', '/product/vitamin-d/', '/product/omega-3/', '/product/first-aid-kit/', '/product/thermometer/', '/blog/sleeping-well/',
  '/wp-json/wc/store/v1/cart', '/wp-admin/admin-ajax.php', '/wp-content/themes/shop/style.css', '/wp-content/plugins/woocommerce/assets/css/woocommerce.css', '/wp-content/uploads/2026/10/vitamin-d.jpg',
] as const;
const QUERIES = ['', '', '', '', 's=vitamin', 'orderby=price&paged=2', 'wc-ajax=get_refreshed_fragments', 'ver=7.9.0'] as const;
const STATUSES = [200, 200, 200, 200, 200, 200, 302, 304, 404] as const;

/** A line of the web server's access log as the gateway hands it on. */
export function accessLine({ random, customers, load }: TrailScene, at: number): string {
  const { ip, agent } = customer(someCustomer(random, customers));
  const path = PATHS[Math.floor(random() * PATHS.length)] ?? '/';
  const query = QUERIES[Math.floor(random() * QUERIES.length)] ?? '';
  const status = STATUSES[Math.floor(random() * STATUSES.length)] ?? 200;
  const post = random() < 0.15;
  return `{"@timestamp":"${isoTime(at)}","event":{"kind":"event","category":["web"],"action":"http_request","outcome":"${status < 400 ? 'success' : 'failure'}","dataset":"nginx.access"},"source":{"ip":"${ip}"},"http":{"version":"1.1","request":{"method":"${post ? 'POST' : 'GET'}"},"response":{"status_code":${status},"body":{"bytes":${status === 200 ? 400 + Math.floor(random() * 40_000) : 0}}}},"url":{"domain":"${load.site}.example","path":"${path}"${query === '' ? '' : `,"query":"${query}"`}},"user_agent":{"original":"${agent}"}}\n`;
}
