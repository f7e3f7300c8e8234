import { execFileSync } from 'node:child_process';
import { appendFileSync, cpSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createKeysClient } from '../../keys/client.ts';
import type { KeysClient } from '../../keys/client.ts';
import { startKeysServer } from '../../keys/server.ts';
import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { secretHash } from '../secret-files.ts';
import { erasuresFile, layTombstone, readErasures, registeredErasures } from './erasure-file.ts';
import { replayErasures } from './replay.ts';
import { CHAIN_START, hashOfLine, parseChain, parseTombstone, tombstoneLine } from './tombstone.ts';
import type { Tombstone } from './tombstone.ts';

const TOKENS = ['a', 'b', 'c'].map((letter) => letter.repeat(24)) as [string, string, string]; // three by construction
const [ANN, BOB, EVE] = TOKENS;

let home: Home;
beforeEach(() => {
  home = homeAt(mkdtempSync(path.join(tmpdir(), 'tq-erasures-')));
});
afterEach(() => rmSync(home.root, { recursive: true }));

function tombstone(n: number, token: string, state: Tombstone['state'] = 'asked', atMs = Date.now()): Tombstone {
  return { id: `${'abcdefghijklmnop'[n] ?? 'p'}`.repeat(24), state, atMs, site: 'shop', token };
}

describe('the file', () => {
  test('holds what was laid, in order, and the registry the same', async () => {
    const { registry } = openMemoryLog(createLogDisk(1));
    const laid = [tombstone(0, ANN), tombstone(0, ANN, 'done'), tombstone(1, BOB)];
    for (const one of laid) await layTombstone(home, registry, one);
    expect(readErasures(erasuresFile(home))).toEqual(laid);
    expect((await registeredErasures(registry)).map(({ id, state }) => [id, state])).toEqual(laid.map(({ id, state }) => [id, state]));
  });

  test('keeps one chain when several lay tombstones at once', async () => {
    const { registry } = openMemoryLog(createLogDisk(1));
    await Promise.all(Array.from({ length: 12 }, (_, i) => layTombstone(home, registry, tombstone(i, ANN))));
    expect(readErasures(erasuresFile(home))).toHaveLength(12);
  });

  test('goes on behind a line that a crash tore', async () => {
    const { registry } = openMemoryLog(createLogDisk(1));
    await layTombstone(home, registry, tombstone(0, ANN));
    appendFileSync(erasuresFile(home), '{"v":1,"id":"aaaa');
    await layTombstone(home, registry, tombstone(1, BOB));
    expect(readErasures(erasuresFile(home)).map(({ token }) => token)).toEqual([ANN, BOB]);
  });

  test.each<readonly [string, (lines: string[]) => readonly string[]]>([
    ['changed', (lines) => lines.map((line, i) => (i === 1 ? line.replace(BOB, EVE) : line))],
    ['taken out', (lines) => lines.filter((_, i) => i !== 1)],
    ['moved', ([one = '', two = '', three = '']) => [two, one, three]],
    ['put in', ([one = '', ...rest]) => [one, one, ...rest]],
  ])('with a line %s is refused with its number', async (_name, change) => {
    const { registry } = openMemoryLog(createLogDisk(1));
    for (const [i, token] of TOKENS.entries()) await layTombstone(home, registry, tombstone(i, token));
    const lines = readFileSync(erasuresFile(home), 'utf8').split('\n').slice(0, -1);
    writeFileSync(erasuresFile(home), `${change(lines).join('\n')}\n`);
    expect(() => readErasures(erasuresFile(home))).toThrow(/^line [1-3] of the erasures/);
  });

  test.each(['', '{', 'null', '[]', '{"v":1}', '{"__proto__":{"v":1}}', JSON.stringify({ v: 2, ...tombstone(0, ANN), at: '2026-01-01T00:00:00Z', previous: '' }), JSON.stringify({ v: 1, ...tombstone(0, '../../etc/passwd'), at: '2026-01-01T00:00:00Z', previous: '' })])('%j is no tombstone', (text) => {
    expect(parseTombstone(text)).toBeUndefined();
    if (text !== '') expect(() => parseChain(`${text}\n`)).toThrow('line 1');
  });
});

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 7);

