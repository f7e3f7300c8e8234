import { expect, test } from 'vitest';
import { LEVELS } from '../../contracts/pack.ts';
import { corpusRows } from '../../contracts/reference-data.ts';
import { createLineScan } from '../scan.ts';
import { detectionsOf, engineOf } from '../engine-fixture.ts';

const lineScan = createLineScan(await engineOf());

/** What signatures of level medium and above say of events: nothing, it is hoped. */
function told(events: readonly object[]): readonly string[] {
  const lines = events.map((event) => JSON.stringify(event));
  const grave = detectionsOf(lineScan, lines).filter(({ level }) => LEVELS.indexOf(level) >= LEVELS.indexOf('medium'));
  return [...new Set(grave.map(({ rule, field, line }) => `${rule} in ${field}: ${lines[line] ?? ''}`))];
}

function request(method: string, address: string, body?: string, referrer?: string): object {
  const [path, query] = address.split(/\?(.*)/s);
  return {
    event: { kind: 'event', category: 'http', dataset: 'nginx.access' }, source: { ip: '198.51.100.7' }, url: { domain: 'shop.example', path, query },
    http: { request: { method, referrer, ...(body === undefined ? {} : { body: { content: body } }) }, response: { status_code: 200 } }, user_agent: { original: 'Mozilla/5.0 (X11; Linux x86_64; rv:144.0) Gecko/20100101 Firefox/144.0' },
  };
}

/** What people search for, with the words and signs that attacks are made of. */
const SEARCHES = [
  'student union select committee history', 'student union select committee type script', 'order by phone (new) between us drop leaf table', 'insert into slot exec chair c++', "form & function 1/2 inch men's lamp", 'vitamin d 50% off drop leaf table', 'learn javascript: the book',
  "rock 'n' roll or jazz", '2 or 3 seats', 'sleep well', 'smoke alert (new)', 'web form & style', 'type script', 'cats; dogs', 'id card', 'price $(usd)', "it's -- fine", '.. / ..', 'php & mysql', 'how to prevent sql injection', 'curl cream', 'bash guitar', 'ping pong', 'shell necklace', 'eval kit', 'cmd strip', 'iframe holder',
];
const ADDRESSES = [
  '/blog/what-next.../?page=2', '/help/how-to-protect-wp-config-php/', '/tag/sql-injection-explained/', '/product/shell-necklace/', '/?key=wc_order_4f2A9cQ1LmZ0x', '/?gclid=EAIaIQobChMI8aX_wcB&utm_id=4242424242424241', '/?tracking=1Z999AA10123456784', '/?redirect_to=https%3A%2F%2Fshop.example%2Fmy-account%2F%3Fx%3D1%26y%3D2',
  '/?calc=(3*4)/2', '/?formula=a%2Bb%3Dc', '/?lat=52.520008&lng=13.404954', '/wp-json/wp/v2/users/5/application-passwords', '/wp-json/wc/v3/webhooks',
];
/** Entries of PHP's log and of WordPress's: queries there are WordPress's own. */
const MESSAGES = [
  'PHP Warning:  file_get_contents(php://input): failed in /var/www/html/wp-content/plugins/x/class-y.php on line 364', 'cURL error 28: Operation timed out after 5001 milliseconds with 0 bytes received',
  "WordPress database error Deadlock found when trying to get lock; try restarting transaction for query UPDATE `wp_options` SET `option_value` = '1' WHERE `option_name` = 'cron' made by wp_cron",
  "WordPress database error Table 'wp.wp_x' doesn't exist for query SELECT a.action_id FROM wp_x a LEFT JOIN wp_y g ON g.group_id = a.group_id WHERE 1=1 AND a.status IN ('pending') ORDER BY a.scheduled_date_gmt ASC LIMIT 0, 25 made by shutdown_action_hook",
  "WordPress database error Unknown column 'p.menu_order' in 'order clause' for query SELECT p.ID FROM wp_posts p WHERE p.post_type = 'product' AND p.post_title LIKE '%union%' OR p.post_excerpt LIKE '%select%' GROUP BY p.ID made by WP_Query->get_posts",
  'PHP Fatal error:  Uncaught Error: Call to undefined function wc_get_order() in /var/www/html/x.php:12\nStack trace:\n#0 /var/www/html/x.php(12): do_action(\'init\')\n#1 {main}',
];
const QUERIES = [
  "INSERT INTO wp_actionscheduler_logs (action_id, message) VALUES (892, 'action complete')", "SELECT option_value FROM wp_options WHERE option_name = '_transient_x' LIMIT 1",
  "SELECT t.* FROM wp_terms AS t WHERE t.slug IN ('product_cat') UNION ALL SELECT t.* FROM wp_terms AS t WHERE t.name LIKE '%sale%'",
];
const BODIES = [
  `action=customize_save&customized=${encodeURIComponent(JSON.stringify({ 'custom_css[x]': '@import url("https://fonts.example/css2?family=Inter:wght@400;700&display=swap");\n/* -- header -- */\nbody{margin:0;font:16px/1.5 system-ui}\n.x{width:calc(100% - (2 * 1em))}\n.union>.drop{color:#c0ffee;background:rgba(0,0,0,.5)}\na[href^="https"]::after{content:"\\2197"}\n/* -- header -- */' }))}`,
  JSON.stringify({ message: 'Unhandled rejection: document.cookie is blocked', stack: 'at Object.onload (https://shop.example/app.min.js?ver=0.8:1:2963)' }),
  JSON.stringify({ content: '<!-- wp:paragraph {"align":"center"} --><p class="x">Select yours &amp; <b>save</b>; it\'s 2 or 3 days -- thanks</p><!-- /wp:paragraph --><!-- wp:image --><img src="https://shop.example/a.jpg" alt="" class="wp-image-12"/><!-- /wp:image -->' }),
];

