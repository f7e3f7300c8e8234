import { envelopePrefix } from '../contracts/leaf.ts';
import { LINE_STATUS } from '../contracts/line-status.ts';
import type { DeadLetterReason } from '../contracts/line-status.ts';
import type { MaskedSpan } from '../contracts/masked-span.ts';
import type { BlockOutcome, StageBlock } from '../contracts/stage.ts';
import { DEFAULT_TIER_RULES } from '../contracts/tiers.ts';
import { deriveAct } from './acts/v1/act.ts';
import { masksOf } from './acts/v1/masks-of.ts';
import { identifies } from './acts/v1/subjects.ts';
import { systemAlert } from './correlation/finding.ts';
import { deedEvents } from './deed-events.ts';
import type { DeedEvents } from './deed-events.ts';
import { DERIVATION, deriveColumns, timestampOf } from './derivation/v1/event-columns.ts';
import { fields } from './derivation/v1/event-field.ts';
import type { Fields } from './derivation/v1/event-field.ts';
import type { Engine } from './engine.ts';
import { cleanLine } from './mask/cleaned-line.ts';
import type { CleanedLine } from './mask/cleaned-line.ts';
import type { Detection } from './mask/exact-match.ts';
import { siteTokens } from './mask/site-tokens.ts';
import type { SiteTokens } from './mask/site-tokens.ts';
import { BEYOND_ASCII, PASSED_OVER, REWRITTEN } from './native/binding.ts';
import type { ProcessedBody } from './native/binding.ts';
import { reportDetections, reportFinding, reportJudgement } from './reports.ts';
import type { Reports } from './reports.ts';
import type { Deed } from './rows/deed.ts';
import { clickhouseTime } from './rows/json-rows.ts';
import type { MonthRows } from './rows/month-rows.ts';
import { sealOriginal } from './rows/sealed-original.ts';
import { withScan } from './scan-fields.ts';
import { recoverableValues } from './recoverable-values.ts';
import type { RecoverableValues } from './recoverable-values.ts';
import { lineHits, NO_HITS } from './scanner.ts';
import type { LineHits } from './scanner.ts';
import { tieredLines } from './tiered-lines.ts';
import type { TieredLines } from './tiered-lines.ts';

const HASH_BYTES = 32;
const STATUS_MASK = 255;

/** Working state of one block on its way into the rows. */
interface Work {
  readonly engine: Engine;
  readonly block: StageBlock;
  readonly out: MonthRows;
  readonly processed: ProcessedBody;
  readonly receivedAt: string;
  readonly site: SiteTokens;
  readonly recoverable: RecoverableValues;
  /** Lines that were masked; `ordinal` counts the lines native found ok. */
  readonly rewritten: { readonly ordinal: number; readonly line: number; readonly bytes: Buffer }[];
  /** Ordinals whose line became a dead letter after all. */
  readonly failed: number[];
  readonly lines: TieredLines;
  readonly reports: Reports;
  /** No shipper's block has our own provenance: only such events raise alerts by themselves. */
  readonly ownEvents: boolean;
  /** Each line is a deed. */
  readonly signed: boolean;
  /** Lines that nothing hit are looked at too. */
  readonly everyLine: boolean;
  /** Made when the first line asks for it. */
  deedEvents: DeedEvents | undefined;
  stored: number;
  dead: number;
  spans: number;
}

function bury(work: Work, index: number, reason: DeadLetterReason): void {
  const { block, processed } = work;
  const line = block.body.subarray(processed.table[index * 3], processed.table[index * 3 + 1]);
  const seq = block.firstSeq + index;
  const place = { site: block.site, stream: block.stream, epoch: block.epoch, seq, lineIndex: index };
  work.dead++;
  work.out.dead_letters.push({
    site: block.site, stream: block.stream, epoch: block.epoch, seq, received_at: work.receivedAt,
    partition: block.partition, position: block.position, line_index: index, reason, bytes: line.length,
    original: sealOriginal(block.keys.deadLetter, place, line),
  });
}

const NO_CLASSES: readonly string[] = [];
const NO_MASKS: readonly MaskedSpan[] = [];

/** What was found in a line while it was cleaned. */
interface Cleaned {
  readonly detections: readonly Detection[];
  readonly recoverable: CleanedLine['recoverable'];
  /** At least those of the line as it stands after cleaning. */
  readonly hits: LineHits;
}