test(`a chain with any byte changed, cut or doubled is refused, or ends before it (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  let last = CHAIN_START;
  const whole = Buffer.from(Array.from({ length: 6 }, (_, i) => {
    const line = tombstoneLine({ ...tombstone(i, random.pick(TOKENS)), atMs: 1_700_000_000_000 + i }, last);
    last = hashOfLine(line);
    return `${line}\n`;
  }).join(''));
  const all = parseChain(whole.toString()).tombstones;
  expect(all).toHaveLength(6);
  for (let i = 0; i < 2_000; i++) {
    const at = random.below(whole.length);
    const parts = [whole.subarray(0, at), random.pick([Buffer.alloc(0), Buffer.from([random.below(256)]), whole.subarray(at, at + 2)]), whole.subarray(at + random.below(3))];
    const text = Buffer.concat(parts).toString();
    let read: readonly Tombstone[] = [];
    try {
      read = parseChain(text).tombstones;
    } catch (error) {
      expect(String(error)).toMatch(/^Error: line \d+ of the erasures/);
    }
    // Of the last line nothing vouches for what it says; every other is named by the one after it.
    expect(all.slice(0, Math.max(0, read.length - 1)), `seed ${SEED}, round ${i}`).toEqual(read.slice(0, -1));
  }
});

describe('an older copy of the keys', () => {
  const secret = 'compliance-secret';

  async function withKeys<T>(directory: string, use: (keys: KeysClient) => Promise<T>): Promise<T> {
    const server = await startKeysServer({ directory, host: '127.0.0.1', port: 0, roleSecrets: new Map([['compliance', secretHash(secret)]]) });
    try {
      return await use(createKeysClient({ url: server.url, role: 'compliance', secret }));
    } finally {
      await server.close();
    }
  }

  const reveal = (directory: string): Promise<readonly (string | undefined)[]> => withKeys(directory, async (keys) => Promise.all([ANN, BOB].map(async (token) => (await keys.reveal('shop', token, 'test'))?.toString())));

  /** Puts two values, copies the keys, erases one. */
  async function erasedAfterCopy(): Promise<{ readonly now: string; readonly copy: string }> {
    const { registry } = openMemoryLog(createLogDisk(1));
    const [now, copy] = [path.join(home.root, 'keys-now'), path.join(home.root, 'keys-copy')];
    await withKeys(now, (keys) => keys.put([{ site: 'shop', token: ANN, subjects: [EVE], value: Buffer.from('ann@shop.example') }, { site: 'shop', token: BOB, subjects: [], value: Buffer.from('bob@shop.example') }]));
    cpSync(now, copy, { recursive: true });
    execFileSync('chmod', ['-R', 'go-rwx', copy]);
    await layTombstone(home, registry, tombstone(0, EVE));
    await withKeys(now, (keys) => keys.erase('shop', EVE, 'asked for'));
    await layTombstone(home, registry, tombstone(0, EVE, 'done'));
    return { now, copy };
  }

  test('shows nothing that was erased after it was made', async () => {
    const { copy } = await erasedAfterCopy();
    expect(await replayErasures(copy, readErasures(erasuresFile(home)))).toBe(1);
    expect(await reveal(copy)).toEqual([undefined, 'bob@shop.example']);
  });

  test('would show it without: the test can fail', async () => {
    const { copy } = await erasedAfterCopy();
    expect(await reveal(copy)).toEqual(['ann@shop.example', 'bob@shop.example']);
  });

  test('an erasure that was asked for and not made is made', async () => {
    const { copy } = await erasedAfterCopy();
    expect(await replayErasures(copy, [tombstone(0, EVE, 'asked', 0)])).toBe(1);
    expect(await reveal(copy)).toEqual([undefined, 'bob@shop.example']);
  });

  test('the keys of now keep what came back after its erasure, by an event', async () => {
    const { now } = await erasedAfterCopy();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await withKeys(now, (keys) => keys.put([{ site: 'shop', token: ANN, subjects: [EVE], value: Buffer.from('ann again') }]));
    expect(await replayErasures(now, readErasures(erasuresFile(home)))).toBe(0);
    expect(await reveal(now)).toEqual(['ann again', 'bob@shop.example']);
  });

  test('one that was broken off and then made is not made again, whatever came since by an event', async () => {
    const { now } = await erasedAfterCopy();
    await new Promise((resolve) => setTimeout(resolve, 5));
    await withKeys(now, (keys) => keys.put([{ site: 'shop', token: ANN, subjects: [EVE], value: Buffer.from('ann again') }]));
    const brokenOff = { ...tombstone(1, EVE), atMs: (readErasures(erasuresFile(home))[0]?.atMs ?? 0) - 1 };
    expect(await replayErasures(now, [brokenOff, ...readErasures(erasuresFile(home))])).toBe(0);
    expect(await reveal(now)).toEqual(['ann again', 'bob@shop.example']);
    const later = { ...brokenOff, atMs: Date.now() + 1 };
    expect(await replayErasures(now, [...readErasures(erasuresFile(home)), later])).toBe(1);
    expect(await reveal(now)).toEqual([undefined, 'bob@shop.example']);
  });

  test('each stands on the audit, which goes on behind it', async () => {
    const { copy } = await erasedAfterCopy();
    await replayErasures(copy, readErasures(erasuresFile(home)));
    expect(readFileSync(path.join(copy, 'audit', '000000000001.ndjson'), 'utf8')).toContain('"role":"restore","operation":"vault-erase","site":"shop"');
    await expect(reveal(copy)).resolves.toHaveLength(2);
  });

  test('keys that were never started have nothing to erase', async () => {
    expect(await replayErasures(path.join(home.root, 'none'), [tombstone(0, ANN)])).toBe(0);
    expect(existsSync(path.join(home.root, 'none'))).toBe(false);
  });
});
