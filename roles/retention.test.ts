import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { openReader, rowsOf } from '../loadtest/store-reader.ts';
import { registerSite, untilStored } from '../loadtest/pipeline.ts';
import { Throwaway } from '../loadtest/throwaway.ts';
import { backup } from './commands/backup.ts';
import { erase } from './commands/erase.ts';
import { expire } from './commands/expire.ts';
import { addHoldCommand, releaseHoldCommand } from './commands/hold.ts';
import { restore } from './commands/restore.ts';
import { loadConfig } from './config/config.ts';
import { connectKeys } from './connections.ts';
import { tourniquet as run } from './command-fixture.ts';
import type { Finished } from './command-fixture.ts';
import { homeAt } from './home.ts';
import type { Home } from './home.ts';
import { Instance } from './instance.ts';
import type { RoleName } from './run-file.ts';

const PERSON = 'grete.unmistakable@clinic.example';
const OTHER = 'otto.unmistakable@clinic.example';
const PASSPHRASE = 'a long enough phrase';

let place: Throwaway;
let instance: Instance | undefined;
/** Tokens of the two persons. */
let tokens: Readonly<Record<string, string>>;

function tourniquet(args: readonly string[], input = '', home: Home = place.home): Promise<Finished> {
  return run(home.root, args, input);
}

async function start(home: Home, roles: readonly RoleName[]): Promise<string> {
  instance = await Instance.open(home, roles, { line: () => undefined, restarted: (_role, why) => process.stderr.write(`${why}\n`) });
  return (await Promise.race([instance.start(), instance.failed])).get('gateway') ?? '';
}

async function stop(): Promise<void> {
  await instance?.[Symbol.asyncDispose]();
  instance = undefined;
}

/** What the keys role shows behind the tokens of the two persons. */
async function revealed(home: Home): Promise<readonly (string | undefined)[]> {
  const keys = await connectKeys(loadConfig({ TOURNIQUET_HOME: home.root }), home, 'compliance');
  return Promise.all([PERSON, OTHER].map(async (who) => (await keys.reveal('clinic', tokens[who] ?? '', 'test'))?.toString()));
}

async function acts(action: string): Promise<readonly { readonly outcome: string; readonly line: string }[]> {
  const reader = await openReader(place.home);
  try {
    return await rowsOf(reader, "SELECT outcome, line FROM tourniquet.events WHERE site = '_system' AND action = {action:String} ORDER BY leaf", { action });
  } finally {
    await reader.close();
  }
}

beforeAll(async () => {
  place = new Throwaway('retention:\n  presets: [gdpr, hipaa]\n');
  const gateway = await start(place.home, ['keys', 'storage', 'gateway', 'worker']);
  const { ingestKey } = await registerSite(place.home, 'clinic');
  const lines = [PERSON, OTHER].map((mail) => `203.0.113.8 - - [20/Nov/2026:02:42:00 +0000] "GET /record/?mail=${encodeURIComponent(mail)} HTTP/1.1" 200 10 "-" "Mozilla/5.0"`);
  await fetch(`${gateway}/v1/events?format=combined&stream=access`, { method: 'POST', headers: { authorization: `Bearer ${ingestKey}` }, body: `${lines.join('\n')}\n` });
  const reader = await openReader(place.home);
  await untilStored(reader, 2);
  await reader.close();
  const keys = await connectKeys(loadConfig({ TOURNIQUET_HOME: place.home.root }), place.home, 'compliance');
  tokens = Object.fromEntries(await Promise.all([PERSON, OTHER].map(async (who) => [who, (await keys.lookup('email', who, ['clinic'], 'test'))[0]?.token ?? ''] as const)));
});
afterAll(async () => {
  await stop();
  place?.[Symbol.dispose]();
});

