import { cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { loadConfig } from '../config/config.ts';
import { homeAt } from '../home.ts';
import { formatManifest, parseManifest } from './manifest.ts';
import { partsOf } from './parts.ts';
import type { Parts } from './parts.ts';
import { checkBackup, openBackup, requireEmpty, restoreParts } from './restore-backup.ts';
import { writeBackup } from './write-backup.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 11);
const PASSPHRASE = 'a long enough phrase';

let root: string;
beforeEach(() => {
  root = realpathSync(mkdtempSync(path.join(tmpdir(), 'tq-backup-')));
});
afterEach(() => rmSync(root, { recursive: true }));

function partsAt(name: string): Parts {
  const home = path.join(root, name);
  return partsOf(loadConfig({ TOURNIQUET_HOME: home }), homeAt(home));
}

function write(file: string, text: string, mode = 0o640): void {
  mkdirSync(path.dirname(file), { recursive: true });
  writeFileSync(file, text, { mode });
}

/** A home with a file in each part, locks and what is made again. */
function fill(): Parts {
  const at = (...names: readonly string[]): string => path.join(root, 'old', ...names);
  write(at('keys/local/store/tenant-1.key'), 'the tenant key', 0o600);
  write(at('keys/local/store/vault/lock.mdb'), 'lock');
  write(at('keys/local/secrets/webhook.secret'), 'the webhook secret', 0o600);
  write(at('data/shippers/shop/identity.json'), 'the signing key', 0o600);
  write(at('data/respond/state.json'), '{}');
  write(at('data/run/keys.json'), 'running');
  write(at('data/cache/packs.bin'), 'cache');
  write(at('data/log/data.mdb'), 'log');
  write(at('data/storage/engine/store/abc/t.bin'), 'row '.repeat(50_000));
  write(at('data/storage/spool/left'), 'never acknowledged');
  mkdirSync(at('data/storage/engine/empty'));
  mkdirSync(at('data/storage/engine/data'));
  symlinkSync(at('data/storage/engine/store/abc'), at('data/storage/engine/data/events'));
  write(at('export/erasures.ndjson'), '');
  write(at('export/erasures.ndjson.lock'), 'lock');
  return partsAt('old');
}

const BASE = { configFile: undefined, schema: 6, nowMs: Date.UTC(2026, 10, 21) };

async function made(passphrase: string | undefined): Promise<string> {
  const directory = path.join(root, 'backup');
  await writeBackup({ ...BASE, parts: fill(), directory, passphrase });
  return directory;
}

async function restored(directory: string, passphrase: string | undefined): Promise<number> {
  const backup = openBackup(directory, passphrase, 6);
  await checkBackup(backup);
  mkdirSync(path.join(root, 'new'), { recursive: true });
  requireEmpty(path.join(root, 'new', 'RESTORING'), partsAt('new').parts);
  return restoreParts(backup, partsAt('new').parts);
}

describe.each([undefined, PASSPHRASE])('a backup (passphrase: %s)', (passphrase) => {
  test('a site or stream may be named as locks and half-written files are', async () => {
    write(path.join(root, 'old/data/shippers/shop.new/app.lock/journal'), 'its place in the chain', 0o600);
    await restored(await made(passphrase), passphrase);
    expect(readFileSync(path.join(root, 'new/data/shippers/shop.new/app.lock/journal'), 'utf8')).toBe('its place in the chain');
  });

  test('comes back as it was, without locks, caches and what was never acknowledged', async () => {
    expect(await restored(await made(passphrase), passphrase)).toBe(7);
    const at = (...names: readonly string[]): string => path.join(root, 'new', ...names);
    expect(readFileSync(at('keys/local/store/tenant-1.key'), 'utf8')).toBe('the tenant key');
    expect(readFileSync(at('data/storage/engine/data/events/t.bin'), 'utf8')).toHaveLength(200_000);
    expect(realpathSync(at('data/storage/engine/data/events'))).toBe(at('data/storage/engine/store/abc'));
    expect(statSync(at('keys/local/secrets/webhook.secret')).mode & 0o777).toBe(0o600);
    expect(existsSync(at('data/storage/engine/empty'))).toBe(true);
    for (const gone of ['keys/local/store/vault/lock.mdb', 'data/run/keys.json', 'data/cache/packs.bin', 'data/storage/spool/left', 'export/erasures.ndjson.lock']) expect(existsSync(at(gone))).toBe(false);
  });

  test('with one byte of any file changed is refused before anything is written', async () => {
    const directory = await made(passphrase);
    const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => path.join(directory, name)).filter((file) => statSync(file).isFile() && statSync(file).size > 0);
    expect(files.length).toBe(7);
    // Each opening costs a passphrase's work: of a sealed backup the manifest and a sealed file will do.
    for (const file of passphrase === undefined ? files : files.filter((name) => /manifest|tenant/.test(name))) {
      const bytes = readFileSync(file);
      const changed = Buffer.from(bytes);
      const at = Math.floor(bytes.length / 2);
      changed[at] = (changed[at] ?? 0) ^ 1;
      writeFileSync(file, changed);
      await expect(restored(directory, passphrase), file).rejects.toThrow(/damaged|changed|no backup|names something/);
      writeFileSync(file, bytes);
    }
    expect(existsSync(path.join(root, 'new', 'keys'))).toBe(false);
    expect(await restored(directory, passphrase)).toBe(7);
  });

  test('with a file missing is refused', async () => {
    const directory = await made(passphrase);
    rmSync(path.join(directory, 'files/log/data.mdb'));
    await expect(restored(directory, passphrase)).rejects.toThrow('files/log/data.mdb is missing');
  });
});

