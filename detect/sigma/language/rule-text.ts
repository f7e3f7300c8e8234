import type { Place, Problem } from '../rule.ts';

/** Offsets into a file's text in UTF-16 units, `end` excluded. */
export interface Span {
  readonly start: number;
  readonly end: number;
}

export type Hint = string | (() => string | undefined) | undefined;

/** The text of one file while it is read: turns offsets into places and takes what is wrong. */
export interface RuleText {
  readonly file: string;
  readonly text: string;
  place(span: Span): Place;
  /** A hint that is a function is asked for only if the problem is told. */
  report(span: Span, message: string, hint?: Hint): void;
}

/** Rules are small: the largest of SigmaHQ has 40 KiB. */
export const MOST_FILE_BYTES = 1024 * 1024;

/** So many problems of one file are told: an attacker's file could have one a byte. */
export const MOST_PROBLEMS_PER_FILE = 100;

export function ruleText(file: string, text: string, problems: Problem[]): RuleText {
  let lineStarts: readonly number[] | undefined;
  let reported = 0;
  const place = (span: Span): Place => {
    lineStarts ??= lineStartsOf(text);
    const start = Math.min(Math.max(span.start, 0), text.length);
    const line = lineOf(lineStarts, start);
    const lineStart = lineStarts[line] ?? 0;
    const lineEnd = (lineStarts[line + 1] ?? text.length + 1) - 1;
    return { file, line: line + 1, column: start - lineStart + 1, length: Math.max(1, Math.min(span.end, lineEnd) - start) };
  };
  const report = (span: Span, message: string, hint?: Hint): void => {
    reported++;
    if (reported <= MOST_PROBLEMS_PER_FILE) {
      const told = typeof hint === 'function' ? hint() : hint;
      problems.push({ place: place(span), message, ...(told === undefined ? {} : { hint: told }) });
    } else if (reported === MOST_PROBLEMS_PER_FILE + 1) problems.push({ place: place(span), message: 'this file has more problems: correct those above first' });
  };
  return { file, text, place, report };
}

/** Names out of files are cut before they go into a message. */
export function shown(name: string): string {
  return name.length <= 80 ? name : `${name.slice(0, 77)}...`;
}

function lineStartsOf(text: string): readonly number[] {
  const starts = [0];
  for (let at = text.indexOf('\n'); at !== -1; at = text.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Index of the last start that is not behind `offset`. */
function lineOf(starts: readonly number[], offset: number): number {
  let low = 0;
  let high = starts.length - 1;
  while (low < high) {
    const middle = (low + high + 1) >> 1;
    if ((starts[middle] ?? 0) <= offset) low = middle;
    else high = middle - 1;
  }
  return low;
}