describe('on a running instance', () => {
  test('"retention" names each tier\'s period with its source, and what is stored of it', async () => {
    const said = await tourniquet(['retention']);
    expect(said).toMatchObject({ code: 0, out: expect.stringMatching(/health +6 years \(hipaa: 45 CFR 164\.316\(b\)\(2\)\(i\)\)/) });
    const states = (await tourniquet(['retention', '--json'])).out.trim().split('\n').map((line): unknown => JSON.parse(line));
    expect(states).toContainEqual(expect.objectContaining({ tier: 'standard', rows: 2, sites: 1, state: 'kept', due_at: expect.stringMatching(/^20\d\d-/) }));
  });

  test('"expire" drops nothing that is not due, and says so', async () => {
    expect(await tourniquet(['expire'])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is due') });
    expect(await tourniquet(['expire', '--apply'])).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is due') });
  });

  test.each<readonly [string, () => Promise<number>, RegExp]>([
    ['a hold without a reason', () => addHoldCommand({ reason: ' ' }), /--reason says why/],
    ['a hold on a site that is none', () => addHoldCommand({ reason: 'x', site: 'nobody' }), /there is no site/],
    ['a hold on a tier that is none', () => addHoldCommand({ reason: 'x', tier: 'secret' }), /there is no tier/],
    ['a hold from no time', () => addHoldCommand({ reason: 'x', from: 'soon' }), /--from must be a time/],
    ['a hold from after to', () => addHoldCommand({ reason: 'x', from: '2026-02-01', to: '2026-01-01' }), /--from must be before/],
    ['a release of no hold', () => releaseHoldCommand('nothing', { reason: 'x' }), /no such hold/],
    ['an erasure of nobody', () => erase({ reason: 'x' }), /say whose/],
    ['an erasure of what is no token', () => erase({ reason: 'x', subject: 'short' }), /a token is 24 letters/],
    ['an erasure by what is no identifier', () => erase({ reason: 'x', identifier: 'shoe-size' }), /no kind of identifier/],
    ['a backup while it runs', () => backup({ out: '/tmp/never-made' }), /another instance runs/],
    ['a restore that does not say what was erased', () => restore('x', {}), /--erasures FILE/],
    ['a restore of what is no backup', () => restore('x', { erasures: false }), /holds no manifest/],
  ])('%s is refused, and says what is wrong', async (_name, command, said) => {
    process.env['TOURNIQUET_HOME'] = place.home.root;
    await expect(command().finally(() => delete process.env['TOURNIQUET_HOME'])).rejects.toThrow(said);
  });

  test('an identifier comes on standard input, or not at all; a token with nothing behind it is told from one that was erased now', async () => {
    expect(await tourniquet(['erase', '--reason', 'x', '--identifier', 'email'])).toMatchObject({ code: 2, err: expect.stringContaining('standard input') });
    expect(await tourniquet(['erase', '--reason', 'x', '--subject', 'p'.repeat(24)])).toMatchObject({ code: 1, err: expect.stringContaining('nothing to erase') });
  });

  test('a hold is listed, keeps a person from being erased, and is on the trail when it ends', async () => {
    const { id } = JSON.parse((await tourniquet(['hold', 'add', '--site', 'clinic', '--reason', 'case 7', '--json'])).out) as { readonly id: string };
    expect((await tourniquet(['hold', 'list'])).out).toContain(id);
    expect(await tourniquet(['erase', '--identifier', 'email', '--reason', 'asked for'], PERSON)).toMatchObject({ code: 1, err: expect.stringContaining(`hold ${id} covers clinic`) });
    expect(await revealed(place.home)).toEqual([PERSON, OTHER]);
    expect(await tourniquet(['hold', 'release', id, '--reason', 'closed'])).toMatchObject({ code: 0 });
    expect((await tourniquet(['hold', 'list'])).out).not.toContain(id);
    await expect.poll(async () => (await acts('hold-released')).length).toBe(1);
    expect((await acts('hold-added'))[0]?.line).toContain(`"id":"${id}"`);
  });
});

test('a person who was erased after a backup is not in what is restored; the restored store verifies, also when its rows expire', async () => {
  await stop();
  const copy = path.join(place.home.root, 'backup');
  const passphrase = path.join(place.home.root, 'passphrase');
  writeFileSync(passphrase, `${PASSPHRASE}\n`, { mode: 0o600 });
  expect(await tourniquet(['backup', '--out', path.join(place.home.data, 'inside')])).toMatchObject({ code: 2, err: expect.stringContaining('lies inside of') });
  expect(await tourniquet(['backup', '--out', copy, '--passphrase-file', passphrase])).toMatchObject({ code: 0, err: expect.not.stringContaining('WARNING') });

  const olderKeys = path.join(place.home.root, 'older-keys');
  execFileSync('cp', ['-a', place.home.keys, olderKeys]);

  await start(place.home, ['keys', 'storage', 'worker']);
  expect(await revealed(place.home)).toEqual([PERSON, OTHER]);
  const said = await tourniquet(['erase', '--identifier', 'email', '--reason', 'asked for by letter'], PERSON);
  expect(said).toMatchObject({ code: 0, out: expect.stringContaining('Erased 1 value of 1 token') });
  expect(await revealed(place.home)).toEqual([undefined, OTHER]);
  await expect.poll(async () => (await acts('subject-erased')).map(({ outcome }) => outcome)).toEqual(['unknown', 'success']);
  const erasures = path.join(place.home.export, 'erasures.ndjson');
  const everything = [...(await acts('subject-erased')).map(({ line }) => line), readFileSync(erasures, 'utf8')].join('\n');
  expect(everything).toContain(tokens[PERSON]);
  expect(everything).not.toContain(PERSON);
  await stop();

  const restored = homeAt(path.join(place.home.root, 'restored'));
  expect(await tourniquet(['restore', copy, '--passphrase-file', passphrase, '--erasures', erasures], '', restored)).toMatchObject({ code: 0, out: expect.stringContaining('1 erasure was made again') });
  expect(existsSync(restored.restoring)).toBe(false);
  expect(readdirSync(restored.export)).toContain('erasures.ndjson');
  expect(await tourniquet(['restore', copy, '--passphrase-file', passphrase, '--erasures', erasures], '', restored)).toMatchObject({ code: 1, err: expect.stringContaining('is not empty') });
  await start(restored, ['keys', 'storage']);
  expect(await revealed(restored)).toEqual([undefined, OTHER]);
  expect(await tourniquet(['verify'], '', restored)).toMatchObject({ code: 0, out: expect.stringContaining('Everything holds') });

  // Years later the rows of the site are due; those of the trail are kept longer. Nothing but the command's clock is ahead.
  const clock = vi.spyOn(Date, 'now').mockReturnValue(Date.now() + 3 * 365 * 86_400_000);
  process.env['TOURNIQUET_HOME'] = restored.root;
  expect(await expire({ apply: true }).finally(() => delete process.env['TOURNIQUET_HOME'])).toBe(0);
  clock.mockRestore();
  const tiers = (await tourniquet(['query', 'SELECT DISTINCT tier FROM events', '--format', 'csv'], '', restored)).out;
  expect(tiers).not.toContain('standard');
  expect(tiers).toContain('trail');
  const verified = await tourniquet(['verify'], '', restored);
  expect(verified).toMatchObject({ code: 0, out: expect.stringMatching(/clinic .*2 rows of tier standard, .* expired by policy "12 months \(gdpr: [^"]*", signed by/) });
  await stop();

  // Keys that were put back by hand: the keys role itself makes up for it before it serves.
  rmSync(place.home.keys, { recursive: true });
  execFileSync('cp', ['-a', olderKeys, place.home.keys]);
  await start(place.home, ['keys']);
  expect(await revealed(place.home)).toEqual([undefined, OTHER]);
});
