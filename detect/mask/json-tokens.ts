/** A string or number of a JSON line, keys included, where it stands. All positions count UTF-16 units. */
export interface JsonToken {
  /** Counts all tokens of the line, those left out too. */
  readonly index: number;
  /** Dotted path without array indexes; a key's ends with `.(key)`. */
  readonly field: string;
  readonly kind: 'string' | 'number';
  /** The token in the line, quotes included. */
  readonly start: number;
  readonly end: number;
  /** Innermost object or array that holds it. */
  readonly level: Level | undefined;
}

/** Part of a line: start (inclusive), end (exclusive). */
export type Range = readonly [start: number, end: number];

const QUOTE = 34;
const COMMA = 44;
const MINUS = 45;
const ZERO = 48;
const NINE = 57;
const OPEN_LIST = 91;
const BACKSLASH = 92;
const CLOSE_LIST = 93;
const OPEN_OBJECT = 123;
const CLOSE_OBJECT = 125;

/** Behind the string that begins at `start`. */
export function stringEnd(line: string, start: number): number {
  for (let end = line.indexOf('"', start + 1); end >= 0; end = line.indexOf('"', end + 1)) {
    let slashes = 0;
    while (line.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  return line.length;
}

/** Behind the number, `true`, `false` or `null` that begins at `start`. */
export function literalEnd(line: string, start: number): number {
  let i = start + 1;
  for (; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === COMMA || code === CLOSE_LIST || code === CLOSE_OBJECT || code <= 32) break;
  }
  return i;
}

/** An open object or array; arrays add no name. */
export interface Level {
  readonly parent: Level | undefined;
  readonly isObject: boolean;
  /** Where it begins. */
  readonly start: number;
  /** The key, quotes included, under which the next value stands; 0, 0 before the first. */
  keyStart: number;
  keyEnd: number;
  /** What `labels.ts` read in it. */
  label: string | undefined;
}

/** The value of the string from `start` to `end`, quotes included. */
export function stringText(line: string, start: number, end: number): string {
  const raw = line.slice(start + 1, end - 1);
  return raw.includes('\\') ? String(JSON.parse(`"${raw}"`)) : raw;
}

/** A path is cut off, above, when it is longer: hostile keys would make those of many tokens long. */
const MOST_PATH_UNITS = 1024;

/** Names of the levels from the outermost on; only needed for the few tokens that are wanted. */
function pathOf(line: string, level: Level | undefined, last: string | undefined): string {
  let path = last;
  for (let l = level; l !== undefined && (path?.length ?? 0) < MOST_PATH_UNITS; l = l.parent) {
    if (l.keyEnd === 0 || (l === level && last !== undefined)) continue;
    const name = stringText(line, l.keyStart, l.keyEnd).slice(0, MOST_PATH_UNITS);
    path = path === undefined ? name : `${name}.${path}`;
  }
  return path ?? '';
}

/**
 * Tokens in order, or only those that overlap one of `ranges` (ascending by start). `line` must be valid JSON.
 */
export function jsonTokens(line: string, ranges?: readonly Range[]): readonly JsonToken[] {
  const tokens: JsonToken[] = [];
  let level: Level | undefined;
  let keyNext = false;
  let index = 0;
  let at = 0;
  const wanted = (start: number, end: number): boolean => {
    if (ranges === undefined) return true;
    let range = ranges[at];
    while (range !== undefined && range[1] <= start) range = ranges[++at];
    return range !== undefined && range[0] < end;
  };
  for (let i = 0; i < line.length; i++) {
    const code = line.charCodeAt(i);
    if (code === QUOTE) {
      const end = stringEnd(line, i);
      if (wanted(i, end)) tokens.push({ index, field: pathOf(line, level, keyNext ? '(key)' : undefined), kind: 'string', start: i, end, level });
      if (keyNext && level !== undefined) {
        level.keyStart = i;
        level.keyEnd = end;
      }
      index++;
      keyNext = false;
      i = end - 1;
    } else if (code === MINUS || (code >= ZERO && code <= NINE)) {
      const end = literalEnd(line, i);
      if (wanted(i, end)) tokens.push({ index, field: pathOf(line, level, undefined), kind: 'number', start: i, end, level });
      index++;
      i = end - 1;
    } else if (code === OPEN_OBJECT || code === OPEN_LIST) {
      keyNext = code === OPEN_OBJECT;
      level = { parent: level, isObject: keyNext, start: i, keyStart: 0, keyEnd: 0, label: undefined };
    } else if (code === CLOSE_OBJECT || code === CLOSE_LIST) {
      level = level?.parent;
      keyNext = false;
    } else if (code === COMMA) {
      keyNext = level?.isObject === true;
    }
    // Nothing further is wanted.
    if (ranges !== undefined && at >= ranges.length) break;
  }
  return tokens;
}
