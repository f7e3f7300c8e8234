import { createRequire } from 'node:module';
import { basename } from 'node:path';
import type { Frontier } from '../../contracts/merkle.ts';
import type { InspectedBody, LineInspector } from '../../contracts/line-inspector.ts';
import { detectError } from '../errors.ts';
import { buildNative } from './build.mjs';

/** A compiled pattern database; opaque. It belongs to the thread that made it and is freed when unreachable. */
export interface PatternDatabase {
  readonly patternDatabase: unique symbol;
}

/** The columns of `events` rows that differ from line to line; opaque, as is a PatternDatabase. */
export interface NativeRows {
  readonly nativeRows: unique symbol;
}

/** Text columns in the order in which `addRow` takes them. */
export const TEXT_COLUMNS = ['kind', 'category', 'action', 'outcome', 'user_name', 'source_ip', 'domain', 'method', 'path', 'user_agent'] as const;

/** Columns in the order in which `takeColumns` gives them. */
export const LINE_COLUMNS = [...TEXT_COLUMNS, 'seq', 'timestamp', 'status', 'response_bytes', 'line'] as const;

/**
 * Flags of hs_compile.h, one word a pattern. Not HS_FLAG_SINGLEMATCH: many lines are scanned in one go. Then our own:
 * - `lineBound`: no match holds a line feed, and nothing beyond one matters (no anchors): such a pattern is found in many
 *   lines at once, without a second look at each. For literals and whatever may hit many lines.
 * - `plainOnly`: looked for in lines as they are, not in decoded views.
 * - `valueOnly`, with `lineBound`: hits in keys do not count, where the line has no escapes. For literals that no number,
 *   `true` or `false` holds.
 * - `oddNumber`: hits every line with a number that may stand there otherwise than JavaScript writes it, whatever its text.
 */
export const PATTERN_FLAGS = { caseless: 1, dotAll: 2, lineBound: 0x10000, plainOnly: 0x20000, valueOnly: 0x40000, oddNumber: 0x80000 } as const;

export interface Expression {
  readonly text: string;
  readonly flags: number;
  /** Looked for in its place: found where it is, at less cost. */
  readonly alternatives?: readonly string[];
}

/** What `process` asks. Sequence of line i is `firstSeq + i`. */
export interface ProcessRequest {
  readonly body: Buffer;
  readonly nonces: boolean;
  /** `envelopePrefix` of contracts/leaf.ts as bytes. */
  readonly envelopePrefix: Buffer;
  readonly firstSeq: number;
  /** Leading lines that are passed over. */
  readonly skipLines: number;
  /** Further lines that are passed over, ascending. */
  readonly omit: Uint32Array;
  /** False leaves `leaves` empty. */
  readonly hashed?: boolean;
}

/** Status of a line that was passed over: not judged, not scanned, not hashed. */
export const PASSED_OVER = 255;
/** Set in a status word beside the status: the line holds bytes beyond ASCII. */
export const BEYOND_ASCII = 256;

/** Set in a status word by the caller of `addLines`: the line's place is in `rewritten`. */
export const REWRITTEN = 512;

/** First of `Native.members` for a line that has to be parsed as a whole. */
export const READ_WHOLE = 0xffffffff;

/** Bits of `ProcessedBody.found`: in the line with its JSON escapes read; in a decoded view of one of its strings. */
export const IN_PLAIN = 1;
export const IN_DECODED = 2;

export interface ProcessedBody {
  readonly lines: number;
  /** Lines whose status is ok. */
  readonly stored: number;
  /** Three numbers a line: start and end of the event's bytes, status word. */
  readonly table: Uint32Array;
  /** Pairs of line and pattern index, ascending, each pair once. */
  readonly hits: Uint32Array;
  /** One number a pair of `hits`: where it was found, IN_PLAIN, IN_DECODED or both. */
  readonly found: Uint8Array;
  /** Leaf hashes of the lines that are ok, 32 bytes each. */
  readonly leaves: Buffer;
}

