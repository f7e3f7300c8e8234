import { PENDING, reject } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';
import { parsePhpTime } from './log-time.ts';

/** What PHP's log writer made of one message: `[21-Nov-2026 10:11:12 UTC] first line`, then lines without a time. */
export interface StampedEntry {
  readonly timestamp: string;
  readonly text: string;
  /** The lines behind the first; not empty means that line feeds join them. */
  readonly more: readonly string[];
  /** From 0; above it, the entry goes on from one that grew too long for an event. */
  readonly part: number;
}

/** Characters of an entry before it goes on in a next event: three bytes each still fit a line of 48 KiB. */
const MOST_CHARS = 15_000;
const STAMP = /^\[([0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8} [^\]]{1,40})\] ?/;
/** Xdebug writes each line of a stack trace with a time of its own. */
const TRACE_LINE = /^PHP (?:Stack trace:$| {2,}[0-9]+\. )/;

/** How a log writes the time at the start of a line: the first group is the time, the whole is taken off. */
export interface Stamp {
  readonly shape: RegExp;
  readonly parse: (time: string) => string | undefined;
}

/** Of one log; a line in a further one is read as if it had no time, for looking up a zone costs as much as a thousand lines. */
const MOST_ZONES = 16;
/** Where the zone begins in a time. */
const ZONE_AT = 21;

const PHP_STAMP: Stamp = { shape: STAMP, parse: parsePhpTime };

/** Joins lines to entries. A line without a time belongs to the entry before it; without one before, it is refused. */
export function createStampedParser(toJson: (entry: StampedEntry) => string, { shape, parse: parseTime }: Stamp = PHP_STAMP): LineParser {
  let held: { timestamp: string; text: string; more: string[]; chars: number; part: number } | undefined;
  let lastStamp = '';
  let lastTimestamp: string | undefined;
  const zones = new Set<string>();

  function timestampOf(stamp: string): string | undefined {
    if (stamp !== lastStamp) {
      lastStamp = stamp;
      const zone = stamp.slice(ZONE_AT);
      if (zones.size < MOST_ZONES) zones.add(zone);
      lastTimestamp = zones.has(zone) ? parseTime(stamp) : undefined;
    }
    return lastTimestamp;
  }

  function replace(next: typeof held): ParsedLine {
    const before = held;
    held = next;
    return before === undefined ? PENDING : { kind: 'event', json: toJson(before) };
  }

  function goOn(text: string): ParsedLine {
    if (held === undefined) return reject(text === '' ? 'empty' : 'unknown_format');
    if (held.chars + text.length > MOST_CHARS) {
      return replace({ timestamp: held.timestamp, text, more: [], chars: text.length, part: held.part + 1 });
    }
    held.more.push(text);
    // A line counts for more than its text, so that a million empty ones do not pile up.
    held.chars += text.length + 2;
    return PENDING;
  }

  function parse(line: string): ParsedLine {
    const stamp = line.charCodeAt(0) === 0x5b ? shape.exec(line) : null;
    const timestamp = stamp?.[1] === undefined ? undefined : timestampOf(stamp[1]);
    if (stamp === null || timestamp === undefined) {
      if (stamp !== null && held === undefined) return reject('no_timestamp');
      return goOn(line);
    }
    const text = line.slice(stamp[0].length);
    if (held?.timestamp === timestamp && TRACE_LINE.test(text)) return goOn(text);
    return replace({ timestamp, text, more: [], chars: text.length, part: 0 });
  }

  return { parse, flush: () => replace(undefined) };
}
