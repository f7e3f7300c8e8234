import { envelopePrefix } from '../contracts/leaf.ts';
import { LINE_STATUS } from '../contracts/line-status.ts';
import type { DeadLetterReason } from '../contracts/line-status.ts';
import type { BlockOutcome, StageBlock } from '../contracts/stage.ts';
import { systemAlert } from './correlation/finding.ts';
import { DERIVATION, deriveColumns } from './derivation/v1/event-columns.ts';
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
import { clickhouseTime } from './rows/json-rows.ts';
import type { MonthRows } from './rows/month-rows.ts';
import { sealOriginal } from './rows/sealed-original.ts';
import { withScan } from './scan-fields.ts';
import { recoverableValues } from './recoverable-values.ts';
import type { RecoverableValues } from './recoverable-values.ts';
import { lineHits, NO_HITS } from './scanner.ts';
import type { LineHits } from './scanner.ts';

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
  readonly reports: Reports;
  /** No shipper's block has our own provenance: only such events raise alerts by themselves. */
  readonly ownEvents: boolean;
  /** Lines that nothing hit are looked at too. */
  readonly everyLine: boolean;
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

/** A cleaned line on its way into the rows. */
interface Cleaned {
  readonly line: string;
  readonly detections: readonly Detection[];
  readonly recoverable: CleanedLine['recoverable'];
  /** At least those of the line as it stands after cleaning. */
  readonly hits: LineHits;
}

function reportCleaned(work: Work, index: number, { line, detections, recoverable, hits }: Cleaned): void {
  const { block, engine, out, reports } = work;
  const event: unknown = JSON.parse(line);
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
  if (classes.size > 0) out.events.classify(work.stored, [...classes].toSorted());
}

/** The slow path: a line that Hyperscan hit, or that is looked at whatever it holds. */
function cleanHit(work: Work, index: number, ordinal: number, hits: LineHits): void {
  const { block, engine, processed } = work;
  const [start, end, word] = processed.table.subarray(index * 3, index * 3 + 3);
  const text = block.body.toString(((word ?? 0) & BEYOND_ASCII) === 0 ? 'latin1' : 'utf8', start, end);
  const { line, detections: found, recoverable, spans, masked } = cleanLine(engine.scanner, text, hits, work.site, work.ownEvents ? 'ourselves' : 'sender');
  const detections = work.ownEvents ? found : [...found, ...engine.passages(text, hits.rules)];
  if (detections.length > 0 || work.ownEvents || engine.concerns(hits, [])) {
    reportCleaned(work, index, { line, detections, recoverable, hits: spans > 0 ? engine.maskedHits(masked, hits) : hits });
  }
  if (line !== text) {
    work.rewritten.push({ ordinal, line: index, bytes: Buffer.from(line) });
    work.spans += spans;
  }
}

function storeLine(work: Work, index: number, ordinal: number, hits: LineHits | undefined): void {
  try {
    if (hits !== undefined || work.everyLine) cleanHit(work, index, ordinal, hits ?? NO_HITS);
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
  const work: Work = {
    engine, block, out, processed, receivedAt, site: siteTokens(engine.scanner.native, block.keys.token), recoverable: recoverableValues(block.provenance), rewritten: [], failed: [],
    reports: { block, out, receivedAt, rules: engine.ruleSet.version, observations: [], alerts: 0 }, ownEvents,
    everyLine: ownEvents || engine.everyLine,
    stored: 0, dead: 0, spans: 0,
  };
  storeLines(work);
  const ends = placeRewritten(work);
  const rewritten = Buffer.concat(work.rewritten.map((r) => r.bytes));
  out.events.addBlock(block, { body, rewritten, table: processed.table, firstSeq, receivedAtMs }, work.stored);
  const { alerts, observations } = work.reports;
  return { stored: work.stored, deadLetters: work.dead, maskedSpans: work.spans, alerts, leaves: leavesOf(work, prefix, rewritten, ends), observations, recoverable: work.recoverable.all() };
}
