import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatEnrolment } from '../../contracts/site.ts';
import { rotateSite } from '../../ingest/sites/site-admin.ts';
import type { Browser } from '../../ingest/wordpress/test-site/browser.ts';
import type { DottedEvent } from '../../ingest/wordpress/test-site/spool-reader.ts';
import { WordPressSite } from '../../ingest/wordpress/test-site/wordpress-site.ts';
import { registerSite } from '../../loadtest/pipeline.ts';
import { loadConfig } from '../config/config.ts';
import { openEventLog } from '../event-log.ts';
import { verifyStore } from '../verify-store.ts';
import { CuttableWay } from './cuttable-way.ts';
import { RunningPipeline, until } from './pipeline-site.ts';

/** So many at once as a busy shop has. */
const AT_ONCE = 50;

/** Enrolled by the test, and behind a proxy that says who asks. */
const BARE = { isWithoutTokenKey: true, constants: { TOURNIQUET_TRUSTED_PROXIES: ['127.0.0.1/32'] } } as const;

let pipeline: RunningPipeline;
let way: CuttableWay;
let site: WordPressSite;

beforeAll(async () => {
  pipeline = await RunningPipeline.start();
  way = await CuttableWay.to(pipeline.gatewayUrl);
  site = await WordPressSite.start({ ...BARE });
  await pipeline.enrol('shop', site, way.url);
});

afterAll(async () => {
  await site?.[Symbol.asyncDispose]();
  await way?.[Symbol.asyncDispose]();
  await pipeline?.[Symbol.asyncDispose]();
});

/** Groups of failed log-ins, by the network they come from. */
const GROUPS = ['crowd', 'kill', 'after', 'away', 'forgotten', 'restored', 'deleted', 'clone', 'original', 'room', 'full'] as const;
type Group = (typeof GROUPS)[number];

function address(group: Group, n: number): string {
  return `2001:db8:${GROUPS.indexOf(group) + 1}::${n + 1}`;
}

/** A log-in that fails, recognised afterwards by the address it comes from. */
function fail(browser: Browser, group: Group, n = 0): Promise<unknown> {
  return browser.send('POST', '/wp-login.php', { body: new URLSearchParams({ log: 'nobody', pwd: 'wrong' }), headers: { 'x-forwarded-for': address(group, n) } });
}

/** The addresses of a group that are stored, as often as they are. */
function storedOf(events: readonly DottedEvent[], group: Group): readonly unknown[] {
  return events.filter((e) => e['event.action'] === 'login-failed').map((e) => e['source.ip']).filter((ip) => String(ip).startsWith(`2001:db8:${GROUPS.indexOf(group) + 1}::`)).toSorted();
}

function all(group: Group, count: number): readonly string[] {
  return Array.from({ length: count }, (_, i) => address(group, i)).toSorted();
}

function actions(events: readonly DottedEvent[]): readonly unknown[] {
  return events.map((e) => e['event.action']);
}

async function enrolAgain(name: string, target: WordPressSite): Promise<void> {
  await using log = await openEventLog(loadConfig({ TOURNIQUET_HOME: pipeline.place.home.root }), pipeline.place.home);
  const { enrolmentSecret } = await rotateSite(log.registry, name, Date.now);
  await target.enrol(formatEnrolment(name, enrolmentSecret, pipeline.gatewayUrl));
}

test('fifty requests at once, over two web heads on one spool, are each stored once', async () => {
  await using second = await site.anotherHead();
  await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => fail(i % 2 === 0 ? site.browser() : second.browser, 'crowd', i)));
  await pipeline.ship('shop', site);
  expect(storedOf(await pipeline.stored('shop'), 'crowd')).toEqual(all('crowd', AT_ONCE));
  expect(await pipeline.openGaps('shop')).toEqual([]);
});

test('a kill of PHP in the middle loses nothing of requests that had ended, and the chain goes on', async () => {
  const answered: string[] = [];
  const asking = Array.from({ length: 20 }, (_, i) => fail(site.browser(), 'kill', i).then(() => answered.push(address('kill', i)), () => undefined));
  await expect.poll(() => answered.length, { interval: 1 }).toBeGreaterThanOrEqual(8);
  // An answer that the kill cuts off looks like one that ended.
  const ended = [...answered];
  await site.stopServer();
  await Promise.all(asking);
  await site.startServer();
  await fail(site.browser(), 'after');
  await pipeline.ship('shop', site);
  const stored = await pipeline.stored('shop');
  expect(storedOf(stored, 'kill')).toEqual(expect.arrayContaining(ended));
  expect(new Set(storedOf(stored, 'kill')).size).toBe(storedOf(stored, 'kill').length);
  expect(storedOf(stored, 'after')).toEqual(all('after', 1));
  expect(await pipeline.openGaps('shop')).toEqual([]);
});

