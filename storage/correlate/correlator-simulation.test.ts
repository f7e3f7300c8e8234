import { expect, test } from 'vitest';
import { encodeRecordHead, frameRecord, parseRecord } from '../../contracts/log-record.ts';
import type { CorrelatorDeps } from './correlator-deps.ts';
import { simulate } from './correlator-simulation.ts';

const HISTORIES = Number(process.env['TOURNIQUET_SIM_HISTORIES'] ?? 300);
const SEED = Number(process.env['TOURNIQUET_SIM_SEED'] ?? Date.now() % 1_000_000);
const COUNTED = ['findings', 'crashes', 'duplicates', 'overtaken', 'trimmed', 'ticks', 'reloads'] as const;

test(`${HISTORIES} histories end with each finding once on the trail of its site, from seed ${SEED}`, async () => {
  process.stdout.write(`correlator simulation: TOURNIQUET_SIM_SEED=${SEED}\n`);
  const total = { findings: 0, crashes: 0, duplicates: 0, overtaken: 0, trimmed: 0, ticks: 0, reloads: 0 };
  for (let i = 0; i < HISTORIES; i++) {
    const history = await simulate(SEED + i);
    expect(history.problems, `seed ${SEED + i}`).toEqual([]);
    for (const name of COUNTED) total[name] += history[name];
  }
  process.stdout.write(`${JSON.stringify(total)}\n`);
  for (const name of COUNTED) expect(total[name], name).toBeGreaterThan(HISTORIES / 10);
});

type Sabotage = (deps: CorrelatorDeps) => CorrelatorDeps;

const SABOTAGES: readonly (readonly [name: string, sabotage: Sabotage])[] = [
  ['findings that are not waited for', (deps) => ({ ...deps, log: { ...deps.log, append: async (key, value) => {
    deps.log.append(key, value).catch(() => undefined);
    return { partition: 0, position: 0 };
  } } })],
  ['a stage that looks at a clock', (deps) => ({ ...deps, stage: { ...deps.stage, begin: (snapshot) => {
    const run = deps.stage.begin(snapshot);
    return { ...run, observe: (o) => run.observe(o).map(({ site, line }) => ({ site, line: line.replace('id":"', `id":"${deps.clock.nowMs()} `) })) };
  } } })],
  ['observations let go of before anyone else could read them', (deps) => ({ ...deps, log: { ...deps.log, observations: { ...deps.log.observations, trim: (partition, before) => deps.log.observations.trim(partition, before + 5) } } })],
  ['a finding that is written at another place of its stream when it is found again', (deps) => ({ ...deps, log: { ...deps.log, append: async (key, value) => {
    const { head, sealed } = parseRecord(value) ?? {};
    if (head === undefined || sealed === undefined) throw new Error('no record');
    const runs = head.ingress?.runs.map(([first, records, lines]) => [first + Math.round(deps.clock.elapsedMs()) % 7, records, lines] as const) ?? [];
    return deps.log.append(key, frameRecord(encodeRecordHead({ ...head, ingress: { runs } }), sealed));
  } } })],
  ['rules that a restart forgets', (deps) => ({ ...deps, stage: { ...deps.stage, begin: (snapshot) => {
    const run = deps.stage.begin(snapshot);
    let uses = 0;
    return { ...run, use: (rules) => (snapshot !== undefined && ++uses === 1 ? undefined : run.use(rules)) };
  } } })],
  ['a time that goes by the clock of whoever looks', (deps) => ({ ...deps, stage: { ...deps.stage, begin: (snapshot) => {
    const run = deps.stage.begin(snapshot);
    return { ...run, advance: () => run.advance(deps.clock.nowMs()) };
  } } })],
  ['a memory that a restart loses', (deps) => ({ ...deps, stage: { ...deps.stage, begin: () => deps.stage.begin() } })],
];

test.each(SABOTAGES)('the checks see %s', async (_name, sabotage) => {
  let seen = 0;
  for (let i = 0; i < 60 && seen === 0; i++) seen += (await simulate(SEED + i, { sabotage })).problems.length;
  expect(seen).toBeGreaterThan(0);
});
