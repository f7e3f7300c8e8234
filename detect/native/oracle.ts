import { createHash } from 'node:crypto';
import { commitment, extendHead, NONCE_CHARS } from '../../contracts/chain.ts';
import type { InspectedBody } from '../../contracts/line-inspector.ts';
import { LINE_STATUS } from '../../contracts/line-status.ts';
import type { LineStatus } from '../../contracts/line-status.ts';
import { MAX_DEPTH, MAX_KEYS, MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { viewsOf } from '../views/views.ts';
import { BEYOND_ASCII, IN_DECODED, IN_PLAIN, PASSED_OVER } from './binding.ts';
import type { ProcessRequest, ProcessedBody } from './binding.ts';

/** The native addon in plain JavaScript: slow, obvious, and the judge of the addon in tests. */

const LINE_FEED = 10;
const CARRIAGE_RETURN = 13;
const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** Deepest nesting, number of keys and whether an object has a key twice. `text` must be valid JSON. */
function shapeOf(text: string): { readonly depth: number; readonly keys: number; readonly twice: boolean } {
  const open: (Set<string> | undefined)[] = [];
  let [depth, keys, twice, keyNext] = [0, 0, false, false];
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|[{}[\],]/gsu)) {
    if (token === '{' || token === '[') {
      open.push(token === '{' ? new Set() : undefined);
      depth = Math.max(depth, open.length);
      keyNext = token === '{';
    } else if (token === '}' || token === ']') {
      open.pop();
      keyNext = false;
    } else if (token === ',') {
      keyNext = open.at(-1) !== undefined;
    } else if (keyNext) {
      const names = open.at(-1);
      const name = String(JSON.parse(token));
      twice ||= names?.has(name) === true;
      names?.add(name);
      keys++;
      keyNext = false;
    }
  }
  return { depth, keys, twice };
}

function decode(line: Uint8Array): string | undefined {
  try {
    return utf8.decode(line);
  } catch {
    return undefined;
  }
}

export function judgeLine(line: Uint8Array): LineStatus {
  if (line.length === 0) return 'empty';
  if (line.length > MAX_LINE_BYTES) return 'too_long';
  const text = decode(line);
  if (text === undefined) return 'not_utf8';
  if (line.includes(0)) return 'nul_byte';
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return 'not_json';
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return 'not_object';
  const { depth, keys, twice } = shapeOf(text);
  if (depth > MAX_DEPTH) return 'too_deep';
  if (keys > MAX_KEYS) return 'too_many_keys';
  return twice ? 'duplicate_key' : 'ok';
}

interface BodyLine {
  readonly start: number;
  readonly end: number;
  readonly terminated: boolean;
}

function* linesOf(body: Buffer, nonces: boolean): Generator<BodyLine> {
  for (let start = 0; start < body.length; ) {
    const feed = body.indexOf(LINE_FEED, start);
    const stop = feed < 0 ? body.length : feed;
    const stripped = !nonces && feed >= 0 && stop > start && body[stop - 1] === CARRIAGE_RETURN;
    yield { start, end: stripped ? stop - 1 : stop, terminated: feed >= 0 };
    start = stop + 1;
  }
}

/** The 16 bytes of a nonce in its one spelling, followed by a space. */
function nonceOf(line: Buffer): Buffer | undefined {
  const text = line.toString('latin1', 0, NONCE_CHARS + 1);
  if (!/^[A-Za-z0-9_-]{21}[AQgw] $/.test(text)) return undefined;
  return Buffer.from(text.slice(0, NONCE_CHARS), 'base64url');
}

export function inspectOracle(body: Buffer, previousHead: Buffer | undefined): InspectedBody {
  const nonces = previousHead !== undefined;
  const table: number[] = [];
  let head = previousHead ?? Buffer.alloc(0);
  let brokenLine = -1;
  let rejected = 0;
  for (const { start, end, terminated } of linesOf(body, nonces)) {
    const nonce = terminated && nonces ? nonceOf(body.subarray(start, end)) : undefined;
    if ((!terminated || (nonces && nonce === undefined)) && brokenLine < 0) brokenLine = table.length / 3;
    const from = nonce === undefined ? start : start + NONCE_CHARS + 1;
    const line = body.subarray(from, end);
    if (nonce !== undefined && brokenLine < 0) head = extendHead(head, commitment(nonce, line));
    const status = judgeLine(line);
    if (status !== 'ok') rejected++;
    table.push(from, end, LINE_STATUS.indexOf(status));
  }
  return { lines: table.length / 3, table: Uint32Array.from(table), rejected, head, brokenLine };
}

