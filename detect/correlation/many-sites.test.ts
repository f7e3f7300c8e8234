import { describe, expect, test } from 'vitest';
import type { Observation } from '../../contracts/observation.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import type { CorrelationConfig } from './config.ts';
import { createManySites } from './many-sites.ts';
import type { KeyedRun } from '../../contracts/keyed-stage.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const START = Date.UTC(2026, 10, 21);
const CONFIG: CorrelationConfig = { sites: 3, window_s: 600, lateness_s: 1_800, addresses: 20_000 };
const WINDOW_MS = 600_000;

function seen(site: string, atS: number, change: Partial<Observation> = {}): Observation {
  const timestamp = START + atS * 1_000;
  return { by: 'source.ip', value: '198.51.100.7', site, leaf: 1, timestamp, received_at: timestamp, rule: 'r', level: 'high', class: 'c', ...change };
}

function linesOf(run: KeyedRun, observations: readonly Observation[]): readonly string[] {
  return observations.flatMap((o) => run.observe(o));
}

function idsOf(lines: readonly string[]): readonly string[] {
  return lines.map((line) => String(JSON.parse(line).event.id)).toSorted();
}

function found(observations: readonly Observation[], config = CONFIG): number {
  return linesOf(createManySites(config).begin(), observations).length;
}

describe('one address against many sites', () => {
  test('is told at the site that completes it, once, with the sites and the time between', () => {
    const run = createManySites(CONFIG).begin();
    expect(linesOf(run, [seen('a', 0), seen('a', 1), seen('b', 100)])).toEqual([]);
    const [line = '', ...more] = run.observe(seen('c', 500));
    expect(more).toEqual([]);
    expect(JSON.parse(line)).toEqual({
      '@timestamp': '2026-11-21T00:08:20.000Z',
      event: { kind: 'alert', category: ['intrusion_detection'], action: 'correlation', outcome: 'unknown', id: expect.stringMatching(/^finding_[a-p]{32}$/), severity: 73, start: '2026-11-21T00:00:00.000Z', end: '2026-11-21T00:08:20.000Z' },
      rule: { id: 'tourniquet.correlation.many-sites', name: 'One address attacks many sites', version: '1/3/600', category: 'attack.many-sites' },
      source: { ip: '198.51.100.7' },
      tourniquet: { correlation: { by: 'source.ip', sites: ['a', 'b', 'c'] } },
    });
    expect(linesOf(run, [seen('d', 501), seen('a', 502)])).toEqual([]);
  });

  test('is told again while it goes on, once for each length of the window', () => {
    const hour = Array.from({ length: 360 }, (_, i) => seen(`s${i % 5}`, i * 10));
    expect(found(hour)).toBe(6);
  });

  test.each([
    ['too few sites', [seen('a', 0), seen('b', 1), seen('a', 2), seen('b', 3)]],
    ['more time than the window', [seen('a', 0), seen('b', 300), seen('c', 660)]],
    ['matches of lower level', ['a', 'b', 'c'].map((site) => seen(site, 0, { level: 'medium' }))],
    ['different addresses', ['a', 'b', 'c'].map((site, i) => seen(site, 0, { value: `198.51.100.${i}` }))],
    ['an address of the sites\' own networks', ['10.1.2.3', '127.0.0.1', '192.168.1.1', '172.20.0.5', '::1', 'fe80::1', 'fd00::1', '::ffff:10.0.0.1', '-'].flatMap((value) => ['a', 'b', 'c'].map((site) => seen(site, 0, { value })))],
  ])('is not %s', (_name, observations) => {
    expect(found(observations)).toBe(0);
  });

  test('is found for IPv6 and for the settings of the operator', () => {
    expect(found(['a', 'b', 'c'].map((site) => seen(site, 0, { value: '2001:db8::7' })))).toBe(1);
    expect(found(['a', 'b'].map((site, i) => seen(site, i * 50)), { ...CONFIG, sites: 2, window_s: 60 })).toBe(1);
    expect(found(['a', 'b'].map((site, i) => seen(site, i * 80)), { ...CONFIG, sites: 2, window_s: 60 })).toBe(0);
  });
});

/** The definition, written as slowly as it reads: stretches in which a reached window starts at a pane that was seen. */
function stretchesOf(observations: readonly Observation[]): ReadonlySet<string> {
  const paneOf = (o: Observation): number => Math.floor(o.timestamp / (WINDOW_MS / 10));
  const told = new Set<string>();
  for (const first of observations) {
    const inWindow = observations.filter((o) => o.value === first.value && paneOf(o) >= paneOf(first) && paneOf(o) < paneOf(first) + 10);
    if (new Set(inWindow.map((o) => o.site)).size >= CONFIG.sites) told.add(`${first.value} ${Math.floor(paneOf(first) / 10)}`);
  }
  return told;
}

