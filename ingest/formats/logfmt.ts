const PAIR = /([A-Za-z_][\w.]{0,63})=(?:"((?:[^"\\]|\\[^])*)"|([^\s"]*))/g;

/** `key=value key="a value"`, as Go's slog and logrus write; the first of equal keys holds. */
export function logfmtPairs(text: string): Map<string, string> {
  const pairs = new Map<string, string>();
  for (const [, key = '', quoted, bare] of text.matchAll(PAIR)) {
    if (!pairs.has(key)) pairs.set(key, quoted === undefined ? bare ?? '' : quoted.replace(/\\([^])/g, '$1'));
    if (pairs.size >= 64) break;
  }
  return pairs;
}
