import { hash } from 'node:crypto';
import { commitment, extendHead, GENESIS_HEAD } from '../../contracts/chain.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { OwnHead } from './sealed-record.ts';

/** Where a partition's chain of findings stands. */
export interface FindingChain {
  readonly epoch: number;
  readonly nextSeq: number;
  /** base64url. */
  readonly head: string;
}

export interface FindingBlock {
  readonly head: OwnHead;
  /** A header line, then nonce and line of each finding, as shippers frame their blocks; nobody signs this one. */
  readonly body: Buffer;
}

/** The first chain of a partition, and the one after a break in what was observed. */
export function chainOf(epoch: number): FindingChain {
  return { epoch, nextSeq: 0, head: GENESIS_HEAD.toString('base64url') };
}

/** Lines of one block: a finding has some 2 kB at most, a block 1 MiB. */
const MOST_LINES = 400;
const NONCE_BYTES = 16;

/** Stream of the `_system` site that a partition's findings go to. */
export function findingStream(partition: number): string {
  return `correlation.${partition}`;
}

/**
 * Findings as the next blocks of their chain. All bytes follow from the arguments, so that whoever finds the same again
 * (after a crash, at a takeover, two workers at once) makes the same blocks, of which the chain keeps one. That
 * takes nonces anyone can derive: they keep nothing secret, and findings name no person.
 */
export function findingBlocks(partition: number, chain: FindingChain, lines: readonly string[], receivedAtMs: number): { readonly blocks: readonly FindingBlock[]; readonly chain: FindingChain } {
  const blocks: FindingBlock[] = [];
  let at = chain;
  for (let from = 0; from < lines.length; from += MOST_LINES) {
    const { block, after } = blockOf(partition, at, lines.slice(from, from + MOST_LINES), receivedAtMs);
    blocks.push(block);
    at = after;
  }
  return { blocks, chain: at };
}

function blockOf(partition: number, { epoch, nextSeq, head }: FindingChain, lines: readonly string[], receivedAtMs: number): { readonly block: FindingBlock; readonly after: FindingChain } {
  const stream = findingStream(partition);
  let end: Buffer = Buffer.from(head, 'base64url');
  const pairs = lines.map((line, i) => {
    const about = `tourniquet/finding-nonce/v1\n${stream}\n${epoch}\n${nextSeq + i}\n${end.toString('base64url')}\n${line}\n`;
    const nonce = hash('sha256', about, 'buffer').subarray(0, NONCE_BYTES);
    end = extendHead(end, commitment(nonce, Buffer.from(line)));
    return `${nonce.toString('base64url')} ${line}\n`;
  });
  const after = { epoch, nextSeq: nextSeq + lines.length, head: end.toString('base64url') };
  const chain = { epoch, first_seq: nextSeq, previous_head: head, head: after.head };
  const header = JSON.stringify({ v: 1, site: SYSTEM_SITE, stream, ...chain, lines: lines.length });
  return {
    block: { head: { stream, received_at: receivedAtMs, framing: 'chained', lines: lines.length, chain }, body: Buffer.from(`${header}\n${pairs.join('')}`) },
    after,
  };
}
