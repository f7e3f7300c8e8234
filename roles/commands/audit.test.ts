import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Throwaway } from '../../loadtest/throwaway.ts';
import { tourniquet } from '../command-fixture.ts';
import type { Finished } from '../command-fixture.ts';
import type { Instance } from '../instance.ts';

const JANE = 'jane.roe@example.com';

let place: Throwaway;
let instance: Instance;
let console: string;
/** Of a person who may ask for anything. */
let carla: string;
beforeAll(async () => {
  place = new Throwaway();
  instance = await place.open({ line: () => undefined });
  console = (await instance.start()).get('console') ?? '';
  await tourniquet(place.home.root, ['site', 'add', 'shop', '--json']);
  const event = (action: string, message: string): string => JSON.stringify({
    '@timestamp': new Date().toISOString(), event: { kind: 'event', category: 'data_access', action, outcome: 'success', dataset: 'wordpress.audit' }, user: { name: 'till', roles: ['shop_manager'] }, source: { ip: '192.0.2.10' }, message,
  });
  const file = path.join(place.home.root, 'audit.ndjson');
  writeFileSync(file, `${event('order-viewed', `order of ${JANE}`)}\n${event('product-viewed', 'nothing personal')}\n`);
  const sent = await tourniquet(place.home.root, ['send', file, '--site', 'shop', '--format', 'ndjson', '--final']);
  if (sent.code !== 0) throw new Error(sent.err);
  carla = await tokenFor('carla', 'compliance');
  await until(() => rowsFrom(carla, 'all-by-actor?actor=till&sites=shop'), (rows) => rows.length === 2);
});
afterAll(async () => {
  await instance?.[Symbol.asyncDispose]();
  place?.[Symbol.dispose]();
});

function run(args: readonly string[], input = ''): Promise<Finished> {
  return tourniquet(place.home.root, ['audit', 'run', ...args], input);
}

async function tokenFor(name: string, role: string): Promise<string> {
  const { out } = await tourniquet(place.home.root, ['person', 'add', name, '--role', role, '--json']);
  // Printed by the command.
  return (JSON.parse(out) as { readonly token: string }).token;
}

function ask(what: string, token: string): Promise<Response> {
  return fetch(`${console}${what}`, { headers: { authorization: `Bearer ${token}` } });
}

async function rowsFrom(token: string, what: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  return rowsOf(await (await ask(`/v1/audit/${what}${what.includes('?') ? '&' : '?'}format=json`, token)).text());
}

function rowsOf(json: string): readonly Readonly<Record<string, unknown>>[] {
  // What the command printed a line before.
  return json === '' ? [] : (JSON.parse(json) as { readonly rows: readonly Readonly<Record<string, unknown>>[] }).rows;
}

async function until<T>(look: () => Promise<T>, good: (value: T) => boolean): Promise<T> {
  for (let tries = 0; ; tries++) {
    const value = await look();
    if (good(value)) return value;
    if (tries === 600) throw new Error(`it did not come: ${JSON.stringify(value)}`);
    await sleep(250);
  }
}

