import type { Format } from '../formats/formats.ts';
import type { BlockContent } from './block-content.ts';

export interface SendOptions {
  readonly format: Format | 'auto';
  /** Where the log was written, for formats whose times do not say; UTC by default. */
  readonly zone?: string;
  /** A last line without line feed is sent too. Default: for streams, not for files (it may still be being written). */
  readonly final?: boolean;
  readonly onProgress?: (soFar: SendResult) => void;
  /** Stops between requests; what was not acknowledged is sent next time. */
  readonly signal?: AbortSignal;
}

/** Counts of what was acknowledged in this call. */
export interface SendResult {
  /** Lines and bytes of the source. */
  readonly lines: number;
  readonly bytes: number;
  /** Bytes there are to send, where known. */
  readonly totalBytes: number | undefined;
  /** Bytes of a file that were sent before. */
  readonly alreadySentBytes: number;
  /** Lines of blocks that can become events, and those that cannot, as the receipts say. */
  readonly events: number;
  readonly deadLetters: number;
  readonly blocks: number;
  /** Of these, sent again because an earlier run ended before their receipt. Their lines count in events only. */
  readonly resentBlocks: number;
  /** Bytes of lines too long for a block, each replaced by a marker that is a dead letter. */
  readonly skippedBytes: number;
}

export const NOTHING_SENT: SendResult = {
  lines: 0, bytes: 0, totalBytes: undefined, alreadySentBytes: 0, events: 0, deadLetters: 0, blocks: 0, resentBlocks: 0, skippedBytes: 0,
};

export function addBlock(result: SendResult, content: BlockContent, deadLetters: number): SendResult {
  return {
    ...result,
    lines: result.lines + content.sourceLines,
    bytes: result.bytes + content.sourceBytes,
    events: result.events + content.lines.length - deadLetters,
    deadLetters: result.deadLetters + deadLetters,
    blocks: result.blocks + 1,
    skippedBytes: result.skippedBytes + content.skippedBytes,
  };
}
