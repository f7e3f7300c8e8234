import { chownSync, statSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { phpLiteral } from './test-site/php-runner.ts';
import { obeys, order, signed, undo } from './test-site/signed-order.ts';
import { OpenStage } from './test-site/stage.ts';

let stage: OpenStage;

beforeAll(async () => {
  stage = await OpenStage.open('single');
  await obeys(stage);
});
afterAll(() => stage?.[Symbol.asyncDispose]());

async function statusOf(route: string, headers: Readonly<Record<string, string>> = {}): Promise<number> {
  return (await stage.site.browser(headers).get(route)).status;
}

function inForce(): Promise<string> {
  return stage.site.php("echo implode(' ', array_keys(Tourniquet\\Contain\\Measures::all()));");
}

it('takes a command on what is in force now, not on what was when the process began', async () => {
  const undone = await order(stage, 'block-route', '/wp-json/wp/v2/tags');
  const command = await signed(stage, 'block-route', '/wp-json/wp/v2/categories');
  const inAnother = "$wpdb->update($wpdb->options, ['option_value' => 'a:0:{}'], ['option_name' => 'tourniquet_measures']);";
  await stage.site.php(`global $wpdb; Tourniquet\\Contain\\Measures::all(); ${inAnother} Tourniquet\\Plugin::get()->containment()->take(${phpLiteral([command])});`);
  expect(await inForce()).toBe(String(command.counter));
  expect(command.counter).toBe(undone + 1);
  await undo(stage, command.counter);
});

it('ends what is over without taking back what another process put in force meanwhile', async () => {
  const over = await order(stage, 'block-route', '/wp-json/wp/v2/tags', { lasts_s: 1 });
  await expect.poll(() => statusOf('/wp-login.php').then(() => inForce())).not.toContain(String(over));
  const first = await order(stage, 'block-route', '/wp-json/wp/v2/tags', { lasts_s: 600 });
  await stage.site.php(`global $wpdb; $measures = Tourniquet\\Contain\\Measures::all(); $measures[${first}]['until'] = 1;
    $wpdb->update($wpdb->options, ['option_value' => serialize([999 => $measures[${first}]['until'] === 1 ? ['until' => 0] + $measures[${first}] : []] + $measures)], ['option_name' => 'tourniquet_measures']);
    Tourniquet\\Plugin::get()->containment()->force()->endWhatIsOver();`);
  expect(await inForce()).toBe('999');
  await stage.site.php("Tourniquet\\Contain\\OwnOptions::write('tourniquet_measures', []);");
});

it('lets a blocked address call payments, and nothing that hides behind such a call', async () => {
  const counter = await order(stage, 'block-address', '203.0.113.0/24');
  const blocked = { 'x-forwarded-for': '203.0.113.9' };
  for (const call of ['/wc-api/gateway', '/wc-api/gateway/?x=1', '/?wc-api=gateway']) expect(await statusOf(call, blocked), call).not.toBe(403);
  for (const way of ['/?wc-api=', '/?wc-api=&feed=rss2', '/?wc-api[]=x', '/?wc-api=0', '/?wc-api=%24', '/wc-api/', '/wc-api/?p=1', '/wc-api/0?p=1', '/wc-api/gateway?wc-api=&p=1']) expect(await statusOf(way, blocked), way).toBe(403);
  await undo(stage, counter);
});

it.runIf(process.getuid?.() === 0)('leaves a lock that the web server can take, whoever ran the command line', async () => { // Only root gives files away; in CI a skip fails.
  const directory = stage.site.spoolDirectory;
  const { uid, gid } = statSync(directory);
  await stage.site.php(`unlink('${directory}/commands.lock');`);
  chownSync(directory, 65534, 65534);
  try {
    await undo(stage, await order(stage, 'block-route', '/wp-json/wp/v2/tags'));
    expect(statSync(path.join(directory, 'commands.lock'))).toMatchObject({ uid: 65534, gid: 65534 });
    expect(statSync(path.join(directory, 'commands.lock')).mode & 0o777).toBe(0o600);
  } finally {
    chownSync(directory, uid, gid);
  }
});

it('blocks a page also where it is asked for by number', async () => {
  const [page, term] = (await stage.site.php("echo wp_insert_post(['post_type' => 'page', 'post_status' => 'publish', 'post_title' => 'Lantern', 'post_name' => 'lantern']), ' ', wp_insert_term('Tulips', 'category', ['slug' => 'tulips'])['term_id'];")).split(' ');
  const ways = ['/lantern/', `/?page_id=${page}`, '/?pagename=lantern', '/category/tulips/', `/?cat=${term}`];
  const statuses = async (): Promise<readonly number[]> => {
    const found: number[] = [];
    // Sent a form, WordPress shows the page where it is, instead of at its own address.
    for (const way of ways) found.push((await stage.site.browser().send('POST', way, { body: new URLSearchParams({ x: '1' }) })).status);
    return found;
  };
  expect(await statuses()).toEqual([200, 200, 200, 200, 200]);
  const counters = [await order(stage, 'block-route', '/lantern'), await order(stage, 'block-route', '/category/tulips')];
  expect(await statuses()).toEqual([403, 403, 403, 403, 403]);
  expect(await statusOf('/')).toBe(200);
  for (const counter of counters) await undo(stage, counter);
});

it('lets no visitor keep it from writing what is its own, nor say that somebody tried', async () => {
  await statusOf('/');
  stage.site.setConstants({ SCRIPT_DEBUG: true });
  const before = stage.site.events().length;
  await stage.site.browser().send('POST', '/', { body: new URLSearchParams({ page_options: 'tourniquet_constants' }) });
  expect(await stage.site.php("echo get_option('tourniquet_constants')['SCRIPT_DEBUG'];")).toBe('1');
  const told = stage.site.events().slice(before);
  expect(told.filter((e) => e['wordpress.option.reverted'] === true)).toEqual([]);
  expect(told.map((e) => e['event.action'])).toContain('constant-changed');
});
