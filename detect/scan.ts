import type { Level } from '../contracts/pack.ts';
import type { Engine } from './engine.ts';
import { candidateTokens, exactMatches } from './mask/exact-match.ts';
import { createScanCorrelations } from './scan-correlations.ts';
import type { ScanCorrelations } from './scan-correlations.ts';
import { withScan } from './scan-fields.ts';
import type { Seen } from './scan-fields.ts';
import { lineHits, NO_HITS, scanned as scannedBody } from './scanner.ts';
import type { LineHits } from './scanner.ts';

/** One place a signature matched, as `tourniquet scan` prints it. */
export interface ScanDetection {
  readonly kind: 'detection';
  /** Counts from 0. */
  readonly line: number;
  readonly rule: string;
  readonly level: Level;
  readonly class: string;
  readonly field: string;
  /** UTF-16 units in the field's decoded value. */
  readonly span: readonly [start: number, end: number];
  /** The decoded view it was found in; empty for the value as it is. */
  readonly view: string;
}

/** A Sigma rule that a line's event matches. */
export interface ScanMatch {
  readonly kind: 'match';
  readonly line: number;
  readonly rule: string;
  readonly level: Level;
  readonly class: string;
  readonly title: string;
  readonly field: string;
  readonly view: string;
}

/** What a correlation found. */
export interface ScanCorrelation {
  readonly kind: 'correlation';
  /** Ascending. */
  readonly lines: readonly number[];
  readonly rule: string;
  readonly level: Level;
  readonly class: string;
  readonly title: string;
  /** Values of the fields it groups by. */
  readonly group: Readonly<Record<string, unknown>>;
  /** What the condition compares. */
  readonly value: number;
  /** Times of the first and last event counted, RFC 3339. */
  readonly start: string;
  readonly end: string;
  readonly late: boolean;
}

export type ScanResult = ScanDetection | ScanMatch | ScanCorrelation;
type LineResult = ScanDetection | ScanMatch;

export interface LineScan {
  /**
   * What a batch of lines with these numbers gives, in order of line, rule and place; then what it completes. A line that
   * is no event (not JSON, too long, …) is looked at as text, under the field `message`. A few thousand lines a call are
   * fastest.
   */
  scan(lines: readonly string[], numbers: readonly number[]): readonly ScanResult[];
  /** The same of lines as bytes, each ended by a line feed. Returns how many there were, too. */
  scanBody(body: Buffer, firstLine: number): { readonly lines: number; readonly found: readonly ScanResult[] };
  /** At the end of all lines: what only the passing of time completes. */
  finish(): readonly ScanResult[];
}

const STATUS_MASK = 255;
/** Units of a piece of text, so that it stays a valid line when each is escaped to six bytes, and what two pieces share. */
const PIECE_UNITS = 8_000;
const SHARED_UNITS = 1_000;

/** Where a line of a body came from, and what to add to spans of its field `message`. */
interface Origin {
  readonly line: number;
  readonly offset: number;
}

interface Piece extends Origin {
  readonly json: string;
}

function pieces(line: number, text: string): readonly Piece[] {
  if (text === '') return [];
  const found: Piece[] = [];
  for (let offset = 0; offset === 0 || offset + SHARED_UNITS < text.length; offset += PIECE_UNITS - SHARED_UNITS) {
    found.push({ line, json: JSON.stringify({ message: text.slice(offset, offset + PIECE_UNITS) }), offset });
  }
  return found;
}

/** What a signature's first place is to Sigma rules; detections of a line come rule by rule. */
function seenOf(detections: readonly ScanDetection[]): readonly Seen[] {
  return detections.filter((d, i) => d.rule !== detections[i - 1]?.rule);
}

/** What a scan makes of its lines. */
interface Scan {
  readonly engine: Engine;
  readonly correlations: ScanCorrelations;
  /** Of the present batch. */
  found: LineResult[];
  correlated: ScanCorrelation[];
}

