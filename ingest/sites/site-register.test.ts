import { describe, expect, test } from 'vitest';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { SITES_ERRORS, SitesError } from './errors.ts';
import { addSite, listSites, rotateSite } from './site-admin.ts';
import { openSiteRegister } from './site-register.ts';
import type { KeyUse } from './site-state.ts';

const clock = () => 1_000;
const [K1, K2, K3] = ['A', 'B', 'C'].map((c) => c.repeat(43)) as [string, string, string]; // three by construction

async function setUp() {
  const disk = createLogDisk(1);
  const log = openMemoryLog(disk);
  const secrets = await addSite(log.registry, 'shop', clock);
  const sites = await openSiteRegister(log.registry, { pollMs: 2 ** 30 });
  return { disk, log, secrets, sites };
}

function use(key: string, more: Partial<KeyUse> = {}): KeyUse {
  return { stream: 'audit', epoch: 1, first_seq: 0, lines: 10, key, ...more };
}

function introducing(key: string, by: string, more: Partial<KeyUse> = {}): KeyUse {
  return use(key, { certificate: { key, by }, ...more });
}

describe('adding sites', () => {
  test('only hashes of secrets are stored', async () => {
    const { log, secrets } = await setUp();
    const stored = (await log.registry.read(0, 100)).map((e) => e.key + e.value).join('\n');
    expect(stored).not.toContain(secrets.enrolmentSecret);
    expect(stored).not.toContain(secrets.ingestKey);
    expect(stored).toContain('key_hash');
  });

  test('a name can be added once, also by two at the same time', async () => {
    const { log } = await setUp();
    const results = await Promise.allSettled([addSite(log.registry, 'two', clock), addSite(log.registry, 'two', clock), addSite(log.registry, 'shop', clock)]);
    expect(results.map((r) => r.status)).toEqual(['fulfilled', 'rejected', 'rejected']);
    expect((await listSites(log.registry)).map((s) => s.site)).toEqual(['shop', 'two']);
  });

  test('a wrong name, the system site and an unknown site are refused with their fix', async () => {
    const { log } = await setUp();
    for (const name of ['', '_system', 'Shop', '../x', 'a'.repeat(65)]) await expect(addSite(log.registry, name, clock)).rejects.toThrow(SITES_ERRORS['TQ-SITES-01']);
    await expect(rotateSite(log.registry, 'nobody', clock)).rejects.toEqual(new SitesError('TQ-SITES-03'));
  });
});

test('a site is known once its record was read', async () => {
  const { log, sites } = await setUp();
  await addSite(log.registry, 'later', clock);
  expect([sites.has('shop'), sites.has('later'), sites.has('nobody')]).toEqual([true, false, false]);
  await sites.refresh();
  expect(sites.has('later')).toBe(true);
});

