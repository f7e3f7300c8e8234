import { hash } from 'node:crypto';
import { GENESIS_HEAD } from '../../contracts/chain.ts';
import type { RecordHead } from '../../contracts/log-record.ts';
import { encodeRecordHead, frameRecord } from '../../contracts/log-record.ts';
import type { Random } from '../../contracts/seeded-random.ts';

/** What a gateway would append. */
export interface SentRecord {
  readonly key: string;
  readonly value: Buffer;
  /** Of a readable record. */
  readonly lines: readonly string[];
}

/** What the world knows of a line: each text is used for one line only. */
export interface SentLine {
  readonly site: string;
  readonly stream: string;
  /** Undefined for plain lines. */
  readonly seq: number | undefined;
}

interface Block {
  readonly epoch: number;
  readonly first: number;
  readonly lines: readonly string[];
  readonly previousHead: Buffer;
  readonly head: Buffer;
}

interface Branch {
  readonly epoch: number;
  nextSeq: number;
  head: Buffer;
  readonly blocks: Block[];
  readonly held: Block[];
}

const NONCE = Buffer.alloc(16, 7);
const NONCE_TEXT = NONCE.toString('base64url');

/**
 * Shippers of one site's stream, the honest and the strange: repeats, overlaps, holes filled late and out of order,
 * restored databases (two branches of one chain), restarts, lines no store takes, records that rot in the log.
 */
export interface SimulatedShippers {
  readonly site: string;
  readonly stream: string;
  /** The next records of this stream, perhaps none. */
  step(receivedAtMs: number): readonly SentRecord[];
  /** What is held back still. */
  drain(receivedAtMs: number): readonly SentRecord[];
  /** Lines that were acknowledged in a readable record. */
  readonly acknowledged: ReadonlyMap<string, SentLine>;
  /** Lines of all readable records, repeats counted. */
  readonly linesSent: number;
  readonly damaged: number;
  readonly forked: boolean;
}

export function createSimulatedShippers(random: Random, site: string, stream: string, nextLine: () => string): SimulatedShippers {
  const acknowledged = new Map<string, SentLine>();
  const branches: Branch[] = [newBranch(1)];
  const everything: Block[] = [];
  const delivered = new Set<Block>();
  let linesSent = 0;
  let damaged = 0;
  let forked = false;

  function newBranch(epoch: number): Branch {
    return { epoch, nextSeq: 0, head: GENESIS_HEAD, blocks: [], held: [] };
  }

  function makeBlock(branch: Branch, again: readonly string[] = [], first = branch.nextSeq, previousHead = branch.head): Block {
    const lines = [...again, ...Array.from({ length: random.between(1, 3) }, nextLine)];
    const head = lines.reduce((h: Buffer, line) => hash('sha256', Buffer.concat([h, hash('sha256', Buffer.concat([NONCE, Buffer.from(line)]), 'buffer')]), 'buffer'), previousHead);
    branch.nextSeq = first + lines.length;
    branch.head = head;
    const block = { epoch: branch.epoch, first, lines, previousHead, head };
    branch.blocks.push(block);
    everything.push(block);
    return block;
  }

  function send(block: Block, receivedAtMs: number): readonly SentRecord[] {
    const chain = { epoch: block.epoch, first_seq: block.first, previous_head: block.previousHead.toString('base64url'), head: block.head.toString('base64url') };
    const body = block.lines.map((line) => `${NONCE_TEXT} ${line}\n`).join('');
    const record = frame(block.lines, body, receivedAtMs, chain);
    if (block.lines.every((line) => acknowledged.has(line))) delivered.add(block);
    return [record];
  }

  function frame(lines: readonly string[], body: string, receivedAtMs: number, chain?: RecordHead['chain']): SentRecord {
    const head: RecordHead = { v: 1, site, stream, provenance: chain === undefined ? 'gateway' : 'plugin', received_at: receivedAtMs, framing: chain === undefined ? 'plain' : 'chained', codec: 'none', lines: lines.length, bytes: body.length, ...(chain === undefined ? {} : { chain }) };
    if (random.chance(0.015)) {
      damaged += 1;
      return { key: site, value: random.chance(0.5) ? Buffer.from('rotten') : frameRecord(encodeRecordHead(head), Buffer.from('rotten')), lines: [] };
    }
    linesSent += lines.length;
    for (const [i, line] of lines.entries()) acknowledged.set(line, { site, stream, seq: chain === undefined ? undefined : chain.first_seq + i });
    return { key: site, value: frameRecord(encodeRecordHead(head), Buffer.from(body)), lines };
  }

  function overlap(branch: Branch, receivedAtMs: number): readonly SentRecord[] {
    const [older, newer] = branch.blocks.slice(-2);
    const joined = older !== undefined && newer !== undefined && newer.first === older.first + older.lines.length && random.chance(0.5);
    const back = joined ? [older, newer] : branch.blocks.slice(-1);
    const [first] = back;
    // A shipper makes a block longer only once the log has it; until then it repeats it as it was.
    if (first === undefined || !back.every((b) => delivered.has(b))) return send(makeBlock(branch), receivedAtMs);
    return send(makeBlock(branch, back.flatMap((b) => b.lines), first.first, first.previousHead), receivedAtMs);
  }

  /** A restored database: what was sent after some block is forgotten, other lines follow. */
  function fork(branch: Branch): void {
    const keep = random.between(0, branch.blocks.length);
    const blocks = branch.blocks.slice(0, keep);
    const last = blocks.at(-1);
    forked = true;
    branches.push({ epoch: branch.epoch, nextSeq: last === undefined ? 0 : last.first + last.lines.length, head: last?.head ?? GENESIS_HEAD, blocks, held: [] });
  }

  function release(branch: Branch, receivedAtMs: number): readonly SentRecord[] {
    const at = random.between(0, branch.held.length - 1);
    return branch.held.splice(at, 1).flatMap((b) => send(b, receivedAtMs));
  }

  function step(receivedAtMs: number): readonly SentRecord[] {
    const branch = random.pick(branches);
    const dice = random();
    if (dice < 0.1) {
      const lines = Array.from({ length: random.between(1, 3) }, nextLine);
      return [frame(lines, lines.map((l) => `${l}\n`).join(''), receivedAtMs)];
    }
    if (dice < 0.22) return everything.length === 0 ? [] : send(random.pick(everything), receivedAtMs);
    if (dice < 0.32) return overlap(branch, receivedAtMs);
    if (dice < 0.44) {
      branch.held.push(makeBlock(branch));
      return [];
    }
    if (dice < 0.56 && branch.held.length > 0) return release(branch, receivedAtMs);
    if (dice < 0.59) fork(branch);
    else if (dice < 0.61) {
      if (branches.some((b) => b.epoch === branch.epoch + 1)) forked = true;
      branches.push(newBranch(branch.epoch + 1));
    }
    return send(makeBlock(branch), receivedAtMs);
  }

  return {
    site,
    stream,
    step,
    drain: (receivedAtMs) => branches.flatMap((b) => b.held.splice(0).flatMap((block) => send(block, receivedAtMs))),
    acknowledged,
    get linesSent() {
      return linesSent;
    },
    get damaged() {
      return damaged;
    },
    get forked() {
      return forked;
    },
  };
}