/** An order of arrival in which nothing is later than allowed. */
function arrival(random: Random, observations: readonly Observation[]): readonly Observation[] {
  const delayed = observations.map((o) => ({ o, at: o.timestamp + random.below(CONFIG.lateness_s * 1_000) }));
  return delayed.toSorted((a, b) => a.at - b.at).map(({ o }) => o);
}

test(`what is found follows from the observations alone, in any order of arrival within the lateness, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  let all = 0;
  for (let round = 0; round < 300; round++) {
    const spanS = random.pick([600, 1_500, 7_200]);
    const observations = Array.from({ length: random.between(3, 60) }, () => seen(`s${random.below(6)}`, random.below(spanS), { value: `198.51.100.${random.below(3)}` }));
    const expected = stretchesOf(observations);
    const first = idsOf(linesOf(createManySites(CONFIG).begin(), arrival(random, observations)));
    expect(first.length).toBe(expected.size);
    expect(new Set(first).size).toBe(first.length);
    for (let i = 0; i < 4; i++) expect(idsOf(linesOf(createManySites(CONFIG).begin(), arrival(random, observations)))).toEqual(first);
    all += first.length;
  }
  expect(all).toBeGreaterThan(300);
});

test(`a run goes on from its snapshot as if nothing had been, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const config = { ...CONFIG, addresses: 100 };
  const stage = createManySites(config);
  let [run, other] = [stage.begin(), stage.begin()];
  for (let i = 0; i < 20_000; i++) {
    const observation = seen(`s${random.below(20)}`, i * 3 - random.below(2_000) + 2_000, { value: `198.51.${random.below(2)}.${random.below(100)}` });
    expect(other.observe(observation)).toEqual(run.observe(observation));
    if (i % 1_000 === 999) other = stage.begin(JSON.parse(JSON.stringify(other.snapshot())));
  }
  expect(other.snapshot()).toEqual(run.snapshot());
  expect(run.counts().late).toBeGreaterThan(100);
  expect(run.counts().evicted).toBeGreaterThan(1_000);
});

describe('memory', () => {
  test('lets go of addresses that no window can reach any more', () => {
    const run = createManySites(CONFIG).begin();
    for (let i = 0; i < 50_000; i++) run.observe(seen('a', i, { value: `2001:db8::${i.toString(16)}` }));
    expect(run.counts().values).toBeLessThan(2_600);
    expect(run.counts().evicted).toBe(0);
  });

  test('forgets the address seen longest ago when there are too many, and counts it', () => {
    const run = createManySites({ ...CONFIG, addresses: 100 }).begin();
    const flood = Array.from({ length: 150 }, (_, i) => seen('a', 1, { value: `2001:db8::${i.toString(16)}` }));
    expect(linesOf(run, [seen('a', 0), seen('b', 0), ...flood.slice(0, 80), seen('a', 1), ...flood.slice(80), seen('c', 2)])).toHaveLength(1);
    expect(run.counts()).toEqual({ values: 100, late: 0, evicted: 51 });
    expect(linesOf(run, [...flood, seen('d', 3)])).toEqual([]);
  });

  test('passes over what comes too late, and counts it', () => {
    const run = createManySites(CONFIG).begin();
    expect(linesOf(run, [seen('a', 5_000), seen('a', 3_199), seen('b', 3_199), seen('c', 3_199)])).toEqual([]);
    expect(run.counts().late).toBe(3);
    expect(linesOf(run, [seen('a', 3_200), seen('b', 3_200), seen('c', 3_200)])).toHaveLength(1);
  });

  test('fits a control record when as many addresses as allowed attack as much as they can', () => {
    const config = { ...CONFIG, addresses: 30_000 };
    const run = createManySites(config).begin();
    const random = seededRandom(SEED);
    for (let i = 0; i < 400_000; i++) {
      run.observe(seen(`${'site'.repeat(14)}${random.below(10_000)}`, random.below(2_400) + 2_400, { value: `2001:db8:1111:2222:3333:4444:5555:${(0x1000 + random.below(30_000)).toString(16)}` }));
    }
    expect(run.counts().values).toBeGreaterThan(20_000);
    expect(JSON.stringify(run.snapshot()).length).toBeLessThan(7 * 1024 * 1024);
  });
});
