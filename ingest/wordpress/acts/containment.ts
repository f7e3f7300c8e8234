import { inputOf } from '../test-site/browser.ts';
import { PEOPLE } from '../test-site/people.ts';
import { applied, obeys, order, refused, undo, undone } from '../test-site/signed-order.ts';
import type { ExpectedEvent, Stage, UserAct } from '../test-site/user-act.ts';

const { administrator, manager, editor } = PEOPLE;

const denied: ExpectedEvent = { category: 'configuration', action: 'containment-denied', fields: { 'event.outcome': 'denied' } };

function must(isSo: boolean, otherwise: string): void {
  if (!isSo) throw new Error(otherwise);
}

/** Code that calls what only the plugin akismet has. */
function needsAkismet(when: string): string {
  return `require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('akismet/akismet.php'); wp_mkdir_p(WPMU_PLUGIN_DIR);
    file_put_contents(WPMU_PLUGIN_DIR . '/needs-akismet.php', '<?php add_action("wp", function () { if (${when}) { Akismet::get_api_key(); } });');`;
}

async function statusOf(stage: Stage, path: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return (await stage.site.browser(headers).get(path)).status;
}

export const ACTS: readonly UserAct[] = [
  {
    title: 'a command without a dry run on a site in dry-run is only planned',
    prepare: (stage) => obeys(stage, 'dry-run'),
    act: async (stage) => {
      await order(stage, 'block-route', '/wp-json/wp/v2/users');
      must(await statusOf(stage, '/wp-json/wp/v2/users') === 200, 'a dry run blocked');
    },
    expect: [{ category: 'configuration', action: 'containment-planned', fields: { 'event.reason': 'site-in-dry-run', 'wordpress.containment.action': 'block-route', 'wordpress.target.name': '/wp-json/wp/v2/users' } }],
    silent: [{ category: 'configuration', action: 'containment-applied' }],
  },
  {
    title: 'a blocked route answers nobody, by none of its addresses, until it is undone',
    on: ['single', 'network'],
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      const counter = await order(stage, 'block-route', '/wp-json/wp/v2/users');
      for (const path of ['/wp-json/wp/v2/users', '/WP-JSON//wp/v2/users/1', '/?rest_route=/wp/v2/users', '/index.php/wp-json/wp/v2/users', '/wp-json/wp/v2/x/../users']) {
        const status = await statusOf(stage, path);
        must(status === 403 || status === 404, `${path} answered ${status}`);
      }
      must(await statusOf(stage, '/wp-json/wp/v2/posts') === 200, 'another route is blocked, too');
      await undo(stage, counter);
      must(await statusOf(stage, '/wp-json/wp/v2/users') === 200, 'the route is still blocked');
    },
    expect: [...applied('block-route', { 'wordpress.target.kind': 'route', 'wordpress.target.name': '/wp-json/wp/v2/users' }), { ...denied, times: 1 }, undone],
  },
  {
    title: 'a measure ends by its time limit',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      await order(stage, 'block-route', '/wp-json/wp/v2/tags', { lasts_s: 1 });
      await new Promise((resolve) => setTimeout(resolve, 2000));
      must(await statusOf(stage, '/wp-json/wp/v2/tags') === 200, 'the route is still blocked');
    },
    expect: [{ category: 'configuration', action: 'containment-expired', fields: { 'wordpress.containment.action': 'block-route' }, times: 1 }],
  },
  {
    title: 'a suspended account is logged out and cannot log in again, by password, cookie or application password',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await obeys(stage);
      await stage.as(editor, true);
    },
    act: async (stage) => {
      const [browser, basic] = [await stage.site.loggedIn(editor), await stage.site.applicationPassword(editor, 'drill')];
      const counter = await order(stage, 'suspend-sessions', editor.login);
      must((await browser.get('/wp-admin/profile.php')).text.includes('user_login'), 'the session still opens the profile');
      const again = stage.site.browser();
      await again.logIn(editor);
      must(!again.isLoggedIn(), 'the password still logs in');
      must((await stage.site.browser().rest('GET', '/wp/v2/users/me', { basic })).status === 401, 'the application password still works');
      await undo(stage, counter);
      await again.logIn(editor);
      must(again.isLoggedIn(), 'the account is still suspended');
    },
    expect: [...applied('suspend-sessions', { 'wordpress.target.kind': 'user', 'wordpress.target.name': editor.login }), denied, undone],
  },
  {
    title: 'an account is suspended by the token that names it on the log',
    prepare: async (stage) => {
      await obeys(stage);
      stage.notes.set('token', (await stage.site.php(`echo Tourniquet\\Plugin::get()->journal()->context()->nameOf(get_user_by('login', '${PEOPLE.customer.login}'));`)).trim());
    },
    act: async (stage) => {
      const counter = await order(stage, 'suspend-sessions', stage.notes.get('token') ?? '');
      const browser = stage.site.browser();
      await browser.logIn(PEOPLE.customer);
      must(!browser.isLoggedIn(), 'the customer still logs in');
      await undo(stage, counter);
    },
    expect: applied('suspend-sessions', { 'wordpress.target.name': /^[a-p]{24}$/ }),
  },
  {
    title: 'an application password is revoked',
    prepare: async (stage) => {
      await obeys(stage);
      stage.notes.set('basic', await stage.site.applicationPassword(manager, 'till'));
      stage.notes.set('uuid', (await stage.site.php(`echo end(...[WP_Application_Passwords::get_user_application_passwords(get_user_by('login', '${manager.login}')->ID)])['uuid'];`)).trim());
    },
    act: async (stage) => {
      await order(stage, 'revoke-application-password', stage.notes.get('uuid') ?? '', { lasts_s: 0 });
      must((await stage.site.browser().rest('GET', '/wp/v2/users/me', { basic: stage.notes.get('basic') ?? '' })).status === 401, 'it still works');
    },
    expect: applied('revoke-application-password', { 'wordpress.target.kind': 'key', 'wordpress.target.name': /^[0-9a-f-]{36}$/ }),
  },
  {
    title: 'a REST key of the shop opens nothing until it is given back',
    on: ['single', 'hpos'],
    prepare: async (stage) => {
      await obeys(stage);
      stage.notes.set('rest-key', (await stage.site.php(`global $wpdb; $wpdb->insert($wpdb->prefix . 'woocommerce_api_keys', ['user_id' => get_user_by('login', '${manager.login}')->ID, 'description' => 'till', 'permissions' => 'read', 'consumer_key' => wc_api_hash('ck_0000000000000000000000000000000000000000'), 'consumer_secret' => 'cs_0000000000000000000000000000000000000000', 'truncated_key' => '0000000']); echo $wpdb->insert_id;`)).trim());
    },
    act: async (stage) => {
      const status = async (): Promise<number> => (await stage.site.browser().rest('GET', '/wc/v3/orders', { basic: 'ck_0000000000000000000000000000000000000000:cs_0000000000000000000000000000000000000000', query: { per_page: '1' } })).status;
      must(await status() === 200, 'the key does not work');
      const counter = await order(stage, 'revoke-api-key', `wc:${stage.notes.get('rest-key') ?? ''}`);
      must(await status() === 401, 'the key still works');
      await undo(stage, counter);
      must(await status() === 200, 'the key did not come back');
    },
    expect: [...applied('revoke-api-key', { 'wordpress.target.kind': 'key', 'wordpress.target.name': /^wc:\d+$/ }), undone],
    restore: (stage) => stage.site.php(`global $wpdb; $wpdb->delete($wpdb->prefix . 'woocommerce_api_keys', ['key_id' => ${stage.notes.get('rest-key') ?? '0'}]);`),
  },
  {
    title: 'a disabled plugin stays off until it is undone, and comes back as it was',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await obeys(stage);
      await stage.site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('akismet/akismet.php', '', is_multisite());`);
    },
    act: async (stage) => {
      const isActive = async (): Promise<boolean> => (await stage.site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php'; echo is_plugin_active('akismet/akismet.php') ? 'on' : 'off';`)) === 'on';
      const counter = await order(stage, 'disable-plugin', 'akismet');
      must(!await isActive(), 'the plugin is still on');
      await stage.site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php'; activate_plugin('akismet/akismet.php', '', is_multisite());`);
      must(!await isActive(), 'the plugin can be switched on again');
      await undo(stage, counter);
      must(await isActive(), 'the plugin did not come back');
    },
    expect: [...applied('disable-plugin', { 'wordpress.target.kind': 'plugin', 'wordpress.target.name': 'akismet' }), undone],
    restore: (stage) => stage.site.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins(['akismet/akismet.php'], false, is_multisite());`),
  },
  {
    title: 'a plugin whose absence breaks the home page comes back at once',
    prepare: async (stage) => {
      await obeys(stage);
      await stage.site.php(needsAkismet('true'));
    },
    act: async (stage) => {
      await order(stage, 'disable-plugin', 'akismet');
      must(await statusOf(stage, '/') === 200, 'the home page is broken');
    },
    expect: refused('site-failed'),
    restore: (stage) => stage.site.php("unlink(WPMU_PLUGIN_DIR . '/needs-akismet.php');"),
  },
  {
    title: 'a plugin whose absence breaks another page comes back as soon as that is seen',
    prepare: async (stage) => {
      await obeys(stage);
      await stage.site.php(needsAkismet('isset($_GET["form"])'));
    },
    act: async (stage) => {
      await order(stage, 'disable-plugin', 'akismet');
      must(await statusOf(stage, '/') === 200, 'the home page is broken');
      must(await statusOf(stage, '/?form') === 500, 'the page does not need it');
      must(await statusOf(stage, '/?form') === 200, 'the page is still broken');
    },
    expect: [...applied('disable-plugin'), { category: 'configuration', action: 'containment-undone', fields: { 'event.reason': 'site-failed' }, times: 1 }],
    restore: (stage) => stage.site.php(`unlink(WPMU_PLUGIN_DIR . '/needs-akismet.php'); require_once ABSPATH . 'wp-admin/includes/plugin.php'; deactivate_plugins(['akismet/akismet.php']);`),
  },
  {
    title: 'a blocked address is turned away, behind the trusted proxy only',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      const counter = await order(stage, 'block-address', '203.0.113.0/24');
      must(await statusOf(stage, '/', { 'x-forwarded-for': '203.0.113.9' }) === 403, 'the address is let in');
      must(await statusOf(stage, '/', { 'x-forwarded-for': '203.0.113.9, 198.51.100.7' }) === 200, 'who only says to come from there is turned away');
      must(await statusOf(stage, '/wc-api/gateway', { 'x-forwarded-for': '203.0.113.9' }) !== 403, 'a payment callback is turned away');
      await undo(stage, counter);
      must(await statusOf(stage, '/', { 'x-forwarded-for': '203.0.113.9' }) === 200, 'the address is still turned away');
    },
    expect: [...applied('block-address', { 'wordpress.target.kind': 'address', 'wordpress.target.name': '203.0.113.0/24' }), { ...denied, fields: { 'source.ip': '203.0.113.9' } }, undone],
  },
  {
    title: 'a blocked host is called no longer, nor by a redirect',
    on: ['single', 'network'],
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      stage.internet.plays('hop.example', () => ({ status: 302, headers: { location: 'http://drop.telemetry.example/x' }, body: '' }));
      const counter = await order(stage, 'block-host', 'telemetry.example');
      const calls = async (url: string): Promise<string> => stage.site.php(`$answer = wp_remote_get('${url}'); echo is_wp_error($answer) ? 'refused' : wp_remote_retrieve_response_code($answer);`);
      must(await calls('http://telemetry.example/') === 'refused', 'the host is called');
      must(await calls('http://hop.example/') === 'refused', 'a redirect leads there');
      must(stage.internet.callsTo('drop.telemetry.example').length === 0, 'it was called');
      must(await calls('http://other.example/') === '200', 'another host is blocked, too');
      await undo(stage, counter);
      must(await calls('http://telemetry.example/') === '200', 'the host is still blocked');
    },
    expect: [...applied('block-host', { 'wordpress.target.kind': 'host', 'wordpress.target.name': 'telemetry.example' }), { ...denied, fields: { 'destination.domain': 'telemetry.example' } }, undone],
  },
  {
    title: 'with exports off nobody exports, by screen or REST',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await obeys(stage);
      await stage.as(administrator);
    },
    act: async (stage) => {
      const browser = await stage.as(administrator);
      const counter = await order(stage, 'exports-off', '');
      must((await browser.get('/wp-admin/export.php?download=true&content=all')).status === 403, 'the export ran');
      must((await browser.rest('GET', '/wp/v2/users', { query: { per_page: '100' } })).status === 403, 'a long list came');
      must((await browser.rest('GET', '/wp/v2/users', { query: { per_page: '5' } })).status === 200, 'a short list is refused');
      must((await browser.ajax('woocommerce_do_ajax_product_export')).status === 403, 'the product export ran');
      await undo(stage, counter);
      must((await browser.get('/wp-admin/export.php')).status === 200, 'exports are still off');
    },
    expect: [...applied('exports-off'), denied, undone],
  },
  {
    title: 'forensics are captured as numbered events',
    prepare: async (stage) => {
      await obeys(stage);
      await stage.site.php(`file_put_contents(is_string(WP_DEBUG_LOG) ? WP_DEBUG_LOG : WP_CONTENT_DIR . '/debug.log', "PHP Warning: mail to somebody@elsewhere.example failed in x.php on line 7\\n", FILE_APPEND);`);
    },
    act: (stage) => order(stage, 'capture-forensics', '', { lasts_s: 0 }),
    expect: [
      ...applied('capture-forensics'),
      ...['plugins', 'sessions', 'changes', 'cron', 'administrators', 'debug-log'].map((part) => ({ category: 'process', action: 'forensic-capture', fields: { 'wordpress.forensics.part': part, 'event.id': /^forensics-/ } })),
      { category: 'process', action: 'forensic-capture', fields: { 'wordpress.forensics.part': 'plugins', 'wordpress.forensics.lines': (v: unknown) => /plugin:akismet \S+ \w+ [0-9a-f]{64}/.test(JSON.stringify(v)) } },
      { category: 'process', action: 'forensic-capture', fields: { 'wordpress.forensics.part': 'debug-log', 'wordpress.forensics.lines': (v: unknown) => /PHP Warning: \[text of \d+ bytes: pii\.email\] in x\.php/.test(JSON.stringify(v)) && !JSON.stringify(v).includes('elsewhere.example') } },
    ],
  },
  {
    title: 'a signed policy goes before the owner\'s settings, and its undo brings those back',
    prepare: (stage) => obeys(stage),
    act: async (stage) => {
      const policy = (): Promise<string> => stage.site.php("echo Tourniquet\\Settings::load()->get('ai_policy');");
      const counter = await order(stage, 'set-policy', '{"ai_policy":"local-only","region":["DE"]}', { lasts_s: 0 });
      must(await policy() === 'local-only', 'the policy does not hold');
      await undo(stage, counter);
      must(await policy() === 'allow', 'the policy still holds');
    },
    expect: [...applied('set-policy', { 'wordpress.target.kind': 'policy', 'wordpress.target.name': 'region,ai_policy' }), undone],
  },
  {
    title: 'measures and policy cannot be emptied by a form of WordPress or by other code',
    on: ['single', 'network'],
    prepare: async (stage) => {
      await obeys(stage);
      await stage.as(administrator);
      stage.notes.set('kept', String(await order(stage, 'block-host', 'kept.example')));
      await order(stage, 'set-policy', '{"ai_policy":"block"}', { lasts_s: 0 });
    },
    act: async (stage) => {
      if (stage.variant === 'single') {
        const browser = await stage.as(administrator);
        const page = await browser.get('/wp-admin/options.php');
        await browser.post('/wp-admin/options.php', { _wpnonce: inputOf(page.text, '_wpnonce'), action: 'update', option_page: 'options', page_options: 'tourniquet_measures,tourniquet_policy,tourniquet_administrators', tourniquet_measures: '', tourniquet_policy: '', tourniquet_administrators: 'none' });
        must(await stage.site.php("echo get_option('tourniquet_administrators') === 'none' ? 'written' : 'kept';") === 'kept', 'an option of the plugin was written by hand');
      }
      await stage.site.php("update_site_option('tourniquet_measures', []); delete_site_option('tourniquet_policy');");
      const left = await stage.site.php("echo count(Tourniquet\\Contain\\Measures::all()), Tourniquet\\Settings::load()->get('ai_policy');");
      must(/^[2-9]\d*block$/.test(left), `what is left is ${left}`);
      await order(stage, 'set-policy', '{}', { lasts_s: 0 });
      await undo(stage, Number(stage.notes.get('kept')));
    },
    expect: ['tourniquet_measures', 'tourniquet_policy'].map((name) => ({ category: 'configuration', action: 'option-updated', fields: { 'wordpress.option.name': name, 'wordpress.option.reverted': true, 'event.outcome': 'failure' } })),
  },
];