describe('sealed', () => {
  test('no key or secret lies in it in the clear, and everything else does', async () => {
    const directory = await made(PASSPHRASE);
    const texts = readdirSync(directory, { recursive: true, encoding: 'utf8' }).map((name) => path.join(directory, name)).filter((file) => statSync(file).isFile()).map((file) => readFileSync(file, 'latin1')).join('\n');
    for (const secret of ['the tenant key', 'the webhook secret', 'the signing key', PASSPHRASE]) expect(texts).not.toContain(secret);
    expect(texts).toContain('row row');
  });

  test.each([[undefined, 'sealed'], ['another long phrase', 'passphrase is wrong']])('with the passphrase %s it is not opened', async (passphrase, why) => {
    const directory = await made(PASSPHRASE);
    expect(() => openBackup(directory, passphrase, 6)).toThrow(why);
  });

  test('a manifest whose hash was made anew by someone without the passphrase is refused', async () => {
    const directory = await made(PASSPHRASE);
    const file = path.join(directory, 'manifest.ndjson');
    const manifest = parseManifest(readFileSync(file, 'utf8'));
    writeFileSync(file, formatManifest({ ...manifest, entries: manifest.entries.slice(1) }, undefined));
    expect(() => openBackup(directory, PASSPHRASE, 6)).toThrow('the manifest was changed');
  });

  test('one sealed file in the place of another is refused', async () => {
    const directory = await made(PASSPHRASE);
    const file = path.join(directory, 'manifest.ndjson');
    const opened = openBackup(directory, PASSPHRASE, 6);
    const sealed = opened.entries.filter((entry) => entry.type === 'file' && entry.seal !== undefined);
    const [one, two] = sealed;
    if (one?.type !== 'file' || two?.type !== 'file') throw new Error('two files are sealed');
    cpSync(path.join(directory, 'files', two.part, two.path), path.join(directory, 'files', one.part, one.path));
    const swapped = opened.entries.map((entry) => (entry === one ? { ...two, part: one.part, path: one.path } : entry));
    writeFileSync(file, formatManifest({ head: opened.head, entries: swapped }, opened.keys?.mac));
    await expect(restored(directory, PASSPHRASE)).rejects.toThrow(/authenticate/);
  });
});

