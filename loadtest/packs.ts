import { createScanner } from '../detect/scanner.ts';
import { loadNative } from '../detect/native/binding.ts';
import type { Native, PatternDatabase } from '../detect/native/binding.ts';
import { loadPack } from '../detect/pack/load.ts';
import { backgroundOf } from './scenarios/background/background.ts';
import { SITES } from './scenarios/sites.ts';

const ROUNDS = 5;
const VIEWS = 600;

/** What the shipped signatures cost where nothing is wrong: a day of the scenarios' sites. */
export interface PackCost {
  readonly signatures: number;
  readonly lines: number;
  /** CPU us a line in native code, beyond that with a database of nothing. */
  readonly microseconds: number;
  /** Percentage of the lines that a signature may match in: they are looked at exactly. */
  readonly candidates: number;
  /** CPU seconds to compile them. */
  readonly compileSeconds: number;
}

function cpuSeconds(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** The least of some rounds, as other work of the machine only adds. */
function scanSeconds(native: Native, database: PatternDatabase, body: Buffer): { readonly seconds: number; readonly hits: Uint32Array } {
  let hits: Uint32Array = new Uint32Array();
  const rounds = Array.from({ length: ROUNDS }, () => cpuSeconds(() => {
    ({ hits } = native.process(database, { body, nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: 0, skipLines: 0, omit: new Uint32Array(), hashed: false }));
  }));
  return { seconds: Math.min(...rounds), hits };
}

export async function measurePacks(seed: number): Promise<PackCost> {
  const lines = SITES.flatMap((site) => backgroundOf(site, 1, { seed, views: VIEWS, calm: true })).map(({ event }) => JSON.stringify(event));
  const body = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const native = await loadNative();
  const { signatures } = await loadPack();
  let scanner = createScanner([], [], native);
  const empty = scanSeconds(native, scanner.database, body);
  const compileSeconds = cpuSeconds(() => {
    scanner = createScanner(signatures, [], native);
  });
  const full = scanSeconds(native, scanner.database, body);
  const candidates = new Set(full.hits.filter((_, i) => i % 2 === 0)).size;
  return { signatures: signatures.length, lines: lines.length, microseconds: ((full.seconds - empty.seconds) / lines.length) * 1e6, candidates: (100 * candidates) / lines.length, compileSeconds };
}
