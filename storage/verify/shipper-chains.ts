import type { ClickHouseClient } from '@clickhouse/client';
import type { Committed } from './committed.ts';
import { jsonRows, streamedRows } from './json-rows.ts';
import { finding, problem } from './problem.ts';
import type { Finding, Problem } from './problem.ts';

interface ChainBlock {
  readonly stream: string;
  readonly epoch: number;
  readonly first_seq: number;
  readonly lines: number;
  readonly first_leaf: number;
  readonly previous_head: string;
  readonly head: string;
}

interface GapRow {
  readonly stream: string;
  readonly epoch: number;
  readonly from_seq: number;
  readonly to_seq: number;
  readonly state: string;
}

const keyOf = (stream: string, epoch: number, from: number, to: number): string => `${stream} ${epoch} ${from} ${to}`;

/** Whether each block's chain goes on where the one before ended, and each hole is a gap on record. */
export async function* chainProblems(client: ClickHouseClient, site: string, { where, parameters }: Committed): AsyncGenerator<Problem | Finding> {
  const gaps = await jsonRows<GapRow>(client, `SELECT stream, epoch, from_seq, to_seq, argMax(g.state, (g.received_at, g.position)) AS state FROM gaps AS g
    WHERE site = {site:String} AND (${where} OR g.state = 'lost') GROUP BY stream, epoch, from_seq, to_seq ORDER BY stream, epoch, from_seq`, { site, ...parameters });
  const open = new Map(gaps.filter((g) => g.state === 'open').map((g) => [keyOf(g.stream, g.epoch, g.from_seq, g.to_seq), g]));
  for (const g of gaps) if (g.state !== 'closed') yield gapFinding(site, g);
  const query = `SELECT stream, epoch, first_seq, lines, first_leaf, previous_head, head FROM blocks WHERE site = {site:String} AND ${where} ORDER BY stream, epoch, first_seq, lines`;
  let before: ChainBlock | undefined;
  let forked = false;
  let broken: Problem | undefined;
  for await (const blocks of streamedRows<ChainBlock>(client, query, { site, ...parameters })) {
    for (const block of blocks) {
      const begins = before?.stream !== block.stream || before.epoch !== block.epoch;
      const from = begins || before === undefined ? 0 : before.first_seq + before.lines;
      const explained = block.first_seq > from && open.delete(keyOf(block.stream, block.epoch, from, block.first_seq - 1));
      // What lies before a fork's own lines is another branch's or may still come: no gap is put on record.
      if (begins) forked = block.epoch > 0 && block.first_seq > 0 && !explained;
      if (!explained && !(forked && block.first_seq > from)) broken ??= brokenAt(site, block, from, begins ? undefined : before);
      before = block;
    }
  }
  if (broken !== undefined) {
    yield broken;
    return;
  }
  for (const { stream, epoch, from_seq: from, to_seq: to } of open.values()) yield problem('gap-mismatch', site, `a gap of ${stream}, epoch ${epoch}, sequence ${from} to ${to} is on record, but the blocks have no such hole`, { table: 'gaps' });
}

function brokenAt(site: string, { stream, epoch, first_seq: seq, first_leaf: leaf, previous_head: head }: ChainBlock, from: number, before: ChainBlock | undefined): Problem | undefined {
  const place = { table: 'blocks', from: leaf };
  const where = `${stream}, epoch ${epoch}`;
  if (seq < from) return problem('chain-broken', site, `two blocks of ${where} hold sequence ${seq}`, place);
  if (seq > from) return problem('chain-broken', site, `blocks of ${where} lack sequence ${from} to ${seq - 1}, and no gap is on record`, { ...place, table: 'gaps' });
  if (before !== undefined && before.head !== head) return problem('chain-broken', site, `the block of ${where} at sequence ${seq} does not continue the head of the block before`, place);
  return undefined;
}

function gapFinding(site: string, { stream, epoch, from_seq: from, to_seq: to, state }: GapRow): Finding {
  const lines = to - from + 1;
  return state === 'lost' ? finding('gap', site, lines, `the event log let go of positions ${from} to ${to} of ${stream} before they were stored`)
    : finding('gap', site, lines, `${lines} ${lines === 1 ? 'line' : 'lines'} of ${stream}, epoch ${epoch}, sequence ${from} to ${to}, never came`);
}