describe('the manifest', () => {
  const head = { type: 'head', v: 1, created_at: '2026-11-21T00:00:00.000Z', schema: 6, left_out: [], sealed: null } as const;

  test('of a newer version, or of a store that this one cannot open, is refused by name', async () => {
    const directory = await made(undefined);
    const file = path.join(directory, 'manifest.ndjson');
    const { entries } = parseManifest(readFileSync(file, 'utf8'));
    expect(() => openBackup(directory, undefined, 5)).toThrow('schema 6, known is 5');
    writeFileSync(file, formatManifest({ head: { ...head, v: 2 }, entries }, undefined));
    expect(() => openBackup(directory, undefined, 6)).toThrow('format 2, known is 1');
  });

  test.each(['../outside', '/etc/passwd', 'a/../../b', './a', 'a//b', '', 'a\0b'])('with the path %j is refused', (name) => {
    const entry = { type: 'directory', part: 'data', path: name, mode: 0o700 } as const;
    expect(() => parseManifest(formatManifest({ head, entries: [entry] }, undefined))).toThrow('names something');
    expect(() => parseManifest(formatManifest({ head, entries: [{ type: 'link', part: 'data', path: 'a', target: name }] }, undefined))).toThrow('names something');
  });

  test.each(['', '{}', 'null\n', '{"type":"end"}\n', '[]\n[]\n'])('that reads %j is none', (text) => {
    expect(() => parseManifest(text)).toThrow(/damaged|no backup/);
  });

  test(`with any byte changed is refused (seed ${SEED})`, () => {
    const random = seededRandom(SEED);
    const entries = Array.from({ length: 5 }, (_, i) => ({ type: 'directory', part: random.pick(['data', 'log', 'keys'] as const), path: `a/${i}`, mode: 0o700 }) as const);
    const text = formatManifest({ head, entries }, undefined);
    expect(parseManifest(text).entries).toEqual(entries);
    for (let i = 0; i < 2_000; i++) {
      const bytes = Buffer.from(text);
      const at = random.below(bytes.length - 1);
      bytes[at] = (bytes[at] ?? 0) ^ random.between(1, 127);
      expect(() => parseManifest(bytes.toString()), `seed ${SEED}, round ${i}, byte ${at}`).toThrow(/damaged|no backup|newer|names something/);
    }
  });

  test('that asks for endless work is refused', async () => {
    const directory = await made(PASSPHRASE);
    const file = path.join(directory, 'manifest.ndjson');
    writeFileSync(file, formatManifest({ head: { ...head, sealed: { kdf: 'scrypt', n: 2 ** 40, r: 8, p: 1, salt: '' } }, entries: [] }, undefined));
    expect(() => openBackup(directory, PASSPHRASE, 6)).toThrow('more work');
  });
});

describe('where it goes', () => {
  test('a home that holds anything is refused, and left as it is', async () => {
    const directory = await made(undefined);
    write(path.join(root, 'new/data/log/data.mdb'), 'mine');
    await expect(restored(directory, undefined)).rejects.toThrow('is not empty');
    expect(readFileSync(path.join(root, 'new/data/log/data.mdb'), 'utf8')).toBe('mine');
  });

  test('what a killed restore left is written anew', async () => {
    const directory = await made(undefined);
    await restored(directory, undefined);
    write(path.join(root, 'new/data/log/data.mdb'), 'half');
    expect(await restored(directory, undefined)).toBe(7);
    expect(readFileSync(path.join(root, 'new/data/log/data.mdb'), 'utf8')).toBe('log');
  });

  test('a link that leads out of a part stops the backup', async () => {
    const parts = fill();
    symlinkSync('/etc', path.join(root, 'old/data/storage/engine/out'));
    await expect(writeBackup({ ...BASE, parts, directory: path.join(root, 'backup'), passphrase: undefined })).rejects.toThrow('links to something outside');
  });

  test('a folder that is not empty is no place for a backup', async () => {
    write(path.join(root, 'backup/x'), 'x');
    await expect(writeBackup({ ...BASE, parts: fill(), directory: path.join(root, 'backup'), passphrase: undefined })).rejects.toThrow('is not empty');
  });
});
