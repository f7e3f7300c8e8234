import { afterAll, beforeAll, expect, it } from 'vitest';
import { PEOPLE } from './test-site/people.ts';
import { WordPressSite } from './test-site/wordpress-site.ts';

let site: WordPressSite;

beforeAll(async () => {
  site = await WordPressSite.start();
});
afterAll(() => site?.[Symbol.asyncDispose]());

it('answers a log-in whose name is nothing but accents', async () => {
  const name = '\u{301}\u{323}'.repeat(15_000);
  const { status } = await site.browser().send('POST', '/wp-login.php', { body: new URLSearchParams({ log: name, pwd: 'wrong' }) });
  expect(status).toBe(200);
  expect(site.events().filter((e) => e['event.action'] === 'login-failed')).toMatchObject([{ 'event.reason': 'unknown-user', 'user.name': expect.stringMatching(/^[a-p]{24}$/) as string }]);
});

it('still tells who did what, when what was done has no room on a line', async () => {
  await site.php(`wp_set_current_user(get_user_by('login', '${PEOPLE.administrator.login}')->ID); add_role('odd', 'Odd', [str_repeat('x', 60000) => true, 'manage_options' => true]);`);
  expect(site.events().filter((e) => e['event.action'] === 'role-capability-added')).toMatchObject([{ 'event.reason': 'line-too-long', 'user.name': PEOPLE.administrator.login, 'wordpress.role.name': 'odd' }]);
});

it('tells an act with a number that JSON has no name for', async () => {
  await site.php("Tourniquet\\Plugin::get()->journal()->record('payment', 'refund-created', ['woocommerce.order.id' => 7, 'woocommerce.refund.amount' => INF]);");
  expect(site.events().filter((e) => e['event.action'] === 'refund-created')).toMatchObject([{ 'woocommerce.order.id': 7 }]);
});

it('writes no name that a REST route is asked for', async () => {
  const route = "register_rest_route('clinic/v1', '/patients/(?P<name>[^/]+)', ['methods' => 'GET', 'permission_callback' => '__return_true', 'callback' => fn() => ['email' => 'jane.roe@mail.example']]);";
  await site.php(`wp_mkdir_p(WPMU_PLUGIN_DIR); file_put_contents(WPMU_PLUGIN_DIR . '/clinic.php', "<?php add_action('rest_api_init', function () { ${route} });");`);
  expect((await site.browser().get('/wp-json/clinic/v1/patients/Jane%20Roe')).status).toBe(200);
  expect(site.events().filter((e) => e['event.action'] === 'rest-read')).toMatchObject([{ 'url.path': '/wp-json/clinic/v1/patients/(name)', 'wordpress.rest.route': '/clinic/v1/patients/(name)' }]);
  expect(JSON.stringify(site.events())).not.toContain('Roe');
});
