/**
 * How often a text is likely to stand in a line of web or WordPress logs: what makes one part of a rule a better trigger
 * than another. A wrong guess costs time, never a match.
 */

/** Of a line. */
const TYPICAL_BYTES = 430;
/** What one more text to look for costs, beside its hits: in hits a line. */
const UPKEEP = 3e-5;
/** Hyperscan pays for texts this short on every line, hit or not. */
const SHORT_BYTES = 4;
const SHORT_PRICE = 0.01;
/** Of an empty text under a known key. */
export const EMPTY_PRICE = 0.002;
/** Of a key of which we know nothing. */
const UNKNOWN_KEY = 0.003;
/** Of a text of which many lines hold one of its kind. */
const IN_MANY = 0.1;

/** Printable ASCII, lower case, by how many bits one of it is worth: as seen in access logs, audit events and recorded shop requests, letters as in words. */
const BITS: readonly (readonly [bits: number, characters: string])[] = [
  [3, 'etaoinsrlc"0123456789:'], [4, 'dpumghb.-/ ,'], [5, 'fywkv'], [6, '_{}\\xjqz;()='], [8, '+`~^#|$!*<>'], [9, "[]@&?%'"],
];

const BITS_OF = new Map(BITS.flatMap(([bits, characters]) => [...characters].map((character) => [character, bits] as const)));

/** Keys of our events and of W3C's extended log format. */
const KEYS = [
  '@timestamp', 'c-ip', 'cs-method', 'cs-host', 'cs-uri', 'cs-uri-stem', 'cs-uri-query', 'c-uri', 'c-uri-query', 'cs-user-agent', 'c-useragent', 'cs-referer', 'cs-referrer', 'cs-version', 'cs-cookie', 'cs-username', 'sc-status', 'sc-bytes', 's-ip', 's-port', 'src_ip', 'dst_ip', 'r-dns',
  'event.kind', 'event.category', 'event.action', 'event.outcome', 'event.dataset', 'event.module', 'source.ip', 'client.ip', 'url.domain', 'url.path', 'url.query', 'url.original', 'url.full', 'http.version', 'http.request.method', 'http.request.referrer', 'http.response.status_code', 'http.response.body.bytes',
  'user_agent.original', 'user.name', 'user.id', 'message', 'log.level', 'host.name', 'service.type', 'wordpress', 'woocommerce', 'subjects', 'type', 'token',
].flatMap((name) => name.split('.').map((key) => `"${key}"`).concat(`"${name}"`));

/** Values that stand in about every line. */
const EVERYWHERE: readonly string[] = [
  '"get"', '"/', '"-"', '"http/1.1"', '"https://www.', '"200"', '"event"', '"http"', '"access"', '"success"', 't00:00:00.000z"',
  '"mozilla/5.0 (windows nt 10.0; win64; x64) applewebkit/537.36 (khtml, like gecko) chrome/126.0.0.0 safari/537.36"', '"mozilla/5.0 (x11; linux x86_64; rv:126.0) gecko/20100101 firefox/126.0"',
  '"mozilla/5.0 (macintosh; intel mac os x 10_15_7) applewebkit/605.1.15 (khtml, like gecko) version/17.5 safari/605.1.15"', '"mozilla/5.0 (compatible; googlebot/2.1; +http://www.google.com/bot.html)"',
];

const OFTEN: readonly string[] = [
  '(iphone; cpu iphone os 17_5_1 like mac os x) applewebkit/605.1.15 (khtml, like gecko) version/17.5 mobile/15e148 safari/604.1', '(linux; android 14; k) applewebkit/537.36 chrome/126.0.0.0 mobile safari/537.36',
  '/wp-content/plugins/woocommerce/assets/', '/wp-content/themes/', '/wp-content/uploads/2026/', '/wp-includes/js/jquery/jquery.min.js', '/wp-admin/admin-ajax.php', '/wp-admin/edit.php', '/wp-login.php', '/wp-cron.php', '/wp-json/wp/v2/posts', '/wp-json/wc/store/v1/cart',
  '/index.php', '/index.html', '/favicon.ico', '/robots.txt', '.css?ver=', '.js?ver=', '/product/', '/product-category/', '/shop/', '/cart/', '/checkout/', '/my-account/', '/blog/', '/search', '/api/', '/login', '/admin', '/user',
  '.js"', '.css"', '.php"', '.html"', '.json"', '.jpg"', '.png"', '.gif"', '.svg"', '.webp"', '.xml"', '.txt"', '.ico"', '.zip"', '.pdf"', '"post"', '"head"', '"put"', '"options"', '"301"', '"302"', '"304"', '"403"', '"404"', '"500"', '"true"', '"false"',
  'add-to-cart=', 'wc-ajax=', 'utm_source=', 'utm_campaign=', 'page=', 'post_type=', 'action=', 'orderby=', 'version', 'order', 'wordpress/6.6', 'update', 'https://www.google.com/', '.example',
  'failure', 'authentication', 'iam', 'data_access', 'configuration', 'password', 'session', 'failed', 'error', 'warning', 'notice', 'php', 'mysql', 'select', 'system', 'file', 'windows', 'linux', 'download', 'upload', 'microsoft',
];

/** What many audit events are about, who acts in them and what they mostly say was done: a rule that asks for more has a better trigger. */
const IN_AUDIT: ReadonlySet<string> = new Set([
  'authentication', 'iam', 'session', 'data_access', 'data_export', 'database', 'payment', 'outbound', 'email', 'ai', 'configuration', 'file',
  'administrator', 'editor', 'shop_manager', 'customer', 'user-login', 'order-viewed', 'order-list-viewed', 'order-created', 'order-updated', 'payment-complete', 'http-request', 'mail-sent',
].map((word) => `"${word}"`));
/** Keys of such events alone. */
const AUDIT_KEYS = ['session', 'hash', 'actor', 'known', 'place', 'device', 'habit', 'request', 'response', 'data', 'classes', 'fields', 'records', 'plugin', 'slug', 'outbound', 'region', 'purpose', 'destination', 'roles'].map((key) => `"${key}"`);
/** Of either: few of all lines are audit events, but of these many hold it. */
const IN_SOME = 0.016;

/** A whole text so short is rarer than its characters: quotes come in pairs, and few texts are of one length. */
const SHORT_WHOLE = /^"[^"]{1,4}"$/;
const SHORT_WHOLE_BITS = 4;

function chanceOf(text: string): number {
  let bits = SHORT_WHOLE.test(text) ? SHORT_WHOLE_BITS : 0;
  for (const character of text) bits += BITS_OF.get(character) ?? 10;
  return Math.min(1, TYPICAL_BYTES * 2 ** -bits);
}

/** Hits a line that looking for a literal of values (lower case, printable ASCII) is likely to give, upkeep included. At most about 1. */
export function priceOfLiteral(text: string): number {
  const known = EVERYWHERE.some((often) => often.includes(text)) ? 1 : OFTEN.some((often) => often.includes(text)) ? IN_MANY : IN_AUDIT.has(text) ? IN_SOME : 0;
  return Math.max(chanceOf(text), known) + UPKEEP + (text.length < SHORT_BYTES ? SHORT_PRICE : 0);
}

/** The same for the end of a key with its closing quote. */
export function priceOfKey(text: string): number {
  const known = KEYS.some((key) => key.endsWith(text)) ? 1 : AUDIT_KEYS.some((key) => key.endsWith(text)) ? IN_SOME : UNKNOWN_KEY;
  return Math.max(chanceOf(text), known) + UPKEEP;
}