test('a gateway that is away breaks no page, and gets everything once it is back', async () => {
  way.cut();
  await fail(site.browser(), 'away');
  await site.minute();
  expect((await site.browser().get('/')).status).toBe(200);
  expect((await site.spoolStatus())['failures']).toBeGreaterThan(0);
  way.mend();
  await pipeline.ship('shop', site);
  expect(storedOf(await pipeline.stored('shop'), 'away')).toEqual(all('away', 1));
});

test('a restored database is told, as a new epoch, and what comes after is stored', async () => {
  const before = await site.database.dump();
  for (const n of [0, 1]) {
    await fail(site.browser(), 'forgotten', n);
    await pipeline.ship('shop', site);
  }
  const { chain_epoch: epoch } = await site.spoolStatus();
  await site.database.restore(before);
  await fail(site.browser(), 'restored');
  await pipeline.ship('shop', site);
  const stored = await pipeline.stored('shop');
  expect(actions(stored)).toContain('database-restored');
  expect((await site.spoolStatus())['chain_epoch']).toBeGreaterThan(Number(epoch));
  expect([storedOf(stored, 'forgotten'), storedOf(stored, 'restored')]).toEqual([all('forgotten', 2), all('restored', 1)]);
});

test('a deleted spool is told once the site is enrolled again', async () => {
  rmSync(site.spoolDirectory, { recursive: true });
  await fail(site.browser(), 'deleted');
  expect((await site.browser().get('/')).status).toBe(200);
  await enrolAgain('shop', site);
  await pipeline.ship('shop', site);
  const stored = await pipeline.stored('shop');
  expect(actions(stored)).toContain('spool-deleted');
  expect(storedOf(stored, 'deleted')).toEqual(all('deleted', 1));
});

test('a clone says so, and what the first site sends is not mixed with it', async () => {
  const directory = mkdtempSync(path.join(os.tmpdir(), 'tq-clone-'));
  execFileSync('cp', ['-a', `${site.spoolDirectory}/.`, directory]);
  const dump = await site.database.dump();
  await using clone = await WordPressSite.start({ ...BARE, spoolDirectory: directory });
  await clone.database.restore(dump);
  await clone.database.sql(`UPDATE wp_options SET option_value = '${clone.url}' WHERE option_name IN ('siteurl', 'home')`);
  await fail(clone.browser(), 'clone');
  await clone.minute();
  const { enrolmentSecret } = await registerSite(pipeline.place.home, 'clone');
  await clone.enrol(formatEnrolment('clone', enrolmentSecret, pipeline.gatewayUrl));
  await pipeline.ship('clone', clone);
  await fail(site.browser(), 'original');
  await pipeline.ship('shop', site);
  // Until somebody enrols it, the copy speaks with the key it copied, on a stream of its own.
  expect(actions(await pipeline.stored('shop'))).toContain('site-cloned');
  expect(actions(await pipeline.stored('clone'))).toContain('shipper-key-changed');
  expect(storedOf(await pipeline.stored('shop'), 'original')).toEqual(all('original', 1));
  expect(await pipeline.openGaps('shop')).toEqual([]);
  rmSync(directory, { recursive: true, force: true });
});

test.runIf(process.getuid?.() === 0)('a full disk breaks no page, and what it cost is told once there is room', async () => { // A small disk is root's to mount; in CI a skip fails.
  const mounted = mkdtempSync(path.join(os.tmpdir(), 'tq-full-'));
  execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=1m', 'tmpfs', mounted]);
  try {
    const spoolDirectory = path.join(mounted, 'spool');
    mkdirSync(spoolDirectory, { mode: 0o700 });
    await using small = await WordPressSite.start({ ...BARE, spoolDirectory });
    await pipeline.enrol('small', small);
    await fail(small.browser(), 'room');
    await pipeline.ship('small', small);
    const filler = path.join(mounted, 'filler');
    expect(() => writeFileSync(filler, Buffer.alloc(2 * 1024 * 1024))).toThrow('ENOSPC');
    await fail(small.browser(), 'full');
    expect((await small.browser().get('/')).status).toBe(200);
    rmSync(filler);
    await fail(small.browser(), 'room', 1);
    await pipeline.ship('small', small);
    const stored = await until(async () => {
      await pipeline.ship('small', small);
      return pipeline.stored('small');
    }, (events) => actions(events).includes('lines-lost'), 'the loss');
    expect(storedOf(stored, 'room')).toEqual(all('room', 2));
  } finally {
    execFileSync('umount', ['--lazy', mounted]);
    rmSync(mounted, { recursive: true, force: true });
  }
});

test('after all of it, verify finds every row and every chain in order', async () => {
  await expect.poll(async () => (await verifyStore(pipeline.place.home)).ok).toBe(true);
});
