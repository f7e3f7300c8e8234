import { chmodSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { createHmac } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openKeyRing } from './key-ring.ts';

let home: string;
let directory: string;
beforeEach(() => {
  home = mkdtempSync(join(tmpdir(), 'tq-keys-'));
  directory = join(home, 'keys');
});
afterEach(() => rmSync(home, { recursive: true }));

test('a new ring is private to its user and the same after opening again', () => {
  const ring = openKeyRing(directory);
  expect(statSync(directory).mode & 0o777).toBe(0o700);
  for (const name of readdirSync(directory)) expect(statSync(join(directory, name)).mode & 0o777).toBe(0o600);
  const again = openKeyRing(directory);
  expect(ring.deployment).toMatch(/^tourniquet-[a-z]{8}$/);
  expect(again.deployment).toBe(ring.deployment);
  expect(again.siteKeys('shop')).toEqual(ring.siteKeys('shop'));
  expect(again.sealingKey()).toEqual(ring.sealingKey());
});

test('a directory or file that others can read is refused, with the command that repairs it', () => {
  openKeyRing(directory);
  for (const [path, mode] of [[directory, 0o750], [join(directory, 'tenant-1.key'), 0o604], [join(directory, 'checkpoint.key'), 0o640]] as const) {
    const before = statSync(path).mode & 0o777;
    chmodSync(path, mode);
    expect(() => openKeyRing(directory)).toThrow(/TQ-KEYS-07.*chmod -R go-rwx/);
    chmodSync(path, before);
  }
  openKeyRing(directory);
});

test('a first start that was killed after any step is taken up again, and keys already made stay', () => {
  // The files in the order they are made; a kill leaves the first n, and perhaps a half written next one.
  const order = ['tenant-1.key', 'sealing-1.key', 'checkpoint.key', 'retention.key', 'deployment', 'announced.json'];
  for (let made = 0; made < order.length; made++) {
    openKeyRing(directory);
    for (const name of order.slice(made)) rmSync(join(directory, name));
    const kept = order.slice(0, made).map((name) => readFileSync(join(directory, name)));
    writeFileSync(join(directory, `${order[made]}.tmp`), 'half', { mode: 0o600 });
    openKeyRing(directory);
    expect(order.slice(0, made).map((name) => readFileSync(join(directory, name)))).toEqual(kept);
    expect(readdirSync(directory).toSorted()).toEqual(order.toSorted());
    rmSync(directory, { recursive: true });
  }
});

test('a key that is lost or damaged later is never made anew', () => {
  const { rotate } = openKeyRing(directory);
  rotate();
  for (const name of ['tenant-1.key', 'sealing-1.key', 'checkpoint.key', 'retention.key']) {
    const bytes = readFileSync(join(directory, name));
    rmSync(join(directory, name));
    expect(() => openKeyRing(directory)).toThrow(`(${name})`);
    expect(existsSync(join(directory, name))).toBe(false);
    writeFileSync(join(directory, name), bytes.subarray(1), { mode: 0o600 });
    expect(() => openKeyRing(directory)).toThrow(/TQ-KEYS-08/);
    writeFileSync(join(directory, name), bytes, { mode: 0o600 });
  }
  expect(openKeyRing(directory).newestEpoch()).toBe(2);
});

test('a rotation gives new keys and keeps the old ones usable, also after opening again', () => {
  const ring = openKeyRing(directory);
  const old = { site: ring.siteKeys('shop'), sealing: ring.sealingKey() };
  expect(ring.rotate()).toBe(2);
  for (const now of [ring, openKeyRing(directory)]) {
    expect(now.siteKeys('shop').epoch).toBe(2);
    expect(now.siteKeys('shop').token).not.toEqual(old.site.token);
    expect(now.siteKeys('shop', 1)).toEqual(old.site);
    expect(now.sealingKey().id).not.toBe(old.sealing.id);
    expect(now.sealingPrivateKey(old.sealing.id).asymmetricKeyType).toBe('x25519');
    expect(() => now.siteKeys('shop', 3)).toThrow(/TQ-KEYS-04/);
    expect(() => now.sealingPrivateKey('0123456789abcdef')).toThrow(/TQ-KEYS-04/);
  }
});

test('site keys are HKDF-SHA-256 of the tenant key, different for each site, epoch and use', () => {
  const ring = openKeyRing(directory);
  // RFC 5869 by hand: extract with a salt of zeros, expand one block.
  const extracted = createHmac('sha256', Buffer.alloc(32)).update(readFileSync(join(directory, 'tenant-1.key'))).digest();
  const expanded = createHmac('sha256', extracted).update('tourniquet/site-token/v1\nshop\n1\x01').digest();
  expect(ring.siteKeys('shop').token).toEqual(expanded);
  ring.rotate();
  const all = ['shop', 'shop1', 'other'].flatMap((site) => [1, 2].flatMap((epoch) => [ring.siteKeys(site, epoch).token, ring.siteKeys(site, epoch).deadLetter]));
  expect(new Set(all.map((key) => key.toString('hex'))).size).toBe(all.length);
});