/** Rewritten lines: `ends[i]` is the end of line i in `lines`, its sequence is `firstSeq + offsets[i]`. */
export interface LeafRequest {
  readonly envelopePrefix: Buffer;
  readonly firstSeq: number;
  readonly lines: Buffer;
  readonly ends: Uint32Array;
  readonly offsets: Uint32Array;
}

/** Lines for the rows: those of `table` (as `ProcessedBody` has it) whose status is ok. */
export interface LinesRequest {
  readonly body: Buffer;
  readonly rewritten: Buffer;
  readonly table: Uint32Array;
  readonly firstSeq: number;
  readonly receivedAtMs: number;
}

/** One line derived by derivation/v1/event-columns.ts. */
export interface DerivedRow {
  readonly seq: number;
  readonly timestamp: number;
  readonly status: number;
  readonly responseBytes: number;
  readonly texts: readonly string[];
  readonly line: Buffer;
}

/** Every function throws TypeError on wrong types and never reads outside of what it was given. */
export interface Native extends LineInspector {
  /** Names the addon's sources and build and what Hyperscan compiles for: what one build serialized another must not read. */
  readonly build: string;
  /**
   * `parts`: how many consecutive expressions are compiled together, all in one when absent; the parts are compiled side by
   * side. Throws an Error whose `pattern` is the index of the expression that Hyperscan refuses (-1 when it is none alone).
   */
  compile(expressions: readonly Expression[], parts?: readonly number[]): PatternDatabase;
  /** Each part by itself. */
  serialize(database: PatternDatabase): readonly Buffer[];
  /**
   * One database of parts that `serialize` gave on the same platform and version; they are trusted, so keep them where only
   * we write.
   */
  deserialize(parts: readonly Buffer[]): PatternDatabase;
  process(database: PatternDatabase, request: ProcessRequest): ProcessedBody;
  /** The decoded views that `process` scans of a string's value: the texts of detect/views/ but the first. */
  viewsOf(text: string): readonly string[];
  leafHashes(request: LeafRequest): Buffer;
  /**
   * Where the values of top-level members stand in the body: start and end for each line and name, 0 and 0 where there is
   * none. The first number is `READ_WHOLE` for a line that is not ok, has bytes beyond ASCII or names that could mean others
   * (escapes, dots).
   */
  members(body: Buffer, table: Uint32Array, names: readonly string[]): Uint32Array;
  /** HMAC-SHA-256 under a key of at most 64 bytes, made ready: as secret as the key. */
  hmacState(key: Uint8Array): Buffer;
  /** Of each text the first `TOKEN_LETTERS` letters of its HMAC, one after another. */
  tokens(state: Buffer, texts: readonly string[]): string;
  /** `sketchOf` of contracts/shingles.ts, of the text's words joined by spaces; its shingles one after another. */
  sketch(state: Buffer, words: string): string;
  /** Equal to folding contracts/merkle.ts `appendLeaf` over `leaves` (32 bytes each). */
  append(frontier: Frontier, leaves: Buffer): Frontier;
  rootOf(frontier: Frontier): Buffer;
  eventRows(): NativeRows;
  /**
   * Derives and adds the lines from index `from` on. Stops at a line of a shape that only the definition in
   * derivation/v1 reads and returns its index: give it to `addRow` and go on behind it. Otherwise the number of lines.
   */
  addLines(rows: NativeRows, request: LinesRequest, from: number): number;
  addRow(rows: NativeRows, row: DerivedRow): void;
  /** Values of each of LINE_COLUMNS in ClickHouse's Native format; the rows are empty afterwards. */
  takeColumns(rows: NativeRows): readonly Buffer[];
}

