import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { createCorrelations } from '../../detect/correlation/correlations.ts';
import type { Correlations } from '../../detect/correlation/correlations.ts';
import { readRules } from '../../detect/sigma/language/read-rules.ts';
import { printProblems } from '../../detect/sigma/language/print-problems.ts';
import type { CorrelationRule } from '../../detect/sigma/rule.ts';

/**
 * What 100 correlations over 100,000 groups cost: `bench-correlation.ts [SEED]` prints one JSON object. Each event is told
 * to a correlation of its own rule, out of order by up to a minute, and almost none completes a window: the usual case.
 */
const RULES = 100;
const GROUPS = 100_000;
const EVENTS = 1_000_000;
const PART = 10_000;
const MS_AN_EVENT = 1;
const LIMITS = { latenessMs: 300_000, idleMs: 60_000, groups: 1_000_000, bytes: 1_000_000_000 };

const CONDITIONS = [
  ...Array.from({ length: 5 }, () => 'type: event_count, condition: { gte: 1000 }'),
  'type: value_count, condition: { field: user.name, gte: 1000 }',
  'type: value_sum, condition: { field: bytes, gt: 1000000000 }',
  'type: event_count, condition: { lt: 1 }',
];

function rulesText(): string {
  return Array.from({ length: RULES }, (_, i) => [
    `title: Base ${i}\nname: base_${i}\nlogsource: { category: bench }\ndetection: { one: { n: ${i} }, condition: one }`,
    `title: Correlation ${i}\nname: correlation_${i}\ncorrelation: { rules: [base_${i}], group-by: [source.ip], timespan: 60m, ${(CONDITIONS[i % CONDITIONS.length] ?? '').replace('lt: 1 ', 'gte: 500, lte: 1000 ')} }`,
  ]).flat().join('\n---\n');
}

function observed(random: Random, rules: readonly CorrelationRule[], leaf: number): Observation {
  const received_at = Date.UTC(2026, 10, 21) + leaf * MS_AN_EVENT;
  const timestamp = received_at - (random.chance(0.2) ? random.below(60_000) : 0);
  const address = random.below(GROUPS / RULES);
  const fields = { 'source.ip': `198.51.${address >> 8}.${address & 255}`, 'user.name': `user${random.below(500)}`, bytes: random.below(10_000) };
  return { by: BY_SITE, value: 'shop', site: 'shop', leaf, timestamp, received_at, rule: random.pick(rules).rules[0] ?? '', fields };
}

function heapBytes(): number {
  setFlagsFromString('--expose-gc');
  // What the flag adds to new contexts.
  const collect = runInNewContext('gc') as () => void;
  collect();
  return process.memoryUsage().heapUsed;
}

/** What keeping the same events by rule and group in plain maps and lists costs, nothing decided: this machine's floor, in us an event. */
function floorMicros(random: Random, rules: readonly CorrelationRule[]): number {
  const kept = new Map<string, Map<string, { readonly at: number; readonly leaf: number }[]>>();
  let micros = 0;
  for (let told = 0; told < EVENTS; told += PART) {
    const part = Array.from({ length: PART }, (_, i) => observed(random, rules, told + i));
    const before = process.cpuUsage();
    for (const { rule, fields, timestamp, leaf } of part) {
      const groups = kept.get(rule) ?? new Map<string, { readonly at: number; readonly leaf: number }[]>();
      kept.set(rule, groups);
      const key = String(fields['source.ip']);
      const entries = groups.get(key);
      if (entries === undefined) groups.set(key, [{ at: timestamp, leaf }]);
      else entries.push({ at: timestamp, leaf });
    }
    const { user, system } = process.cpuUsage(before);
    micros += user + system;
  }
  return micros / EVENTS;
}

/** A function of its own, so that nothing holds the snapshot when the memory is measured. */
function entriesOf(from: Correlations): number {
  return from.snapshot().shelves.reduce((sum, shelf) => sum + shelf.groups.reduce((all, [, , , , flat]) => all + flat.length / 3, 0), 0);
}

const seed = Number(process.argv[2] ?? 20261121);
const text = rulesText();
const files = [{ file: 'bench.yml', text }];
const { rules: { correlations: rules }, problems } = readRules(files);
if (problems.length > 0) throw new Error(printProblems(problems, files));
const heapBefore = heapBytes();
const correlations = createCorrelations(rules, LIMITS);
let found = 0;
let cpuMicros = 0;
const random = seededRandom(seed);
// In parts, so that what is told is not held longer than a worker would.
for (let told = 0; told < EVENTS; told += PART) {
  const part = Array.from({ length: PART }, (_, i) => observed(random, rules, told + i));
  const before = process.cpuUsage();
  for (const observation of part) found += correlations.observe(observation).length;
  const { user, system } = process.cpuUsage(before);
  cpuMicros += user + system;
}
const { groups, evicted, late } = correlations.counts();
const entries = entriesOf(correlations);
const bytes = heapBytes() - heapBefore;
const floor = floorMicros(seededRandom(seed), rules);
process.stdout.write(`${JSON.stringify({ seed, rules: rules.length, events: EVENTS, groups, entries, found, evicted, late, microsAnEvent: cpuMicros / EVENTS, floorMicrosAnEvent: floor, bytesAnEntry: bytes / entries })}\n`);
