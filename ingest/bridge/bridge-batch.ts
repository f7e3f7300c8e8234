import type { LineInspector } from '../../contracts/line-inspector.ts';
import { MAX_LINE_BYTES } from '../../contracts/limits.ts';
import type { DeadLetterReason } from '../../contracts/line-status.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import { readPlainLines } from '../gateway/plain-lines.ts';
import type { PlainBlock } from '../gateway/plain-lines.ts';
import { openBlock } from './ingress-block.ts';
import type { IngressBlock, OpenBlock } from './ingress-block.ts';
import { sourceOf } from './ingress-record.ts';
import type { IngressRecord } from './ingress-record.ts';

export interface BatchContext {
  /** Of the topic partition the records stand in, see `streamOf`. */
  readonly stream: string;
  /** Whether a site is registered. */
  readonly knows: (site: string) => boolean;
  readonly inspector: LineInspector;
}

/** A value after decompression; producers' own limits are far below. A larger one is put aside as one line. */
export const MAX_RECORD_BYTES = 8 * 1024 * 1024;
/** More blocks than the most lines such a record can hold make. */
export const MAX_PARTS = 2 ** 14;

/**
 * One stream a site, topic and partition, so that offsets rise within a stream. The topic's id stands in the name: a
 * topic that was deleted and made anew starts its offsets again, and its lines must not pass for old ones.
 */
export function streamOf(topicId: string, partition: number): string {
  return `ingress.${topicId.slice(0, 8)}.${partition}`;
}

/**
 * Where records stand that are too large for one block. The worker takes an offset of a stream once, so each part needs
 * a place of its own: here they count as `offset * MAX_PARTS + part`, exact up to 2^39 records of a partition.
 */
export function cutStreamOf(stream: string): string {
  return `${stream}.cut`;
}

/**
 * Log records out of records of one partition, offsets ascending. Each line of each record ends in one line of one
 * block, read or not; a record without any counts as one empty line. What becomes of a record follows from its bytes
 * and the register alone, so that bridging it again gives the same places. Holds one open block a site; the blocks of a
 * site come in the order of their offsets.
 */
export function* bridgeBatch(records: Iterable<IngressRecord>, context: BatchContext): Generator<IngressBlock> {
  const open = new Map<string, OpenBlock>();
  for (const record of records) {
    const { site, parts } = readRecord(record, context);
    const held = open.get(site) ?? openBlock(site, context.stream);
    open.set(site, held);
    const [first] = parts;
    if (parts.length === 1 && first !== undefined) {
      if (held.add(record.offset, first)) continue;
      yield* taken(held);
      held.add(record.offset, first);
    } else {
      yield* taken(held);
      yield* cutBlocks(site, record.offset, parts, context);
    }
  }
  for (const held of open.values()) yield* taken(held);
}

function* taken(held: OpenBlock): Generator<IngressBlock> {
  const block = held.take();
  if (block !== undefined) yield block;
}

function* cutBlocks(site: string, offset: number, parts: readonly PlainBlock[], { stream }: BatchContext): Generator<IngressBlock> {
  const block = openBlock(site, cutStreamOf(stream));
  for (const [index, part] of parts.entries()) {
    block.add(offset * MAX_PARTS + index, part);
    yield* taken(block);
  }
}

interface ReadRecord {
  readonly site: string;
  readonly parts: readonly PlainBlock[];
}

const EMPTY_LINE = Buffer.from('\n');

function readRecord(record: IngressRecord, { knows, inspector }: BatchContext): ReadRecord {
  const { site, format } = sourceOf(record);
  const value = record.value === null || record.value.length === 0 ? EMPTY_LINE : record.value;
  const known = site !== undefined && knows(site);
  const refusal: DeadLetterReason | undefined = !known ? 'unknown_site' : value.length > MAX_RECORD_BYTES ? 'too_long' : format === undefined ? 'unknown_format' : undefined;
  return {
    site: known ? site : SYSTEM_SITE,
    parts: [...(refusal === undefined ? readPlainLines(value, format ?? 'ndjson', inspector) : refused(startOf(value), refusal, inspector))],
  };
}

/** All of a value, or as much of the first line of an oversized one as a dead letter keeps. */
function startOf(value: Buffer): Buffer {
  if (value.length <= MAX_RECORD_BYTES) return value;
  const feed = value.indexOf(0x0a);
  return feed === 0 ? EMPTY_LINE : value.subarray(0, Math.min(feed < 0 ? value.length : feed, MAX_LINE_BYTES + 1));
}

/** The lines as they came, each put aside for the same reason. */
function* refused(value: Buffer, reason: DeadLetterReason, inspector: LineInspector): Generator<PlainBlock> {
  for (const block of readPlainLines(value, 'ndjson', inspector)) {
    yield { ...block, rejects: Array.from({ length: block.lines }, (_, line) => [line, reason] as const), deadLetters: block.lines };
  }
}