/** What people write to a shop. */
const LETTERS = [
  'Olvide el mensaje anterior, ya encontré las instrucciones.', 'Vergessen Sie meine letzte Nachricht.', 'Ignori il mio ultimo messaggio.', 'Ignorez mon dernier message, merci.', 'Proszę zignorować poprzednią wiadomość.', 'Vergeet mijn vorige bericht.', 'Forget my previous message, I found the instructions.',
  'Ignore the instructions in the manual, it assembles easily.', 'The system prompted me to log in twice.', 'System und Anleitung passen nicht zusammen.', 'Please select the blue one from the list and drop me a line.', 'The script on the label says 1=1 litre, which is odd.', 'How do I use onclick with your app?', 'My cat; my dog & I love it <3',
];

test('searches, addresses and referrers in the words of attacks are silent', () => {
  const addresses = [...SEARCHES.flatMap((text) => [`/?s=${encodeURIComponent(text)}`, `/?s=${encodeURIComponent(text).replaceAll('%20', '+')}&post_type=product`]), ...ADDRESSES];
  expect(told(addresses.flatMap((address) => [request('GET', address), request('GET', '/cart/', undefined, `https://shop.example${address}`)]))).toEqual([]);
});

test('logs of PHP and queries of a database are silent', () => {
  expect(told([...MESSAGES.map((message) => ({ event: { dataset: 'wordpress.debug' }, message })), ...QUERIES.map((text) => ({ event: { category: 'database', dataset: 'mysql.slowlog' }, db: { query: { text } } }))])).toEqual([]);
});

test('styles, error reports and texts of the block editor are silent', () => {
  expect(told(BODIES.map((body) => request('POST', '/wp-json/wp/v2/pages/7', body)))).toEqual([]);
});

test('letters, reviews and notes are silent', () => {
  const fields = ['wordpress.form.message', 'wordpress.comment.content', 'woocommerce.order.note', 'email.body', 'ai.prompt'];
  expect(told(LETTERS.flatMap((text) => fields.map((field) => ({ event: { dataset: 'wordpress.audit' }, [field]: text }))))).toEqual([]);
});

interface Recorded {
  readonly method: string;
  readonly uri: string;
  readonly body: string;
}

// The rows are of our own recording.
const recorded = corpusRows('woocommerce/requests.ndjson') as readonly Recorded[] | undefined;

// Without the recording there is nothing to look at.
test.skipIf(recorded === undefined)('every recorded request of a shop is silent, its body too', () => { // The corpora are absent on a user's machine; in CI that is an error.
  expect(told((recorded ?? []).map(({ method, uri, body }) => request(method, uri, body)))).toEqual([]);
});