describe('enrolment', () => {
  test('the first key wins, the same key may come again, another is refused, over two gateways', async () => {
    const { log, sites, secrets } = await setUp();
    const other = await openSiteRegister(log.registry, { pollMs: 2 ** 30 });
    const outcomes = await Promise.all([sites.enrol('shop', secrets.enrolmentSecret, K1, 1), other.enrol('shop', secrets.enrolmentSecret, K2, 1)]);
    expect(outcomes.toSorted()).toEqual(['pinned', 'used']);
    const winner = outcomes[0] === 'pinned' ? K1 : K2;
    expect(await other.enrol('shop', secrets.enrolmentSecret, winner, 2)).toBe('pinned');
    expect(await other.enrol('shop', secrets.enrolmentSecret, K3, 2)).toBe('used');
    expect([sites.judge('shop', use(winner)), await other.judgeFresh('shop', use(winner))]).toEqual(['accepted', 'accepted']);
  });

  test('one replaced a moment ago pins nothing, though this gateway had not read of it', async () => {
    const { log, sites, secrets } = await setUp();
    await rotateSite(log.registry, 'shop', clock);
    expect(await sites.enrol('shop', secrets.enrolmentSecret, K1, 1)).toBe('replaced');
    expect(sites.judge('shop', use(K1))).toBe('retired');
  });

  test('a wrong secret or site is unknown', async () => {
    const { sites, secrets } = await setUp();
    expect(await sites.enrol('shop', 'x'.repeat(43), K1, 1)).toBe('unknown');
    expect(await sites.enrol('other', secrets.enrolmentSecret, K1, 1)).toBe('unknown');
    expect(await sites.enrol('shop', 'short', K1, 1)).toBe('unknown');
  });

  test('rotation retires keys, the open secret and the ingest key at once', async () => {
    const { log, sites, secrets } = await setUp();
    await sites.enrol('shop', secrets.enrolmentSecret, K1, 1);
    const renewed = await rotateSite(log.registry, 'shop', clock);
    await sites.refresh();
    expect(sites.judge('shop', use(K1))).toBe('retired');
    expect(await sites.enrol('shop', secrets.enrolmentSecret, K1, 1)).toBe('replaced');
    expect(await sites.siteOfIngestKey(secrets.ingestKey)).toBeUndefined();
    expect(await sites.siteOfIngestKey(renewed.ingestKey)).toBe('shop');
    expect(await sites.enrol('shop', renewed.enrolmentSecret, K1, 1)).toBe('pinned');
    expect(sites.judge('shop', use(K1))).toBe('accepted');
  });
});

describe('following the registry', () => {
  test('a site added elsewhere is found on a miss, without waiting for the poll', async () => {
    const { log, sites } = await setUp();
    const { ingestKey } = await addSite(log.registry, 'late', clock);
    expect(await sites.siteOfIngestKey(ingestKey)).toBe('late');
  });

  test('a failed read is told and the records are folded once by the next', async () => {
    const { log, secrets } = await setUp();
    let failing = true;
    let reads = 0;
    const registry = { ...log.registry, read: (from: number, max: number) => (failing && ++reads > 1 ? Promise.reject(new Error('gone')) : log.registry.read(from, Math.min(max, 1))) };
    const opening = openSiteRegister(registry, { pollMs: 2 ** 30 });
    await expect(opening).rejects.toThrow('gone');
    failing = false;
    const sites = await openSiteRegister(registry, { pollMs: 2 ** 30 });
    const renewed = await rotateSite(log.registry, 'shop', clock);
    await Promise.all([sites.refresh(), sites.refresh(), sites.refresh()]);
    // Folding the rotation twice would have left the new secret behind its generation.
    expect(await sites.enrol('shop', renewed.enrolmentSecret, K1, 1)).toBe('pinned');
    expect(await sites.enrol('shop', secrets.enrolmentSecret, K2, 1)).toBe('replaced');
  });

  test('records that are none and records of unknown sites change nothing', async () => {
    const { log, sites } = await setUp();
    for (const value of ['{', '[]', 'null', '{"type":"pin"}', '{"type":"new","site":"shop"}', '{"type":"pin","site":"nobody","secret_hash":"x","key":"y"}']) await log.registry.append('site/shop/odd', value);
    await sites.refresh();
    expect(sites.judge('nobody', use('y'))).toBe('unknown');
    expect((await listSites(log.registry)).map((s) => s.site)).toEqual(['shop']);
  });
});

