import type { StageBlock } from '../contracts/stage.ts';
import { envelopePrefix } from '../contracts/leaf.ts';
import { createRuleSet } from '../contracts/rule-set.ts';
import { createEngine } from '../detect/engine.ts';
import { loadNative } from '../detect/native/binding.ts';
import { readRuleSources, SHIPPED_SIGMA } from '../detect/rule-set/read-sources.ts';
import { createStage } from '../detect/stage.ts';
import { median } from './report.ts';
import { referenceBodies, REFERENCE_LOAD } from './reference-events.ts';

export interface StageRates {
  /** Events a second of CPU time, which is one core's: bytes in, columns, matches and leaves out. */
  readonly stage: number;
  /** The same bytes through one native call (split, judge, hash, scan) and one JSON.parse a line, nothing else. */
  readonly floor: number;
  /** Cost of the stage over the cost of the floor, median of the paired rounds. */
  readonly ratio: number;
  readonly bytesPerEvent: number;
}

const LINES = 200;
const BLOCKS = 320;
const ROUNDS = 9;

/** Measures in turns, so that a slow moment of the machine hits both, and CPU time, as other processes may run beside. */
export async function measureStage(seed: number): Promise<StageRates> {
  const native = await loadNative();
  const engine = await createEngine(createRuleSet(await readRuleSources({ sigma: [SHIPPED_SIGMA] })), { native });
  const stage = createStage(engine);
  const { scanner } = engine;
  const bodies = referenceBodies({ ...REFERENCE_LOAD, seed }, Date.UTC(2026, 10, 20), BLOCKS, LINES);
  const receivedAtMs = Date.UTC(2026, 10, 21);
  const keys = { site: 'bench', epoch: 1, token: Buffer.alloc(32, 1), deadLetter: Buffer.alloc(32, 2) };
  const prefix = Buffer.from(envelopePrefix({ site: 'bench', stream: 'load', epoch: 1, receivedAtMs, provenance: 'plugin', derivation: 1 }));
  const noRejects: StageBlock['rejects'] = new Map();
  const omit = new Uint32Array();

  const runStage = (): void => {
    const group = stage.begin();
    bodies.forEach((body, position) => {
      group.add({ site: 'bench', stream: 'load', epoch: 1, firstSeq: position * LINES, skipLines: 0, receivedAtMs, provenance: 'plugin', partition: 0, position, firstLeaf: position * LINES, body, nonces: false, rejects: noRejects, keys });
    });
    group.finish();
  };
  let sink = 0;
  const runFloor = (): void => {
    bodies.forEach((body, position) => {
      const { table } = native.process(scanner.database, { body, nonces: false, envelopePrefix: prefix, firstSeq: position * LINES, skipLines: 0, omit });
      const text = body.toString('latin1');
      for (let i = 0; i < table.length; i += 3) {
        const parsed: unknown = JSON.parse(text.slice(table[i], table[i + 1]));
        if (parsed !== null) sink += 1;
      }
    });
  };
  const timed = (run: () => void): number => {
    const before = process.cpuUsage();
    run();
    const { user, system } = process.cpuUsage(before);
    return (BLOCKS * LINES) / ((user + system) / 1e6);
  };
  for (let i = 0; i < 3; i++) {
    runStage();
    runFloor();
  }
  const pairs = Array.from({ length: ROUNDS }, () => ({ stage: timed(runStage), floor: timed(runFloor) }));
  if (sink === 0) throw new Error('the floor parsed nothing');
  return {
    stage: median(pairs.map((p) => p.stage)),
    floor: median(pairs.map((p) => p.floor)),
    ratio: median(pairs.map((p) => p.floor / p.stage)),
    bytesPerEvent: bodies.reduce((n, b) => n + b.length, 0) / (BLOCKS * LINES),
  };
}