/** The addon's exports as addon.cc registers them. */
interface Addon {
  inspect(body: Buffer, previousHead: Buffer | undefined): InspectedBody;
  compile(expressions: readonly string[], flags: Uint32Array, parts: Uint32Array, patterns: Uint32Array): PatternDatabase;
  serialize(database: PatternDatabase): readonly Buffer[];
  deserialize(parts: readonly Buffer[]): PatternDatabase;
  process(database: PatternDatabase, body: Buffer, nonces: boolean, envelopePrefix: Buffer, firstSeq: number, skipLines: number, omit: Uint32Array, hashed: boolean): ProcessedBody;
  viewsOf(text: string): readonly string[];
  platform(): string;
  leafHashes(envelopePrefix: Buffer, firstSeq: number, lines: Buffer, ends: Uint32Array, offsets: Uint32Array): Buffer;
  members(body: Buffer, table: Uint32Array, names: readonly string[]): Uint32Array;
  hmacState(key: Uint8Array): Buffer;
  tokens(state: Buffer, texts: readonly string[]): string;
  sketch(state: Buffer, words: string): string;
  append(size: number, hashes: Buffer, leaves: Buffer): Buffer;
  root(size: number, hashes: Buffer): Buffer;
  eventRows(): NativeRows;
  addLines(rows: NativeRows, body: Buffer, rewritten: Buffer, table: Uint32Array, firstSeq: number, receivedAtMs: number, from: number): number;
  addRow(rows: NativeRows, seq: number, timestamp: number, status: number, responseBytes: number, texts: readonly string[], line: Buffer): void;
  takeColumns(rows: NativeRows): readonly Buffer[];
}

/** Alternatives of an expression are patterns of one number. */
function compileAlternatives(addon: Addon, expressions: readonly Expression[], parts: readonly number[]): PatternDatabase {
  const alternatives = expressions.map(({ text, alternatives: several = [text] }) => several);
  const each = expressions.flatMap(({ flags }, pattern) => (alternatives[pattern] ?? []).map((text) => ({ text, flags, pattern })));
  let first = 0;
  const sizes = parts.map((size) => alternatives.slice(first, (first += size)).reduce((sum, several) => sum + several.length, 0));
  return addon.compile(each.map(({ text }) => text), Uint32Array.from(each, ({ flags }) => flags), Uint32Array.from(sizes), Uint32Array.from(each, ({ pattern }) => pattern));
}

function bind(addon: Addon, build: string): Native {
  return {
    build,
    inspect: (body, previousHead) => addon.inspect(body, previousHead),
    compile: (expressions, parts = [expressions.length]) => compileAlternatives(addon, expressions, parts),
    serialize: (database) => addon.serialize(database),
    deserialize: (parts) => addon.deserialize(parts),
    process: (database, r) => addon.process(database, r.body, r.nonces, r.envelopePrefix, r.firstSeq, r.skipLines, r.omit, r.hashed ?? true),
    viewsOf: (text) => addon.viewsOf(text),
    leafHashes: (r) => addon.leafHashes(r.envelopePrefix, r.firstSeq, r.lines, r.ends, r.offsets),
    members: (body, table, names) => addon.members(body, table, names),
    hmacState: (key) => addon.hmacState(key),
    tokens: (state, texts) => addon.tokens(state, texts),
    sketch: (state, words) => addon.sketch(state, words),
    append: (frontier, leaves) => {
      const bytes = addon.append(frontier.size, Buffer.concat(frontier.hashes), leaves);
      const hashes = Array.from({ length: bytes.length / 32 }, (_, i) => bytes.subarray(i * 32, i * 32 + 32));
      return { size: frontier.size + leaves.length / 32, hashes };
    },
    rootOf: (frontier) => addon.root(frontier.size, Buffer.concat(frontier.hashes)),
    eventRows: () => addon.eventRows(),
    addLines: (rows, r, from) => addon.addLines(rows, r.body, r.rewritten, r.table, r.firstSeq, r.receivedAtMs, from),
    addRow: (rows, r) => addon.addRow(rows, r.seq, r.timestamp, r.status, r.responseBytes, r.texts, r.line),
    takeColumns: (rows) => addon.takeColumns(rows),
  };
}

let loaded: Promise<Native> | undefined;

async function load(): Promise<Native> {
  const { file } = await buildNative();
  try {
    // The addon has no types of its own; addon.cc registers exactly these functions.
    const addon = createRequire(import.meta.url)(file) as Addon;
    return bind(addon, `${basename(file)} ${addon.platform()}`);
  } catch (cause) {
    throw detectError('nativeUnusable', basename(file), { cause });
  }
}

/** The addon of this thread, compiled first when these sources were never built. */
export function loadNative(): Promise<Native> {
  loaded ??= load();
  return loaded;
}
