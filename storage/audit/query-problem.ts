/** What is wrong with a saved query, and where. Lines and columns count from 1. */
export interface QueryProblem {
  readonly line: number;
  readonly column: number;
  readonly message: string;
}

/** A hostile file says no more than this. */
const MOST_SHOWN = 20;
const MOST_EXCERPT = 160;

/** Every problem of a file with its place, the line and a caret below it. */
export class QueryFileError extends Error {
  override readonly name = 'QueryFileError';
  readonly retryable = false;
  readonly problems: readonly QueryProblem[];
  constructor(file: string, text: string, problems: readonly QueryProblem[]) {
    const lines = text.split('\n');
    const shown = problems.slice(0, MOST_SHOWN).map(({ line, column, message }) => {
      const from = Math.max(0, column - 1 - MOST_EXCERPT / 2);
      const excerpt = (lines[line - 1] ?? '').slice(from, from + MOST_EXCERPT);
      // A tab is as wide above the caret as beside it.
      const margin = excerpt.slice(0, column - 1 - from).replace(/[^\t]/g, ' ');
      return `${file}:${line}:${column}: ${message}\n  ${excerpt}\n  ${margin}^`;
    });
    if (problems.length > MOST_SHOWN) shown.push(`… and ${problems.length - MOST_SHOWN} more`);
    super(shown.join('\n'));
    this.problems = problems;
  }
}

/** Line and column of a position in a text. */
export function placeAt(text: string, at: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, at);
  return { line: before.split('\n').length, column: at - before.lastIndexOf('\n') };
}
