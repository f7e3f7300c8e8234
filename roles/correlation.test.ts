import { expect, test } from 'vitest';
import type { Observation } from '../contracts/observation.ts';
import type { Random } from '../contracts/seeded-random.ts';
import type { CorrelationLimits } from '../detect/correlation/config.ts';
import { createCorrelationStage } from '../detect/correlation/correlation-stage.ts';
import { systemAlert } from '../detect/correlation/finding.ts';
import { createObserver } from '../detect/correlation/observer.ts';
import { readRules } from '../detect/sigma/language/read-rules.ts';
import type { CorrelationRule } from '../detect/sigma/rule.ts';
import { breakLine } from '../storage/correlate/break-line.ts';
import type { Break } from '../storage/correlate/break-line.ts';
import { simulate } from '../storage/correlate/correlator-simulation.ts';

/** The engine of correlations in the second stage, under everything that its simulation does to a correlator. */
const HISTORIES = Number(process.env['TOURNIQUET_SIM_HISTORIES'] ?? 60);
const SEED = Number(process.env['TOURNIQUET_SIM_SEED'] ?? Date.now() % 1_000_000);
const COUNTED = ['findings', 'crashes', 'duplicates', 'overtaken', 'ticks', 'reloads', 'late', 'evicted'] as const;
/** Small, so that short histories reach them. */
const LIMITS: CorrelationLimits = { latenessMs: 2_000, idleMs: 4_000, groups: 40, bytes: 20_000 };

const BASES = ['login', 'export', 'update'];

function correlation(name: string, body: string): string {
  return `title: ${name}\nname: ${name}\nlevel: high\ncorrelation:\n${body.split('\n').map((line) => `  ${line}`).join('\n')}\n`;
}

/** Each kind of condition, within a site and across; some rules change or go from set to set. */
function ruleSetText(order: number): string {
  return [
    ...BASES.map((name) => `title: ${name}\nname: ${name}\nlogsource: {category: x}\ndetection: {s: {a: 1}, condition: s}\n`),
    correlation('many', `type: event_count\nrules: [login]\ngroup-by: [user.name]\ntimespan: ${order % 2 === 0 ? 10 : 20}s\ncondition: {gte: 3}`),
    correlation('distinct', 'type: value_count\nrules: [export]\ngroup-by: [source.ip]\ntimespan: 15s\ncondition: {field: user.name, gte: 3}'),
    correlation('few', 'type: event_count\nrules: [update]\ngroup-by: [source.ip]\ntimespan: 5s\ncondition: {lt: 3}'),
    correlation('ordered', 'type: temporal_ordered\nrules: [login, export]\ngroup-by: [source.ip]\ntimespan: 8s'),
    correlation('mean', 'type: value_avg\nrules: [export]\ngroup-by: [source.ip]\ntimespan: 6s\ncondition: {field: bytes, gt: 50}'),
    ...(order % 3 === 0 ? [] : [correlation('chained', 'type: event_count\nrules: [many, distinct]\ntimespan: 1m\ncondition: {gte: 2}\ngenerate: true')]),
    `${correlation('sites', 'type: value_count\nrules: [login, export]\ngroup-by: [source.ip]\ntimespan: 30s\ncondition: {field: tourniquet.site, gte: 2}')}tourniquet: {scope: deployment}\n`,
  ].join('---\n');
}

const sets = new Map<string, readonly CorrelationRule[]>();

function correlationsOf(version: string): readonly CorrelationRule[] {
  const known = sets.get(version);
  if (known !== undefined) return known;
  const { rules, problems } = readRules([{ file: version, text: ruleSetText(Number(version.slice(1))) }]);
  expect(problems).toEqual([]);
  sets.set(version, rules.correlations);
  return rules.correlations;
}

/** What a worker tells of a random match. Some events are old, some very old. */
function nextObservation(random: Random, leaf: number, source: number, nowMs: number): Observation {
  const rules = correlationsOf(`r${random.between(1, 6)}`);
  const rule = random.pick(BASES);
  const event: Readonly<Record<string, string | number>> = { 'user.name': `u${random.below(4)}`, 'source.ip': `198.51.100.${random.below(3)}`, bytes: random.below(100) };
  const site = `s${source}${random.below(2)}`;
  const told = createObserver(rules).observe(rule, site, (field) => event[field]);
  const timestamp = nowMs - random.pick([0, random.below(1_000), random.below(3_000), random.below(60_000)]);
  return { ...random.pick(told), site, leaf, timestamp, received_at: nowMs, rule };
}

test(`findings of the real engine equal those of an undisturbed run, whatever dies, from seed ${SEED}`, async () => {
  process.stdout.write(`correlation: TOURNIQUET_SIM_SEED=${SEED}\n`);
  const total = { findings: 0, crashes: 0, duplicates: 0, overtaken: 0, ticks: 0, reloads: 0, late: 0, evicted: 0 };
  const createStage = () => createCorrelationStage(async (version) => ({ order: Number(version.slice(1)), correlations: correlationsOf(version) }), LIMITS);
  for (let i = 0; i < HISTORIES; i++) {
    const history = await simulate(SEED + i, { createStage, nextObservation });
    expect(history.problems, `seed ${SEED + i}`).toEqual([]);
    for (const name of COUNTED) total[name] += history[name];
  }
  process.stdout.write(`${JSON.stringify(total)}\n`);
  for (const name of COUNTED) expect(total[name], name).toBeGreaterThan(HISTORIES / 10);
});

test('what an epoch says of itself is an alert where observations were lost, else a match', () => {
  const alert = (reason: Break) => systemAlert(JSON.parse(breakLine(reason, 2, 0)));
  expect(alert({ type: 'lost', partition: 0, from: 1, to: 2 })).toMatchObject({ rule: 'tourniquet.correlation.break', level: 'high', class: 'integrity', late: false, group: [] });
  expect(alert({ type: 'cut', partition: 0, next: 2, end: 1 })).toMatchObject({ level: 'high' });
  expect(alert({ type: 'changed', partition: 0, version: 'v' })).toMatchObject({ level: 'low' });
});