/** A line that was looked at. */
interface Looked {
  /** As it is stored. */
  readonly line: string;
  readonly isRewritten: boolean;
  /** Masks put in, and values replaced as a whole. */
  readonly spans: number;
  /** Parsed, where that was needed already. */
  readonly event: unknown;
  /** Found in it, in rising order. */
  readonly classes: readonly string[];
}

/** Returns the data classes found, in rising order. */
function reportCleaned(work: Work, index: number, event: unknown, { detections, recoverable, hits }: Cleaned): readonly string[] {
  const { block, engine, reports } = work;
  const reported = { index, leaf: block.firstLeaf + work.stored, columns: deriveColumns(event, block.receivedAtMs) };
  work.recoverable.add(recoverable, event);
  const seen = reportDetections(reports, reported, detections);
  const classes = new Set(seen.map((s) => s.class));
  const finding = work.ownEvents ? systemAlert(event) : undefined;
  if (finding !== undefined) {
    // A finding must not find itself: no Sigma rule looks at it.
    reportFinding(reports, reported, finding, engine.rule(finding.rule));
    classes.add(finding.class);
  } else if (engine.concerns(hits, seen)) {
    // Native found the line to be an object.
    const judgement = engine.judge(withScan(event as Readonly<Record<string, unknown>>, seen), hits);
    reportJudgement(reports, reported, judgement);
    for (const { rule } of judgement.matches) if (rule.standalone) classes.add(rule.options.class);
  }
  classes.delete('');
  return classes.size === 0 ? NO_CLASSES : [...classes].toSorted();
}

function lineText({ block, processed }: Work, index: number): string {
  const [start, end, word] = processed.table.subarray(index * 3, index * 3 + 3);
  return block.body.toString(((word ?? 0) & BEYOND_ASCII) === 0 ? 'latin1' : 'utf8', start, end);
}

/** The slow path: a line that Hyperscan hit, or that is looked at whatever it holds. */
function cleanHit(work: Work, index: number, hits: LineHits): Looked {
  const { engine } = work;
  const text = lineText(work, index);
  const { line, detections: found, recoverable, spans, masked } = cleanLine(engine.scanner, text, hits, work.site, work.ownEvents ? 'ourselves' : 'sender');
  const detections = work.ownEvents ? found : [...found, ...engine.passages(text, hits.rules)];
  let event: unknown;
  let classes = NO_CLASSES;
  if (detections.length > 0 || work.ownEvents || engine.concerns(hits, [])) {
    event = JSON.parse(line);
    classes = reportCleaned(work, index, event, { detections, recoverable, hits: spans > 0 ? engine.maskedHits(masked, hits) : hits });
  }
  return { line, isRewritten: line !== text, spans, event, classes };
}

/** A line that nobody looked at, without what no deed is read from; undefined when it may hold masks, or has to be read whole. */
function shortened(work: Work, index: number): Fields | undefined {
  work.deedEvents ??= deedEvents(work.engine.scanner.native, work.block.body, work.processed.table);
  return work.deedEvents.at(index);
}

function deedFrom({ block, stored }: Work, event: Fields, masks: readonly MaskedSpan[]): Deed | undefined {
  const derived = deriveAct(event, block.provenance, masks);
  return derived === undefined ? undefined : { act: derived.act, subjects: derived.subjects, leaf: block.firstLeaf + stored, timestamp: timestampOf(event, block.receivedAtMs) };
}

/** The deed a line is, if it is one. A plain line is one only by the masks of persons, which stand in none that was not rewritten. */
function deedOf(work: Work, index: number, looked: Looked | undefined): Deed | undefined {
  const { signed } = work;
  if (!signed && looked?.isRewritten !== true) return undefined;
  const short = looked === undefined ? shortened(work, index) : undefined;
  if (short !== undefined) return deedFrom(work, short, NO_MASKS);
  const line = looked?.line ?? lineText(work, index);
  const masks = masksOf(line);
  if (!signed && !masks.some(({ dataClass }) => identifies(dataClass))) return undefined;
  return deedFrom(work, fields(looked?.event ?? JSON.parse(line)), masks);
}

function storeLine(work: Work, index: number, ordinal: number, hits: LineHits | undefined): void {
  try {
    const looked = hits !== undefined || work.everyLine ? cleanHit(work, index, hits ?? NO_HITS) : undefined;
    const deed = deedOf(work, index, looked);
    // Nothing fails from here on.
    if (looked?.isRewritten === true) {
      work.rewritten.push({ ordinal, line: index, bytes: Buffer.from(looked.line) });
      work.spans += looked.spans;
    }
    work.lines.add(looked?.classes ?? NO_CLASSES, deed);
    work.stored++;
  } catch {
    // A line our own code cannot take must not hold up its block; the sealed original tells why later.
    work.failed.push(ordinal);
    bury(work, index, 'unknown_format');
    work.processed.table[index * 3 + 2] = PASSED_OVER;
  }
}