function scanLine({ engine, correlations, found, correlated }: Scan, json: string, { line, offset }: Origin, hits: LineHits): void {
  const detections: ScanDetection[] = [];
  if (hits.rules.length > 0) {
    const bySignatures = exactMatches(candidateTokens(json, hits.rules, hits.decoded), hits.rules, hits.decoded);
    for (const { rule, field, span, view } of [...bySignatures, ...engine.passages(json, hits.rules)]) {
      const { id, level, class: matchClass } = rule.signature;
      detections.push({ kind: 'detection', line, rule: id, level, class: matchClass, field, span: [span.start + offset, span.end + offset], view });
    }
    detections.sort(byPlace);
    found.push(...detections);
  }
  const seen = seenOf(detections);
  if (!engine.concerns(hits, seen)) return;
  // Native found the line to be an object.
  const event = JSON.parse(json) as Readonly<Record<string, unknown>>;
  const judgement = engine.judge(withScan(event, seen), hits);
  correlated.push(...correlations.observe(line, event, judgement));
  for (const { rule, field, view } of judgement.matches) {
    if (rule.standalone) found.push({ kind: 'match', line, rule: rule.id, level: rule.level, class: rule.options.class, title: rule.title, field, view });
  }
}

/** Looks at the events of a body; `others` sees the indexes of lines that are none. */
function scanEvents(scan: Scan, body: Buffer, originOf: (index: number) => Origin, others: (index: number, start: number, end: number) => void): number {
  const { scanner, everyLine } = scan.engine;
  const processed = scannedBody(scanner, body);
  const { lines, stored, table } = processed;
  const textOf = (index: number): string => body.toString('utf8', table[index * 3], table[index * 3 + 1]);
  if (everyLine) {
    const byLine = new Map(Array.from(lineHits(scanner, processed), (hit) => [hit.line, hit]));
    for (let i = 0; i < lines; i++) {
      if (((table[i * 3 + 2] ?? 0) & STATUS_MASK) === 0) scanLine(scan, textOf(i), originOf(i), byLine.get(i) ?? NO_HITS);
    }
  } else {
    for (const hit of lineHits(scanner, processed)) scanLine(scan, textOf(hit.line), originOf(hit.line), hit);
  }
  if (stored < lines) {
    for (let i = 0; i < lines; i++) if (((table[i * 3 + 2] ?? 0) & STATUS_MASK) !== 0) others(i, table[i * 3] ?? 0, table[i * 3 + 1] ?? 0);
  }
  return lines;
}

function spanOf(result: LineResult): readonly [number, number] {
  return result.kind === 'detection' ? result.span : [0, 0];
}

function byPlace(a: LineResult, b: LineResult): number {
  const [[aStart, aEnd], [bStart, bEnd]] = [spanOf(a), spanOf(b)];
  return a.line - b.line || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) || aStart - bStart || aEnd - bEnd;
}

function same(a: LineResult, b: LineResult | undefined): boolean {
  return b !== undefined && a.kind === b.kind && a.field === b.field && byPlace(a, b) === 0;
}

function ordered(found: readonly LineResult[]): readonly LineResult[] {
  return found.toSorted(byPlace).filter((d, i, sorted) => !same(d, sorted[i - 1]));
}

function bodyOf(texts: readonly string[]): Buffer {
  return Buffer.from(texts.map((text) => `${text}\n`).join(''));
}

/** The engine of `tourniquet scan`: no store, no keys, nothing masked. */
export function createLineScan(engine: Engine): LineScan {
  const correlations = createScanCorrelations(engine);

  /** Looks at a body whose lines are numbered so; `textOf` gives a line that is no event. */
  function scanned(body: Buffer, numberOf: (index: number) => number, textOf: (index: number, start: number, end: number) => string): { readonly lines: number; readonly found: readonly ScanResult[] } {
    const scan: Scan = { engine, correlations, found: [], correlated: [] };
    const parts: Piece[] = [];
    const lines = scanEvents(scan, body, (i) => ({ line: numberOf(i), offset: 0 }), (i, start, end) => parts.push(...pieces(numberOf(i), textOf(i, start, end))));
    if (parts.length > 0) scanEvents(scan, bodyOf(parts.map((p) => p.json)), (i) => parts[i] ?? { line: 0, offset: 0 }, () => undefined);
    return { lines, found: [...ordered(scan.found), ...scan.correlated] };
  }

  return {
    scan(lines, numbers) {
      // A line feed inside of a text would shift the lines after it: such a text is looked at in pieces.
      return scanned(bodyOf(lines.map((line) => (line.includes('\n') ? '' : line))), (i) => numbers[i] ?? 0, (i) => lines[i] ?? '').found;
    },
    scanBody: (body, firstLine) => scanned(body, (i) => firstLine + i, (_i, start, end) => body.toString('utf8', start, end)),
    finish: () => correlations.finish(),
  };
}
