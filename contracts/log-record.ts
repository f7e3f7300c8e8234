import type { DeadLetterReason } from './line-status.ts';
import type { Provenance } from './provenance.ts';

/**
 * A record of the event log: one block, its head in the clear, its lines sealed.
 *
 *     "TQR1" | u32le length of head | head as JSON | sealed body
 *
 * The head holds no personal data. It is the additional authenticated data of the sealed body, so a broker can neither
 * read a block nor move its lines under another site. The body is a block's bytes as `contracts/block.ts` describes
 * them (`chained`), or bare lines, each ended by a line feed (`plain`), compressed by `codec`.
 */
export interface RecordHead {
  readonly v: 1;
  readonly site: string;
  readonly stream: string;
  readonly provenance: Provenance;
  /** Unix milliseconds on the gateway's clock: the receipt time of each of its events. */
  readonly received_at: number;
  readonly framing: 'chained' | 'plain';
  readonly codec: 'none' | 'zstd';
  readonly lines: number;
  /** Bytes of the body before compression. */
  readonly bytes: number;
  /** Of a chained block, as its shipper signed them. */
  readonly chain?: {
    readonly epoch: number;
    readonly first_seq: number;
    readonly previous_head: string;
    readonly head: string;
  };
  /**
   * Of lines that may be written again and are told apart by a place of their own, ascending in their stream: where they
   * stood in the ingress topic, or for findings in the observations. A run is so many records of equally many lines each
   * at consecutive offsets. Lines below the stream's `ingressNext` were stored before.
   */
  readonly ingress?: { readonly runs: readonly IngressRun[] };
  /** Of an observation record: the group it was observed in and its rule set; which part of its observations, when one body cannot hold them. */
  readonly observed?: { readonly partition: number; readonly first: number; readonly last: number; readonly rules: string; readonly part?: number };
  /** Of an observation record without observations, Unix ms: what was received before stands before this record. */
  readonly tick?: number;
  /** Lines the gateway's parser could not read: index and reason. Left in the body as they came. */
  readonly rejects?: readonly (readonly [line: number, reason: DeadLetterReason])[];
}

export type IngressRun = readonly [firstOffset: number, records: number, linesPerRecord: number];

export interface RawRecord {
  readonly head: RecordHead;
  /** The head's bytes as they stand in the record. */
  readonly headBytes: Buffer;
  readonly sealed: Buffer;
}

const MAGIC = Buffer.from('TQR1');

export function encodeRecordHead(head: RecordHead): Buffer {
  return Buffer.from(JSON.stringify(head));
}

/** `sealed` must have been sealed with `headBytes` as additional data. */
export function frameRecord(headBytes: Buffer, sealed: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeUInt32LE(headBytes.length);
  return Buffer.concat([MAGIC, length, headBytes, sealed]);
}

/** Undefined when the bytes are no record: our own gateways wrote them, so a wrong one is damage, not input. */
export function parseRecord(value: Buffer): RawRecord | undefined {
  if (value.length < 8 || !value.subarray(0, 4).equals(MAGIC)) return undefined;
  const end = 8 + value.readUInt32LE(4);
  if (end > value.length) return undefined;
  const headBytes = value.subarray(8, end);
  try {
    // The sealed body authenticates the head, so its shape needs no second check.
    return { head: JSON.parse(headBytes.toString()) as RecordHead, headBytes, sealed: value.subarray(end) };
  } catch {
    return undefined;
  }
}
