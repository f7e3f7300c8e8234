import { expect, test } from 'vitest';
import { SEED_KINDS } from '../../contracts/scope.ts';
import type { ScopeReport, ScopeRequest } from '../../contracts/scope.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { computeScope } from './compute-scope.ts';
import { entityKey } from './entity.ts';
import { createMemoryStore } from './memory-store.ts';
import type { MemoryTrail } from './memory-store.ts';
import { trailOf } from './test-trail.ts';
import type { ToldDeed } from './test-trail.ts';

const START = Date.UTC(2026, 10, 10);
const HOUR = 3_600_000;
const [FROM, TO] = [START + 100 * HOUR, START + 300 * HOUR];
const CATEGORIES = ['data_access', 'data_access', 'data_access', 'iam', 'configuration', 'outbound', 'authentication'] as const;
const ACTIONS = ['order-viewed', 'administrator-created', 'application-password-created', 'password-changed', 'plugin-installed', 'plugin-updated', 'webhook-created', 'http-request'] as const;

/** Few names, so that everything meets everything. */
function wildTrail(random: Random): MemoryTrail {
  const name = (kind: string, count: number): string => (random.chance(0.25) ? '' : `${kind}${random.below(count)}`);
  const told = Array.from({ length: 40 + random.below(120) }, (): ToldDeed => {
    const target_kind = random.pick(['', 'user', 'key', 'plugin'] as const);
    return {
      at: random.below(400) * HOUR, lateMs: random.chance(0.2) ? random.below(200) * HOUR - 50 * HOUR : 0, actor: name('actor', 5), session: name('session', 12), address: name('address', 6), key: random.chance(0.8) ? '' : name('key', 3), plugin: random.chance(0.7) ? '' : name('plugin', 3),
      agent: random.pick(['', 'a', 'b', 'c']), category: random.pick(CATEGORIES), action: random.pick(ACTIONS), outcome: random.chance(0.15) ? 'failure' : 'success', how: random.pick(['view', 'list', 'export', 'outbound', '']), role: random.pick(['', 'customer', 'administrator']),
      target_kind, target: target_kind === '' ? '' : name(target_kind === 'user' ? 'actor' : target_kind, 5), destination: random.chance(0.8) ? '' : name('host', 3), people: Array.from({ length: random.below(3) }, () => random.pick([...'abcdefgh'])), classes: ['pii.email'], records: random.below(5),
    };
  });
  return { ...trailOf('shop', START, told), alerts: new Map([['alert0', [random.below(told.length)]]]) };
}

function wildRequest(random: Random): ScopeRequest {
  const kind = random.pick(SEED_KINDS);
  return { site: 'shop', seed: { kind, value: kind === 'alert' ? 'alert0' : `${kind}${random.below(4)}` }, fromMs: FROM, toMs: TO, leastConfidence: random.pick([0.2, 0.5, 0.8]) };
}

function check(report: ScopeReport, seed: number): void {
  const followed = new Map(report.links.filter((link) => link.followed).map((link) => [entityKey(link.to), link]));
  const leaves = new Set(report.deeds.map(({ leaf }) => leaf));
  for (const { leaf, atMs, by, confidence } of report.deeds) {
    const link = followed.get(entityKey(by));
    expect([seed, leaf, link !== undefined && link.sinceMs <= atMs && link.confidence === confidence, atMs >= FROM && atMs < TO]).toEqual([seed, leaf, true, true]);
  }
  for (const { subject, evidence, read, changed, exported, sentOut } of report.subjects) {
    expect([seed, subject, evidence.length > 0, evidence.every((leaf) => leaves.has(leaf)), read + changed + exported + sentOut]).toEqual([seed, subject, true, true, evidence.length]);
  }
  for (const { from, confidence, followed: is } of report.links) {
    expect([seed, confidence >= 0 && confidence <= 1, !is || confidence >= report.request.leastConfidence]).toEqual([seed, true, true]);
    // Whatever is followed hangs together: an address may be the bridge without being followed itself.
    if (is && from !== undefined && from.kind !== 'address') expect([seed, entityKey(from), followed.has(entityKey(from))]).toEqual([seed, entityKey(from), true]);
  }
}

test('whatever the trail, the report hangs together, is the same each time, and leaves out whom the asker clears', async () => {
  const first = Date.now() % 1_000_000;
  for (let seed = first; seed < first + 150; seed++) {
    const random = seededRandom(seed);
    const trail = wildTrail(random);
    const request = wildRequest(random);
    const report = await computeScope(createMemoryStore(trail), request);
    check(report, seed);
    expect(JSON.stringify(await computeScope(createMemoryStore({ ...trail, acts: trail.acts.toReversed() }), request)), `seed ${seed}`).toBe(JSON.stringify(report));
    const cleared = report.links.find((link) => link.followed && link.reason !== 'seed')?.to;
    if (cleared === undefined) continue;
    const narrower = await computeScope(createMemoryStore(trail), { ...request, innocent: [cleared] });
    expect([seed, narrower.deeds.some(({ by }) => entityKey(by) === entityKey(cleared))]).toEqual([seed, false]);
  }
});
