import { expect, test } from 'vitest';
import type { Gate } from '../../contracts/memory-log.ts';
import { openMemoryLog } from '../../contracts/memory-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { createCommitter } from '../commit/committer.ts';
import { createControlRelease } from '../commit/control-release.ts';
import { createPartition, JANUARY_END, plain } from '../commit/test-partition.ts';
import { createCorrelator } from './correlator.ts';
import { CONFIG, noSeal, openPlain } from './correlator-fixture.ts';
import { createObservationPublisher } from './observation-publisher.ts';
import { NO_HORIZON } from './test-partition.ts';
import { createToyKeyedStage } from './toy-keyed-stage.ts';

/** The whole way round: blocks, observations, findings, and findings as blocks, with a real committer at both ends. */
const SEED = Number(process.env['TOURNIQUET_SIM_SEED'] ?? Date.now() % 1_000_000);
const HISTORIES = 40;
const SITES = ['shop', 'mall'];

const turn = (): Promise<void> => new Promise((resolve) => {
  setImmediate(resolve);
});

interface Outcome {
  /** Lines of the site's findings in the order of their leaves. */
  readonly findings: Readonly<Record<string, readonly unknown[]>>;
  readonly events: number;
  readonly crashes: number;
  readonly failures: readonly unknown[];
}

/** A worker's two halves on one log; each dies after as many effects as its gate allows. */
function startWorker(p: ReturnType<typeof createPartition>, gate: Gate, signal: AbortSignal, failures: unknown[]): void {
  const log = openMemoryLog(p.logDisk, gate, p.clock.sleep);
  const publisher = createObservationPublisher({ log: log.observations, seal: noSeal, clock: p.clock });
  const committer = createCommitter(p.deps({
    log, open: openPlain, releaseControl: createControlRelease(log.control, 1).release, publish: (range, rules, observations) => publisher.publish(range, rules, observations),
    currentVersions: () => ({ derivation: 1, rules: 'r1' }),
  }));
  const correlator = createCorrelator({ partition: 0, log, open: openPlain, seal: noSeal, stage: createToyKeyedStage(), horizon: NO_HORIZON, clock: p.clock, config: CONFIG, onEvent: () => undefined });
  for (const run of [committer.run(signal), correlator.run(signal)]) run.catch((error: unknown) => failures.push(error));
}

async function goRound(lines: readonly (readonly [site: string, line: string])[], random: Random | undefined): Promise<Outcome> {
  const p = createPartition();
  const stop = new AbortController();
  const failures: unknown[] = [];
  let crashes = 0;
  let calm = random === undefined;
  const spawn = (): void => {
    let steps = calm || random === undefined ? Infinity : random.between(5, 120);
    const gate: Gate = async (_what, effect) => {
      steps -= 1;
      if (steps < 0) return new Promise<never>(() => {});
      if (steps > 0 || calm) return effect();
      crashes += 1;
      if (random?.chance(0.5) === true) effect();
      spawn();
      return new Promise<never>(() => {});
    };
    startWorker(p, gate, stop.signal, failures);
  };
  spawn();
  for (const [site, line] of lines) {
    await p.log.append(site, plain([line], JANUARY_END, site));
    for (let i = 0; i < 4; i++) {
      await turn();
      p.clock.advance();
    }
  }
  calm = true;
  spawn();
  for (let i = 0; i < 150; i++) {
    await turn();
    p.clock.advance();
  }
  stop.abort(null);
  const ours = p.rows('events').filter((row) => String(row['stream']).startsWith('_correlation.')).toSorted((a, b) => Number(a['leaf']) - Number(b['leaf']));
  const findings = Object.fromEntries(SITES.map((site) => [site, ours.filter((row) => row['site'] === site).map((row) => row['line'])]));
  return { findings, events: p.rows('events').length, crashes, failures };
}

test(`findings come back to the trail of their site once and in order, whatever dies, from seed ${SEED}`, async () => {
  let [crashes, findings] = [0, 0];
  for (let i = 0; i < HISTORIES; i++) {
    const random = seededRandom(SEED + i);
    const lines = Array.from({ length: 40 }, (_, n) => [random.pick(SITES), `${random.chance(0.6) ? 'alert' : 'line'} ${n}`] as const);
    const expected = await goRound(lines, undefined);
    const outcome = await goRound(lines, random);
    expect(outcome.failures, `seed ${SEED + i}`).toEqual([]);
    expect(outcome.findings, `seed ${SEED + i}`).toEqual(expected.findings);
    expect(outcome.events).toBe(40 + Object.values(expected.findings).flat().length);
    crashes += outcome.crashes;
    findings += Object.values(outcome.findings).flat().length;
  }
  expect(crashes).toBeGreaterThan(HISTORIES);
  expect(findings).toBeGreaterThan(10 * HISTORIES);
});
