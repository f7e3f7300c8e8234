import type { DeadLetterReason } from '../../contracts/line-status.ts';

/** `pending`: nothing is finished yet; the parser may hold the line to join it with the ones that follow. */
export type ParsedLine =
  | { readonly kind: 'event'; readonly json: string }
  | { readonly kind: 'reject'; readonly reason: DeadLetterReason }
  | { readonly kind: 'pending' };

/**
 * Lines of one log in order, without line ends; out comes one ECS event as one line of JSON. Never throws, takes time
 * linear in the line. A parser that joins lines answers `event` for the lines before and then holds the one it was
 * given, or, where it sees the end of an entry (`endsAtLine`), for the lines before and that one; `reject` always means
 * the line it was given.
 */
export interface LineParser {
  parse(line: string): ParsedLine;
  /** The event held at the end of the log, or pending when there is none. */
  flush(): ParsedLine;
}

export const PENDING: ParsedLine = { kind: 'pending' };

export function reject(reason: DeadLetterReason): ParsedLine {
  return { kind: 'reject', reason };
}