describe('successor keys', () => {
  async function enrolled() {
    const all = await setUp();
    await all.sites.enrol('shop', all.secrets.enrolmentSecret, K1, 1);
    return all;
  }

  test('a key certified by an accepted one introduces itself and, once registered, signs without the certificate', async () => {
    const { sites } = await enrolled();
    const first = introducing(K2, K1, { first_seq: 100 });
    expect(sites.judge('shop', first)).toBe('introduces');
    expect(await sites.registerSuccessor('shop', first, 5)).toBe(true);
    expect(sites.judge('shop', first)).toBe('accepted');
    expect(sites.judge('shop', use(K2, { first_seq: 110 }))).toBe('accepted');
  });

  test('the key before signs only repeats below the first sequence of its successor in that stream', async () => {
    const { sites } = await enrolled();
    await sites.registerSuccessor('shop', introducing(K2, K1, { first_seq: 100 }), 5);
    expect(sites.judge('shop', use(K1, { first_seq: 90, lines: 10 }))).toBe('accepted');
    expect(sites.judge('shop', use(K1, { first_seq: 91, lines: 10 }))).toBe('retired');
    expect(sites.judge('shop', use(K1, { epoch: 2, first_seq: 0 }))).toBe('retired');
    expect(sites.judge('shop', use(K1, { stream: 'access', first_seq: 500 }))).toBe('accepted');
  });

  test('a successor ends the keys before it in each stream it enters, also over several steps', async () => {
    const { sites } = await enrolled();
    await sites.registerSuccessor('shop', introducing(K2, K1, { first_seq: 100 }), 5);
    await sites.registerSuccessor('shop', introducing(K3, K2, { first_seq: 200 }), 6);
    const entering = use(K3, { stream: 'access', first_seq: 50 });
    expect(sites.judge('shop', entering)).toBe('enters');
    expect(await sites.registerSuccessor('shop', entering, 7)).toBe(true);
    for (const key of [K1, K2]) {
      expect(sites.judge('shop', use(key, { stream: 'access', first_seq: 40 }))).toBe('accepted');
      expect(sites.judge('shop', use(key, { stream: 'access', first_seq: 50 }))).toBe('retired');
    }
    expect(sites.judge('shop', use(K3, { stream: 'access', first_seq: 60 }))).toBe('accepted');
  });

  test('a retired key cannot name another through a stream its successor never entered', async () => {
    const { sites } = await enrolled();
    await sites.registerSuccessor('shop', introducing(K2, K1, { first_seq: 100 }), 5);
    const thief = introducing(K3, K1, { stream: 'new' });
    expect(sites.judge('shop', thief)).toBe('retired');
    expect(await sites.registerSuccessor('shop', thief, 6)).toBe(false);
    expect(sites.judge('shop', introducing(K1, K2, { first_seq: 100 }))).toBe('retired');
  });

  test('a site restored with a key from before goes on once it enrols again', async () => {
    const { log, sites } = await enrolled();
    await sites.registerSuccessor('shop', introducing(K2, K1, { first_seq: 100 }), 5);
    const { enrolmentSecret } = await rotateSite(log.registry, 'shop', clock);
    expect(await sites.enrol('shop', enrolmentSecret, K1, 6)).toBe('pinned');
    expect(sites.judge('shop', use(K1, { first_seq: 100 }))).toBe('accepted');
    expect(sites.judge('shop', use(K2, { first_seq: 100 }))).toBe('retired');
    expect(await sites.registerSuccessor('shop', introducing(K3, K1, { first_seq: 110 }), 7)).toBe(true);
  });

  test('a retired key cannot name another successor, also when two gateways are asked at once', async () => {
    const { log, sites } = await enrolled();
    const other = await openSiteRegister(log.registry, { pollMs: 2 ** 30 });
    const named = await Promise.all([
      sites.registerSuccessor('shop', introducing(K2, K1, { first_seq: 100 }), 5),
      other.registerSuccessor('shop', introducing(K3, K1, { first_seq: 100 }), 5),
    ]);
    expect(named.filter(Boolean)).toHaveLength(1);
    const loser = named[0] === true ? K3 : K2;
    expect(sites.judge('shop', introducing(loser, K1, { first_seq: 100 }))).toBe('retired');
  });

  test('a key nobody vouches for is unknown, one that vouches for itself too', async () => {
    const { sites } = await enrolled();
    expect(sites.judge('shop', use(K2))).toBe('unknown');
    expect(sites.judge('shop', introducing(K2, K3))).toBe('unknown');
    expect(sites.judge('shop', introducing(K2, K2))).toBe('unknown');
    expect(sites.judge('nobody', use(K1))).toBe('unknown');
  });
});