/** Leaves as native hashed them, those of masked lines hashed anew, those of failed lines taken out. */
function leavesOf(work: Work, prefix: Buffer, lines: Buffer, ends: Uint32Array): Buffer {
  const { leaves } = work.processed;
  if (work.rewritten.length > 0) {
    const offsets = Uint32Array.from(work.rewritten, (r) => r.line);
    const hashes = work.engine.scanner.native.leafHashes({ envelopePrefix: prefix, firstSeq: work.block.firstSeq, lines, ends, offsets });
    for (const [i, { ordinal }] of work.rewritten.entries()) hashes.copy(leaves, ordinal * HASH_BYTES, i * HASH_BYTES, (i + 1) * HASH_BYTES);
  }
  if (work.failed.length === 0) return leaves;
  const failed = new Set(work.failed);
  const kept = Array.from({ length: leaves.length / HASH_BYTES }, (_, i) => i).filter((i) => !failed.has(i));
  return Buffer.concat(kept.map((i) => leaves.subarray(i * HASH_BYTES, (i + 1) * HASH_BYTES)));
}

/** Judges every line: hits are cleaned, bad lines put aside. */
function storeLines(work: Work): void {
  const { block, engine, processed } = work;
  const hit = lineHits(engine.scanner, processed);
  let next = hit.next().value;
  let ordinal = 0;
  for (let index = 0; index < processed.lines; index++) {
    const status = (processed.table[index * 3 + 2] ?? 0) & STATUS_MASK;
    if (status === 0) {
      const isHit = next?.line === index;
      storeLine(work, index, ordinal++, isHit ? next : undefined);
      if (isHit) next = hit.next().value;
    } else if (status !== PASSED_OVER) {
      // Native gives indexes of LINE_STATUS only, and 0 was handled.
      bury(work, index, (LINE_STATUS[status] ?? 'not_json') as DeadLetterReason);
    } else if (index >= block.skipLines) {
      bury(work, index, block.rejects.get(index) ?? 'unknown_format');
    }
  }
}

/** Moves the places of masked lines in the table to their new bytes; returns where each ends. */
function placeRewritten(work: Work): Uint32Array {
  const { table } = work.processed;
  let end = 0;
  return Uint32Array.from(work.rewritten, ({ line, bytes }) => {
    table[line * 3] = end;
    end += bytes.length;
    table[line * 3 + 1] = end;
    table[line * 3 + 2] = REWRITTEN;
    return end;
  });
}

/** Scans, masks, derives and hashes one block's lines into the rows of its month. */
export function stageBlock(engine: Engine, block: StageBlock, out: MonthRows): BlockOutcome {
  const prefix = Buffer.from(envelopePrefix({ ...block, derivation: DERIVATION }));
  const omit = Uint32Array.from([...block.rejects.keys()].toSorted((a, b) => a - b));
  const { body, nonces, firstSeq, skipLines, receivedAtMs } = block;
  const processed = engine.scanner.native.process(engine.scanner.database, { body, nonces, envelopePrefix: prefix, firstSeq, skipLines, omit });
  const receivedAt = clickhouseTime(receivedAtMs);
  const ownEvents = block.provenance === 'system';
  const signed = ownEvents || block.provenance === 'plugin';
  const work: Work = {
    engine, block, out, processed, receivedAt, site: siteTokens(engine.scanner.native, block.keys.token), recoverable: recoverableValues(block.provenance), rewritten: [], failed: [],
    lines: tieredLines(block, engine.ruleSet.tiers ?? DEFAULT_TIER_RULES),
    reports: { block, out, receivedAt, rules: engine.ruleSet.version, observations: [], alerts: 0 }, ownEvents, signed,
    everyLine: ownEvents || engine.everyLine,
    deedEvents: undefined, stored: 0, dead: 0, spans: 0,
  };
  storeLines(work);
  const ends = placeRewritten(work);
  const rewritten = Buffer.concat(work.rewritten.map((r) => r.bytes));
  work.lines.store({ body, rewritten, table: processed.table, firstSeq, receivedAtMs }, out);
  const { alerts, observations } = work.reports;
  return { stored: work.stored, deadLetters: work.dead, maskedSpans: work.spans, alerts, leaves: leavesOf(work, prefix, rewritten, ends), observations, recoverable: work.recoverable.all() };
}
