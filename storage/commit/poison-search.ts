import type { AmendRecord } from '../../contracts/control.ts';
import type { Stage, StageBlock } from '../../contracts/stage.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import { StoreRefusal } from '../../contracts/store.ts';
import { lineEnds } from './chain-lines.ts';
import { CommitError } from './errors.ts';

/** Lines [from, to) of a block of a refused group. */
interface Span {
  readonly block: StageBlock;
  readonly ends: readonly number[];
  readonly from: number;
  readonly to: number;
}

/** Probes of one search at most: some thousand poison lines. */
const MAX_PROBES = 50_000;

/** ClickHouse codes that speak of the table or the user, never of a row: no line is to blame. */
const SYSTEMIC_CODES = new Set([
  16, // NO_SUCH_COLUMN_IN_TABLE
  47, // UNKNOWN_IDENTIFIER
  60, // UNKNOWN_TABLE
  81, // UNKNOWN_DATABASE
  115, // UNKNOWN_SETTING
  164, // READONLY
  192, // UNKNOWN_USER
  497, // ACCESS_DENIED
  516, // AUTHENTICATION_FAILED
]);

export interface PoisonSearch {
  readonly stage: Stage;
  readonly pieces: readonly StageBlock[];
  /** Resolves when the store could hold the rows; rejects with `StoreRefusal` when it never can. */
  readonly probe: (rows: ReturnType<ReturnType<Stage['begin']>['finish']>) => Promise<void>;
  readonly refusal: StoreRefusal;
  readonly where: string;
}

/**
 * Halves a refused group until the lines to blame stand alone. Rejects when no line is to blame, when a harmless line is
 * refused as well, or when the refusal speaks of the table: then the store is at fault and nothing may be put aside.
 */
export async function findPoison({ stage, pieces, probe, refusal, where }: PoisonSearch): Promise<AmendRecord['rejects']> {
  const systemic = (): CommitError => new CommitError('TQ-COMMIT-04', `${where}, ClickHouse code ${refusal.code}`, { cause: refusal });
  if (SYSTEMIC_CODES.has(refusal.code)) throw systemic();
  const all = pieces.map((block): Span => {
    const ends = lineEnds(block.body);
    return { block, ends, from: block.skipLines, to: ends.length };
  });
  const [sample] = pieces;
  const healthy = async (): Promise<boolean> => sample !== undefined && passes(stage, [canary(sample)], probe);
  if (!(await healthy())) throw systemic();
  const found: Span[] = [];
  const open: (readonly Span[])[] = [all];
  for (let probes = 0; open.length > 0; probes++) {
    if (probes === MAX_PROBES) throw systemic();
    const spans = open.pop() ?? [];
    if (await passes(stage, spans, probe)) continue;
    const [only] = spans;
    if (spans.length === 1 && only !== undefined && only.to - only.from === 1) found.push(only);
    else open.push(...halves(spans));
  }
  // The store may have been ill for a while only: each line must be refused by a store that takes others.
  for (const span of found) if (await passes(stage, [span], probe)) throw systemic();
  if (found.length === 0 || !(await healthy())) throw systemic();
  return found
    .map((s) => [s.block.position, s.from, 'refused_by_store'] as const)
    .toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
}

/** A harmless event of our own site in the place of a block's lines: a store that refuses a tenant takes it. */
function canary(block: StageBlock): Span {
  const body = Buffer.from('{"event":{"kind":"event"}}\n');
  return { block: { ...block, site: SYSTEM_SITE, body, nonces: false, rejects: new Map() }, ends: [body.length], from: 0, to: 1 };
}

async function passes(stage: Stage, spans: readonly Span[], probe: PoisonSearch['probe']): Promise<boolean> {
  const group = stage.begin();
  for (const { block, ends, from, to } of spans) group.add({ ...block, body: block.body.subarray(0, ends[to - 1]), skipLines: from });
  try {
    await probe(group.finish());
    return true;
  } catch (error) {
    if (error instanceof StoreRefusal) return false;
    throw error;
  }
}

function halves(spans: readonly Span[]): readonly (readonly Span[])[] {
  if (spans.length > 1) {
    const middle = Math.ceil(spans.length / 2);
    return [spans.slice(0, middle), spans.slice(middle)];
  }
  return spans.flatMap((s) => {
    const middle = Math.ceil((s.from + s.to) / 2);
    return [[{ ...s, to: middle }], [{ ...s, from: middle }]];
  });
}
