import type { Problem, RuleFile } from '../rule.ts';

const MOST_PROBLEMS = 50;
/** Units of a line that are shown, around the place. */
const EXCERPT_UNITS = 100;

/**
 * Problems for people: `file:line:column: message`, the line with carets under the place, and what is expected. Nothing
 * in it can steer a terminal. Of more than `most`, the rest is counted.
 */
export function printProblems(problems: readonly Problem[], files: readonly RuleFile[], most = MOST_PROBLEMS): string {
  const texts = new Map(files.map(({ file, text }) => [file, text]));
  const printed = problems.slice(0, most).map((problem) => printProblem(problem, texts.get(problem.place.file)));
  const rest = problems.length - printed.length;
  return [...printed, ...(rest > 0 ? [`and ${rest} more`] : [])].join('\n');
}

function printProblem({ place, message, hint }: Problem, text: string | undefined): string {
  const head = `${harmless(place.file)}:${place.line}:${place.column}: ${harmless(message)}`;
  const expected = hint === undefined ? '' : ` = ${harmless(hint)}`;
  const line = text === undefined ? undefined : lineOf(text, place.line);
  if (line === undefined) return expected === '' ? head : `${head}\n ${expected}`;
  const number = String(place.line);
  const gutter = ' '.repeat(number.length);
  const { shown, offset, length } = excerpt(line, place.column - 1, place.length);
  return [head, `  ${number} | ${shown}`, `  ${gutter} | ${' '.repeat(offset)}${'^'.repeat(length)}`, ...(expected === '' ? [] : [`  ${gutter}${expected}`])].join('\n');
}

function lineOf(text: string, line: number): string | undefined {
  let start = 0;
  for (let left = line - 1; left > 0; left--) {
    const end = text.indexOf('\n', start);
    if (end === -1) return undefined;
    start = end + 1;
  }
  const end = text.indexOf('\n', start);
  return text.slice(start, end === -1 ? undefined : end).replace(/\r$/, '');
}

/** The part of a long line that holds the place, and where the place stands in it. */
function excerpt(line: string, column: number, length: number): { readonly shown: string; readonly offset: number; readonly length: number } {
  const from = line.length <= EXCERPT_UNITS ? 0 : Math.max(0, Math.min(column - Math.floor(EXCERPT_UNITS / 3), line.length - EXCERPT_UNITS));
  const before = from > 0 ? '…' : '';
  const after = from + EXCERPT_UNITS < line.length ? '…' : '';
  const shown = harmless(line.slice(from, from + EXCERPT_UNITS));
  const offset = column - from;
  return { shown: `${before}${shown}${after}`, offset: before.length + Math.min(offset, shown.length), length: Math.max(1, Math.min(length, shown.length - offset)) };
}

/** Control characters, line ends, and what turns the direction of text around, each as one harmless character. */
export function harmless(text: string): string {
  return text.replaceAll('\t', ' ').replaceAll(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{Cs}]/gu, '\ufffd');
}
