import { RegexError } from './regex-node.ts';

/** Where a pattern is being read. */
export interface Cursor {
  readonly text: string;
  at: number;
}

export function peek(cursor: Cursor, ahead = 0): string {
  return cursor.text.charAt(cursor.at + ahead);
}

/** Steps over `what` when it stands here. */
export function take(cursor: Cursor, what: string): boolean {
  if (!cursor.text.startsWith(what, cursor.at)) return false;
  cursor.at += what.length;
  return true;
}

/** Steps over what a sticky pattern matches here. */
export function takeMatch(cursor: Cursor, pattern: RegExp): RegExpExecArray | undefined {
  pattern.lastIndex = cursor.at;
  const found = pattern.exec(cursor.text) ?? undefined;
  if (found !== undefined) cursor.at = pattern.lastIndex;
  return found;
}

export function fail(cursor: Cursor, message: string, at = cursor.at): never {
  throw new RegexError(message, at);
}
