import { expect, test } from 'vitest';
import { GENESIS_HEAD } from '../../contracts/chain.ts';
import { MAX_BLOCK_BYTES, MAX_BLOCK_LINES } from '../../contracts/limits.ts';
import { headAfter } from '../commit/chain-lines.ts';
import { chainOf, findingBlocks, findingStream } from './finding-blocks.ts';

const LINES = Array.from({ length: 1_000 }, (_, i) => JSON.stringify({ event: { id: `finding ${i}` }, sites: 'x'.repeat(2_000) }));

test('the chain goes on from block to block, and each head follows from the lines', () => {
  const { blocks, chain } = findingBlocks(3, chainOf(2), LINES, 77);
  expect(blocks.length).toBeGreaterThan(1);
  let [seq, head] = [0, GENESIS_HEAD.toString('base64url')];
  for (const { head: record, body } of blocks) {
    expect(record).toMatchObject({ stream: 'correlation.3', received_at: 77, framing: 'chained', chain: { epoch: 2, first_seq: seq, previous_head: head } });
    expect(body.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
    expect(record.lines).toBeLessThanOrEqual(MAX_BLOCK_LINES);
    const header = body.indexOf(10) + 1;
    expect(JSON.parse(body.toString('utf8', 0, header))).toMatchObject({ site: '_system', stream: findingStream(3), lines: record.lines });
    head = headAfter(body.subarray(header), head, record.lines);
    expect(record.chain?.head).toBe(head);
    seq += record.lines;
  }
  expect(chain).toEqual({ epoch: 2, nextSeq: LINES.length, head });
});

test('equal findings at an equal place are equal bytes; another place gives other nonces', () => {
  const [line = ''] = LINES;
  const one = findingBlocks(0, chainOf(1), [line], 5);
  expect(findingBlocks(0, chainOf(1), [line], 5)).toEqual(one);
  const nonces = new Set([one, findingBlocks(0, one.chain, [line], 5), findingBlocks(0, chainOf(2), [line], 5), findingBlocks(1, chainOf(1), [line], 5)].map(({ blocks }) => blocks[0]?.body.toString().split('\n')[1]?.slice(0, 22)));
  expect(nonces.size).toBe(4);
});

test('no findings make no block', () => {
  expect(findingBlocks(0, chainOf(1), [], 5)).toEqual({ blocks: [], chain: chainOf(1) });
});
