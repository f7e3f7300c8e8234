import { word } from '../clock.ts';
import { visitor } from '../background/visitors.ts';
import { act, phpLog, request } from '../scenario-event.ts';
import { SITES } from '../sites.ts';
import { NOTHING } from './clean-source.ts';
import type { CleanSource } from './clean-source.ts';

const RULES = [
  'body{margin:0;font:16px/1.5 system-ui}', '.wp-block-button__link:hover{background:url(data:image/svg+xml;base64,PHN2ZyB4bWxucz0i)}', '@media (max-width:600px){.cart td{display:block}}',
  '.select2-container{z-index:99}', 'a[href^="https"]::after{content:"\\2197"}', '#order_review table.shop_table{width:100%}', '.union>.drop{color:#c0ffee;background:rgba(0,0,0,.5)}',
  '@import url("https://fonts.example/css2?family=Inter:wght@400;700&display=swap");', '.script-font{font-family:"Segoe Script",cursive}', '@keyframes sleep{from{opacity:1}to{opacity:0}}',
  '/* -- header -- */', '.x{width:calc(100% - (2 * 1em))}',
] as const;

/** The customizer saves CSS. */
export const themeCss: CleanSource = {
  name: 'theme CSS', share: 20,
  make(random) {
    const site = random.pick(SITES);
    const css = Array.from({ length: 2 + random.below(10) }, () => random.pick(RULES)).join('\n');
    return {
      event: request(site, 1_795_234_406_123, { ip: site.staff[0]?.office ?? '', agent: site.staff[0]?.agent ?? '' }, 'POST /wp-admin/admin-ajax.php', { body: new URLSearchParams({
        action: 'customize_save', customize_theme: 'storefront', customized: JSON.stringify({ 'custom_css[storefront]': css }), nonce: word(random, 10, '0123456789abcdef'),
      }).toString() }).event,
      holds: NOTHING,
    };
  },
};

const SCRIPT_ERRORS = [
  "TypeError: Cannot read properties of undefined (reading 'addEventListener')", 'ReferenceError: jQuery is not defined', 'Script error.', "SyntaxError: Unexpected token '<'",
  "Uncaught (in promise) NotAllowedError: play() failed because the user didn't interact with the document first", 'ResizeObserver loop limit exceeded', "Failed to execute 'insertBefore' on 'Node'",
  'Unhandled rejection: document.cookie is blocked',
] as const;

/** A browser tells of an error in a script. */
export const scriptErrors: CleanSource = {
  name: 'script errors', share: 30,
  make(random) {
    const site = random.pick(SITES);
    const file = `https://${site.domain}/wp-content/plugins/${random.pick(site.plugins)}/assets/app.min.js?ver=${random.below(9)}.${random.below(9)}`;
    const body = JSON.stringify({
      message: random.pick(SCRIPT_ERRORS), stack: `at Object.onload (${file}:1:${random.below(90_000)})\n    at HTMLDocument.<anonymous> (${file}:2:${random.below(900)})`,
      url: `https://${site.domain}/product/${random.pick(site.products)}/`, release: word(random, 40, '0123456789abcdef'),
    });
    return { event: request(site, 1_795_234_406_123, visitor(random), 'POST /wp-json/errors/v1/report', { body, bytes: 2 }).event, holds: NOTHING };
  },
};

const COMPLAINTS = [
  'PHP Notice:  Undefined variable $data in {file} on line {n}', 'PHP Warning:  Undefined array key "billing_company" in {file} on line {n}', 'PHP Fatal error:  Uncaught Error: Call to undefined function wc_get_order() in {file}:{n}\nStack trace:\n#0 {file}({n}): do_action(\'init\')\n#1 {main}\n  thrown in {file} on line {n}',
  'PHP Deprecated:  Return type of WC_Meta::offsetGet($offset) should be compatible in {file} on line {n}', "WordPress database error Deadlock found when trying to get lock; try restarting transaction for query UPDATE `wp_options` SET `option_value` = '{n}' WHERE `option_name` = 'cron' made by wp_cron",
  "WordPress database error Table 'wp.wp_actionscheduler_logs' doesn't exist for query SELECT a.action_id FROM wp_actionscheduler_actions a LEFT JOIN wp_actionscheduler_groups g ON g.group_id = a.group_id WHERE 1=1 AND a.status IN ('pending') ORDER BY a.scheduled_date_gmt ASC LIMIT 0, 25 made by shutdown_action_hook",
  "WordPress database error Unknown column 'p.menu_order' in 'order clause' for query SELECT p.ID FROM wp_posts p WHERE p.post_type = 'product' AND p.post_title LIKE '%union%' OR p.post_excerpt LIKE '%select%' GROUP BY p.ID made by WP_Query->get_posts", 'Cron reschedule event error for hook: wc_admin_daily, Error code: could_not_set', 'Mail to customer queued (id {n})', 'cURL error 28: Operation timed out after 5001 milliseconds with 0 bytes received',
  'include(/var/www/html/wp-content/themes/old/header.php): Failed to open stream: No such file or directory in {file} on line {n}', 'PHP Warning:  file_get_contents(php://input): failed in {file} on line {n}', 'Array\n(\n    [id] => {n}\n    [status] => processing\n)',
] as const;

/** What PHP and WordPress write into their logs. */
export const phpLogs: CleanSource = {
  name: 'PHP and debug logs', share: 70,
  make(random) {
    const site = random.pick(SITES);
    const message = random.pick(COMPLAINTS).replaceAll('{file}', `/var/www/html/wp-content/plugins/${random.pick(site.plugins)}/includes/class-${word(random, 6).toLowerCase()}.php`).replaceAll('{n}', () => String(1 + random.below(900)));
    return { event: phpLog(site, 1_795_234_406_123, message, random.pick(['wordpress.debug', 'php.error'])).event, holds: NOTHING };
  },
};

/** Slow queries that a database log holds. */
export const queries: CleanSource = {
  name: 'database queries', share: 30,
  make(random) {
    const site = random.pick(SITES);
    const query = random.pick([
      "SELECT SQL_CALC_FOUND_ROWS wp_posts.ID FROM wp_posts LEFT JOIN wp_term_relationships ON (wp_posts.ID = wp_term_relationships.object_id) WHERE 1=1 AND wp_posts.post_type = 'product' GROUP BY wp_posts.ID ORDER BY wp_posts.post_date DESC LIMIT 0, 16",
      `SELECT option_value FROM wp_options WHERE option_name = '_transient_${word(random, 20)}' LIMIT 1`, `INSERT INTO wp_actionscheduler_logs (action_id, message) VALUES (${random.below(9_999)}, 'action complete')`, `UPDATE wp_wc_orders SET status = 'wc-completed' WHERE id = ${random.below(90_000)}`,
      `DELETE FROM wp_woocommerce_sessions WHERE session_expiry < ${1_795_000_000 + random.below(999_999)}`, "SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id WHERE tt.taxonomy IN ('product_cat') UNION ALL SELECT t.*, tt.* FROM wp_terms AS t INNER JOIN wp_term_taxonomy AS tt ON t.term_id = tt.term_id WHERE t.name LIKE '%sale%'",
    ]);
    return {
      event: { ...act(site, 1_795_234_406_123, 'database/query', {}, { fields: { 'event.dataset': 'mysql.slowlog', 'db.query.text': query, 'event.duration': random.below(9e9) } }).event },
      holds: NOTHING,
    };
  },
};
