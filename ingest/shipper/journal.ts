import { hash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { replaceDurably } from './durable-file.ts';
import { ShipperError } from './errors.ts';
import type { BlockHeader } from '../../contracts/block.ts';
import type { ChainState } from './build-block.ts';
import type { FileMark } from './file-mark.ts';

/**
 * One file holds a stream's whole state: what is acknowledged, and the one block that may not be.
 *
 *     {JSON on one line: chain, marks, checkpoint, pending}\n
 *     the pending block's bytes exactly as they are sent
 *
 * It is replaced durably before a block's first request. So after a crash the same bytes are sent again, and a block
 * that takes its predecessor's place proves that one acknowledged: an acknowledgement costs no write of its own.
 */
export interface JournalState {
  readonly chain: ChainState;
  /** How far each file was sent, oldest first. */
  readonly marks: readonly FileMark[];
  /** "size:root" of the newest checkpoint given. */
  readonly checkpoint?: string;
  readonly pending?: PendingBlock;
}

export interface PendingBlock {
  readonly header: BlockHeader;
  /** zstd. */
  readonly bytes: Buffer;
  /** The file's mark once the block is acknowledged; none for a stream. */
  readonly mark?: FileMark;
}

/** Files remembered for each stream; the one not sent for longest is forgotten first. */
const MOST_MARKS = 200;

export function acknowledged(state: JournalState, checkpoint: string | undefined): JournalState {
  const { pending } = state;
  if (pending === undefined) return state;
  const { mark, header } = pending;
  const newest = checkpoint ?? state.checkpoint;
  return {
    chain: { epoch: header.epoch, nextSeq: header.first_seq + header.lines, head: Buffer.from(header.head, 'base64url') },
    marks: mark === undefined ? state.marks : withMark(state.marks, mark),
    ...(newest === undefined ? {} : { checkpoint: newest }),
  };
}

function withMark(marks: readonly FileMark[], mark: FileMark): readonly FileMark[] {
  return [...marks.filter((m) => m.id !== mark.id), mark].slice(-MOST_MARKS);
}

export async function writeJournal(path: string, state: JournalState): Promise<void> {
  const { chain, marks, checkpoint, pending } = state;
  const text = JSON.stringify({
    v: 1,
    chain: { ...chain, head: Buffer.from(chain.head).toString('base64url') },
    marks,
    checkpoint,
    pending: pending === undefined ? undefined : { header: pending.header, mark: pending.mark, sha256: hash('sha256', pending.bytes) },
  });
  await replaceDurably(path, [Buffer.from(`${text}\n`), ...(pending === undefined ? [] : [pending.bytes])]);
}

/** undefined when the stream was never sent. */
export async function readJournal(path: string): Promise<JournalState | undefined> {
  let file: Buffer;
  try {
    file = await readFile(path);
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw cause;
  }
  try {
    return decode(file);
  } catch (cause) {
    throw new ShipperError('TQ-SHIPPER-04', { detail: 'journal', cause });
  }
}

interface WrittenJournal {
  readonly chain: { readonly epoch: number; readonly nextSeq: number; readonly head: string };
  readonly marks: readonly FileMark[];
  readonly checkpoint?: string;
  readonly pending?: { readonly header: BlockHeader; readonly mark?: FileMark; readonly sha256: string };
}

function decode(file: Buffer): JournalState {
  const end = file.indexOf(0x0a);
  // Only writeJournal writes it, and a torn write is never renamed into place.
  const written = JSON.parse(file.toString('utf8', 0, end)) as WrittenJournal;
  const { pending, marks, checkpoint } = written;
  const bytes = file.subarray(end + 1);
  if (pending !== undefined && hash('sha256', bytes) !== pending.sha256) throw new Error('the pending block has changed');
  return {
    chain: { ...written.chain, head: Buffer.from(written.chain.head, 'base64url') },
    marks,
    ...(checkpoint === undefined ? {} : { checkpoint }),
    ...(pending === undefined ? {} : { pending: { header: pending.header, bytes, ...(pending.mark === undefined ? {} : { mark: pending.mark }) } }),
  };
}