test('an identifier on standard input finds the person\'s deeds, in a file of the asker\'s own; the store never holds it', async () => {
  const out = path.join(place.home.root, 'answer.csv');
  const asked = await run(['who-accessed-subject', '--identifier', 'email', '--reason', `asked by ${JANE}`, '--format', 'csv', '--out', out], ` ${JANE.toUpperCase()}\n`);
  expect(asked).toMatchObject({ code: 0, out: '', err: '' });
  const csv = readFileSync(out, 'utf8');
  expect(csv).toMatch(/^at,site,leaf,subject,subject_kind,actor.*\r\n[^,]+,shop,0,[a-p]{24},pii\.email,till,shop_manager,/);
  expect(csv).toMatch(/#checkpoint,shop,2,/);
  expect(csv).not.toMatch(/jane/i);
  expect(statSync(out).mode & 0o777).toBe(0o600);
  const holding = async (text: string): Promise<string> => {
    const tables = ['events', 'acts', 'accesses', 'matches', 'alerts', 'dead_letters'].map((table) => `SELECT countIf(positionCaseInsensitive(formatRow('JSONEachRow', *), '${text}') > 0) AS rows FROM ${table}`);
    return (await tourniquet(place.home.root, ['query', `SELECT sum(rows) AS n FROM (${tables.join(' UNION ALL ')})`, '--format', 'csv'])).out;
  };
  expect([await holding('jane.roe'), await holding('nothing personal')]).toEqual(['"n"\n0\n', '"n"\n1\n']);
});

test.each<[string, readonly string[], RegExp]>([
  ['an unknown query', ['who-accesed-subject'], /there is no query "who-accesed-subject".* Did you mean "who-accessed-subject"\?/],
  ['a wrong parameter', ['all-by-actor', '--param', 'actor=x', 'form=7d'], /there is no parameter form\. "tourniquet audit list all-by-actor" says what it takes/],
  ['an identifier without a reason', ['who-accessed-subject', '--identifier', 'email'], /an identifier needs a reason/],
  ['an identifier as an argument', ['who-accessed-subject', '--identifier', JANE], /--identifier takes the kind, one of email/],
])('%s is wrong use', async (_what, args, problem) => {
  const ended = await run(args, JANE);
  expect([ended.code, ended.out]).toEqual([2, '']);
  expect(ended.err).toMatch(problem);
  expect(ended.err).not.toContain('jane');
});

test('queries of one\'s own are listed and run; a wrong one is refused with its place', async () => {
  const own = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-queries-'));
  try {
    writeFileSync(path.join(own, 'logins-of-today.sql'), '-- title: T\n-- question: Q?\n-- control: SOC 2 CC6.1\n-- param sites sites = *: where\n-- order: site text\nSELECT site, count() AS logins FROM acts WHERE site IN {sites:Array(String)} GROUP BY site\n');
    writeFileSync(path.join(own, 'broken.sql'), '-- title: T\nSELECT {x:String}\n');
    const config = path.join(own, 'tourniquet.yaml');
    writeFileSync(config, `${readFileSync(path.join(place.home.root, 'tourniquet.yaml'), 'utf8')}audit: { paths: [${own}] }\n`);
    const listed = await tourniquet(place.home.root, ['--config', config, 'audit', 'list', '--json']);
    expect(listed.code).toBe(1);
    expect(listed.out).toContain('"name":"logins-of-today"');
    expect(listed.err).toContain(`${path.join(own, 'broken.sql')}:2:8: no "-- param x …" stands in the header`);
    const answer = await tourniquet(place.home.root, ['--config', config, 'audit', 'run', 'logins-of-today', '--param', 'sites=shop', '--format', 'json']);
    expect(rowsOf(answer.out)).toEqual([{ site: 'shop', logins: 2 }]);
  } finally {
    rmSync(own, { recursive: true });
  }
});

test('people ask the console with tokens of their own, until they are removed; all of it is on the trail', async () => {
  const anna = await tokenFor('anna', 'analyst');
  expect((await rowsFrom(anna, 'all-by-actor?actor=till&sites=shop')).map((row) => row['action'])).toEqual(['order-viewed', 'product-viewed']);
  expect((await ask('/v1/audit/looks-behind-tokens', anna)).status).toBe(403);
  expect((await tourniquet(place.home.root, ['person', 'add', 'anna', '--role', 'admin'])).code).toBe(2);
  expect((await tourniquet(place.home.root, ['person', 'list', '--json'])).out).toMatch(/^\{"name":"anna","role":"analyst",.*\}\n\{"name":"carla",/);
  expect((await tourniquet(place.home.root, ['person', 'remove', 'anna'])).code).toBe(0);
  expect((await ask('/v1/audit', anna)).status).toBe(401);

  expect(await until(() => rowsFrom(carla, 'auditor-queries?actor=anna'), (rows) => rows.length > 0)).toMatchObject([{ actor: 'anna', role: 'analyst', address: '127.0.0.1', query: 'all-by-actor' }]);
  expect((await until(() => rowsFrom(carla, 'failed-and-odd-logins?sites=_system'), (rows) => rows.length > 1)).map(({ action, actor }) => [action, actor])).toEqual([['permission-refused', 'anna'], ['token-refused', 'anna']]);
  expect((await rowsFrom(carla, 'role-key-configuration-changes?sites=_system')).filter(({ target }) => target === 'anna').map(({ action }) => action)).toEqual(['person-added', 'person-removed']);
});

test('the ledger is open to whoever reads it here: hashes only', async () => {
  const checkpoint = await fetch(`${console}/log/shop/checkpoint`);
  expect([checkpoint.status, (await checkpoint.text()).split('\n')[1]]).toEqual([200, '2']);
});
