import type { Level, Pack } from '../contracts/pack.ts';
import { candidateTokens, exactMatches } from './mask/exact-match.ts';
import { loadNative } from './native/binding.ts';
import type { Native } from './native/binding.ts';
import { createScanner, rulesByLine } from './scanner.ts';
import type { Scanner } from './scanner.ts';

/** One detection, as `tourniquet scan` prints it. */
export interface ScanDetection {
  /** Counts from 0. */
  readonly line: number;
  readonly rule: string;
  readonly level: Level;
  readonly class: string;
  readonly field: string;
  /** UTF-16 units in the field's decoded value. */
  readonly span: readonly [start: number, end: number];
}

export interface LineScan {
  /**
   * Detections of a batch of lines, in order of line, rule and place. A line that is no event (not JSON, too long, …)
   * is looked at as text, under the field `message`. A few thousand lines a call are fastest.
   */
  scan(lines: readonly string[], firstLine: number): readonly ScanDetection[];
}

const NO_OMIT = new Uint32Array();
const NO_PREFIX = Buffer.alloc(0);
const STATUS_MASK = 255;
/** Units of a piece of text, so that it stays a valid line when each is escaped to six bytes, and what two pieces share. */
const PIECE_UNITS = 8_000;
const SHARED_UNITS = 1_000;

/** A line to look at: where it came from, and what to add to spans of its field `message`. */
interface Candidate {
  readonly line: number;
  readonly json: string;
  readonly offset: number;
}

function pieces(line: number, text: string): readonly Candidate[] {
  const found: Candidate[] = [];
  for (let offset = 0; offset === 0 || offset + SHARED_UNITS < text.length; offset += PIECE_UNITS - SHARED_UNITS) {
    found.push({ line, json: JSON.stringify({ message: text.slice(offset, offset + PIECE_UNITS) }), offset });
  }
  return found;
}

/** Detections of candidates that are events; the others are returned. */
function scanOnce(scanner: Scanner, candidates: readonly Candidate[], found: ScanDetection[]): readonly Candidate[] {
  const body = Buffer.from(candidates.map((c) => `${c.json}\n`).join(''));
  const { table, hits } = scanner.native.process(scanner.database, { body, nonces: false, envelopePrefix: NO_PREFIX, firstSeq: 0, skipLines: 0, omit: NO_OMIT });
  for (const [index, rules] of rulesByLine(scanner, hits)) {
    const candidate = candidates[index];
    if (candidate === undefined) continue;
    for (const { rule, field, span } of exactMatches(candidateTokens(candidate.json, rules), rules)) {
      const { id, level, class: dataClass } = rule.signature;
      found.push({ line: candidate.line, rule: id, level, class: dataClass, field, span: [span.start + candidate.offset, span.end + candidate.offset] });
    }
  }
  return candidates.filter((_, index) => ((table[index * 3 + 2] ?? 0) & STATUS_MASK) !== 0);
}

function byPlace(a: ScanDetection, b: ScanDetection): number {
  return a.line - b.line || (a.rule < b.rule ? -1 : a.rule > b.rule ? 1 : 0) || a.span[0] - b.span[0] || a.span[1] - b.span[1];
}

function same(a: ScanDetection, b: ScanDetection | undefined): boolean {
  return b !== undefined && a.line === b.line && a.rule === b.rule && a.field === b.field && a.span[0] === b.span[0] && a.span[1] === b.span[1];
}

/** The engine of `tourniquet scan`: no store, no keys, nothing masked. */
export async function createLineScan(pack: Pack, native?: Native, cacheDirectory?: string): Promise<LineScan> {
  const scanner = createScanner(pack, native ?? (await loadNative()), cacheDirectory);
  return {
    scan(lines, firstLine) {
      const found: ScanDetection[] = [];
      // A line feed inside of a text would shift the lines after it: such a text is looked at in pieces.
      const whole = lines.map((json, i) => ({ line: firstLine + i, json: json.includes('\n') ? '' : json, offset: 0 }));
      const texts = scanOnce(scanner, whole, found).filter((c) => lines[c.line - firstLine] !== '');
      if (texts.length > 0) scanOnce(scanner, texts.flatMap((c) => pieces(c.line, lines[c.line - firstLine] ?? '')), found);
      found.sort(byPlace);
      return found.filter((d, i) => !same(d, found[i - 1]));
    },
  };
}