/** One character a byte, JSON escapes replaced by their UTF-8. */
function unescape(latin1: string): string {
  const wtf8 = (code: number): string => {
    if (code < 0x80) return String.fromCharCode(code);
    if (code < 0x800) return String.fromCharCode(0xc0 | (code >> 6), 0x80 | (code & 63));
    if (code < 0x10000) return String.fromCharCode(0xe0 | (code >> 12), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
    return String.fromCharCode(0xf0 | (code >> 18), 0x80 | ((code >> 12) & 63), 0x80 | ((code >> 6) & 63), 0x80 | (code & 63));
  };
  const short: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };
  return latin1.replaceAll(/\\u([dD][89abAB][0-9a-fA-F]{2})\\u([dD][c-fC-F][0-9a-fA-F]{2})|\\u([0-9a-fA-F]{4})|\\(.)/gs, (_all, high?: string, low?: string, unit?: string, name?: string) => {
    if (high !== undefined && low !== undefined) return wtf8(0x10000 + ((Number.parseInt(high, 16) - 0xd800) << 10) + Number.parseInt(low, 16) - 0xdc00);
    if (unit !== undefined) return wtf8(Number.parseInt(unit, 16));
    return short[name ?? ''] ?? name ?? '';
  });
}

/** The decoded views of a line's strings, in quotes, one character a byte; a lone surrogate is three bytes of some kind. */
function decodedOracle(line: Buffer): readonly string[] {
  return [...line.toString('utf8').matchAll(/"(?:[^"\\]|\\.)*"/gsu)]
    .flatMap(([token]) => viewsOf(String(JSON.parse(token))).slice(1))
    .map((view) => `"${Buffer.from(view.text).toString('latin1')}"`);
}

/** A pattern without the flags g and y, and its flags of PATTERN_FLAGS. */
export interface OraclePattern {
  readonly pattern: RegExp;
  readonly plainOnly: boolean;
  readonly valueOnly?: boolean;
  readonly oddNumber?: boolean;
}

/** Whether the pattern is found in a line without escapes anywhere but in a key. */
function outsideOfKeys(pattern: RegExp, line: string): boolean {
  const sticky = new RegExp(pattern, `${pattern.flags}y`);
  for (let at = 0; at < line.length; at++) {
    sticky.lastIndex = at;
    const match = sticky.exec(line)?.[0];
    if (match !== undefined && !/^[^"]*"[ \t\r\n]*:/.test(line.slice(at + match.length - 1))) return true;
  }
  return false;
}

/** A number whose text in JavaScript may differ from `written`. */
function isOdd(written: string): boolean {
  return /[eE]/.test(written) || written.length > 15 || /^-0$|\.[0-9]*0$|\.00000[0-9]/.test(written);
}

function hasOddNumber(line: string): boolean {
  return [...line.matchAll(/"(?:[^"\\]|\\.)*"|-?[0-9][0-9.eE+-]*/gs)].some(([token]) => !token.startsWith('"') && isOdd(token));
}

function placesOf({ pattern, plainOnly, valueOnly = false, oddNumber = false }: OraclePattern, line: string, decoded: readonly string[]): number {
  const plain = unescape(line);
  const found = valueOnly && plain === line && !line.includes('\\') ? outsideOfKeys(pattern, line) : pattern.test(plain);
  const inPlain = found || (oddNumber && hasOddNumber(line));
  return (inPlain ? IN_PLAIN : 0) | (!plainOnly && decoded.some((view) => pattern.test(view)) ? IN_DECODED : 0);
}

export function processOracle(patterns: readonly OraclePattern[], request: ProcessRequest): ProcessedBody {
  const { body, nonces, envelopePrefix, firstSeq, skipLines, omit } = request;
  const table: number[] = [];
  const hits: number[] = [];
  const found: number[] = [];
  let stored = 0;
  const leaves: Buffer[] = [];
  for (const { start, end } of linesOf(body, nonces)) {
    const index = table.length / 3;
    const from = nonces && nonceOf(body.subarray(start, end)) !== undefined ? start + NONCE_CHARS + 1 : start;
    const line = body.subarray(from, end);
    let word: number = PASSED_OVER;
    if (index >= skipLines && !omit.includes(index)) word = LINE_STATUS.indexOf(judgeLine(line));
    if (word === 0) {
      if (request.hashed !== false) leaves.push(createHash('sha256').update('\0').update(envelopePrefix).update(`${firstSeq + index}\n`).update(line).digest());
      stored++;
      const decoded = decodedOracle(line);
      for (const [id, pattern] of patterns.entries()) {
        const places = placesOf(pattern, line.toString('latin1'), decoded);
        if (places === 0) continue;
        hits.push(index, id);
        found.push(places);
      }
      if (line.some((byte) => byte > 127)) word |= BEYOND_ASCII;
    }
    table.push(from, end, word);
  }
  return { lines: table.length / 3, stored, table: Uint32Array.from(table), hits: Uint32Array.from(hits), found: Buffer.from(found), leaves: Buffer.concat(leaves) };
}
