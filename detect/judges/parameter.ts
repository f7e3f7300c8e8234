/** How far a judge looks around what triggered it, in UTF-16 units: what it costs does not grow with the text. */
export const WINDOW_UNITS = 320;

/** What a value begins behind: `name=` of a query, form or cookie, `"name":"` of JSON, an attribute's quote, a tag. */
const OPENINGS = /(?:^|[?&]|; )[\w.[\]%:$@-]{1,64}=|"[\t ]*:[\t ]*\[?[\t ]*"?|\w="|[\w"'/]>/g;

/** The value that holds unit `at`, up to there, at most a window of it. A `&` that starts no `name=` was decoded and belongs to the value. */
export function headOfValue(text: string, at: number): string {
  const head = text.slice(Math.max(0, at - WINDOW_UNITS), at);
  let start = 0;
  OPENINGS.lastIndex = 0;
  for (let match = OPENINGS.exec(head); match !== null; match = OPENINGS.exec(head)) start = OPENINGS.lastIndex;
  return head.slice(start);
}

/** The value from unit `at` on, at most a window of it. */
export function restOfValue(text: string, at: number): string {
  const rest = text.slice(at, at + WINDOW_UNITS);
  const end = rest.search(/&[\w.[\]%-]{1,64}=|",[\t ]*"|"[\t ]*\}|<\/\w/);
  return end < 0 ? rest : rest.slice(0, end);
}

/** Whether nothing but white space, quotes and opening brackets stands between the start of the value and `at`. */
export function beginsValue(text: string, at: number): boolean {
  return /^[\s'"+([{!]*$/.test(headOfValue(text, at));
}

/** Name of the parameter or JSON member that holds unit `at`, in lower case; '' when it has none. */
export function parameterName(text: string, at: number): string {
  const before = text.slice(Math.max(0, at - WINDOW_UNITS), at - headOfValue(text, at).length);
  return /([\w.-]{1,64})(?:\]|%5D)*(?:=["']?|"[\t ]*:[\t ]*\[?[\t ]*"?)$/i.exec(before)?.[1]?.toLowerCase() ?? '';
}

const SPACED_WORD = /(?:^|[\s+(>])\p{L}[\p{L}'’]*(?=[\s+,.!?:]+[\p{L}(]|$)/gu;

/** Whether a text reads like a sentence: at least so many words with spaces between them. */
export function isProse(text: string, words = 3): boolean {
  return (text.match(SPACED_WORD)?.length ?? 0) >= words;
}
