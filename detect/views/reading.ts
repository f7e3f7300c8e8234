/** What one step made of a source: for each unit of `text`, and its end, where in the source what it was read from begins. */
export interface Reading {
  readonly text: string;
  readonly origin: Uint32Array;
}

/** A text and where in the source it was read from. */
export type Piece = readonly [text: string, at: number];

/** A reading in the making. No step makes a text longer than its source. */
interface Draft {
  readonly source: string;
  text: string;
  readonly origin: Uint32Array;
}

export function draftOf(source: string): Draft {
  return { source, text: '', origin: new Uint32Array(source.length + 1) };
}

/** Adds a text that was read from what stands at `at`. */
export function put(draft: Draft, text: string, at: number): void {
  if (text.length === 1) draft.origin[draft.text.length] = at;
  else draft.origin.fill(at, draft.text.length, draft.text.length + text.length);
  draft.text += text;
}

/** Adds part of the source as it is. */
export function copy(draft: Draft, from: number, to: number): void {
  const { origin, source } = draft;
  let unit = draft.text.length;
  for (let at = from; at < to; at++) origin[unit++] = at;
  draft.text += source.slice(from, to);
}

export function finished({ source, text, origin }: Draft): Reading {
  origin[text.length] = source.length;
  return { text, origin: origin.subarray(0, text.length + 1) };
}

/** The source with each match of `pattern` (flag g) as `read` says, or left when it says undefined; undefined when all were left. */
export function rewritten(source: string, pattern: RegExp, read: (match: RegExpExecArray) => string | readonly Piece[] | undefined): Reading | undefined {
  let draft: Draft | undefined;
  let done = 0;
  pattern.lastIndex = 0;
  for (let match = pattern.exec(source); match !== null; match = pattern.exec(source)) {
    const pieces = read(match);
    if (pieces === undefined) continue;
    draft ??= draftOf(source);
    copy(draft, done, match.index);
    if (typeof pieces === 'string') put(draft, pieces, match.index);
    else for (const [text, at] of pieces) put(draft, text, at);
    done = match.index + match[0].length;
  }
  if (draft === undefined) return undefined;
  copy(draft, done, source.length);
  return finished(draft);
}
