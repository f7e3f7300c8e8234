import type { ClickHouseClient } from '@clickhouse/client';
import type { RecordHead } from '../../contracts/log-record.ts';
import { headAfter } from '../commit/chain-lines.ts';
import type { Committed } from './committed.ts';
import { streamedRows } from './json-rows.ts';
import { finding, problem } from './problem.ts';
import type { Finding, Problem } from './problem.ts';

/** The event log as verification reads it. */
export interface RawBlocks {
  /** Position of the oldest record kept. */
  firstKept(partition: number): Promise<number>;
  /** Undefined when it is gone or damaged. */
  open(partition: number, position: number): Promise<{ readonly head: RecordHead; readonly body: Buffer } | undefined>;
}

interface ChainedBlock {
  readonly partition: number;
  readonly position: number;
  readonly stream: string;
  readonly first_seq: number;
  readonly lines: number;
  readonly first_leaf: number;
  readonly previous_head: string;
  readonly head: string;
}

/** While raw blocks live, their lines are hashed again into the heads that their shipper signed and that stand in `blocks`. */
export async function* rawBlockProblems(client: ClickHouseClient, site: string, raw: RawBlocks | undefined, { where, parameters }: Committed): AsyncGenerator<Problem | Finding> {
  const query = `SELECT partition, position, stream, first_seq, lines, first_leaf, previous_head, head FROM blocks WHERE site = {site:String} AND epoch > 0 AND ${where} ORDER BY partition, position`;
  const kept = new Map<number, number>();
  let gone = 0;
  let bad: ChainedBlock | undefined;
  for await (const blocks of streamedRows<ChainedBlock>(client, query, { site, ...parameters })) {
    for (const block of blocks) {
      const oldest = kept.get(block.partition) ?? (await raw?.firstKept(block.partition)) ?? Infinity;
      kept.set(block.partition, oldest);
      if (bad !== undefined) continue;
      const opened = block.position < oldest ? undefined : await raw?.open(block.partition, block.position);
      if (opened === undefined) gone++;
      else if (!holds(block, site, opened)) bad = block;
    }
  }
  if (bad !== undefined) {
    yield problem('chain-broken', site, `the block at partition ${bad.partition}, position ${bad.position} is not the one that its shipper signed`, { table: 'blocks', from: bad.first_leaf });
    return;
  }
  if (gone > 0) yield finding('attested-at-ingest', site, gone, `${gone} ${gone === 1 ? 'block is' : 'blocks are'} not in the event log any more: the gateway checked ${gone === 1 ? 'its' : 'their'} chain and signature on receipt`);
}

function holds(block: ChainedBlock, site: string, { head, body }: { readonly head: RecordHead; readonly body: Buffer }): boolean {
  const { chain } = head;
  if (chain === undefined || head.site !== site || head.stream !== block.stream) return false;
  const from = block.first_seq - chain.first_seq;
  if (from < 0 || from + block.lines > head.lines || headAfter(body, chain.previous_head, head.lines) !== chain.head) return false;
  const headAt = (lines: number): string => (lines === 0 ? chain.previous_head : headAfter(body, chain.previous_head, lines));
  return headAt(from) === block.previous_head && headAt(from + block.lines) === block.head;
}
