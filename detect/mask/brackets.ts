const SENT = /\\u27e([67])|\\[^]|\u27e6|\u27e7/gi;

/**
 * A line as JSON with U+301A and U+301B, which look alike, in the place of the brackets of masks: what a sender writes must
 * not pass for a mask. The line has as many bytes as before, and no pattern can tell one from the other.
 */
export function foreignBrackets(line: string): string {
  return line.replace(SENT, (found, escaped: string | undefined) => {
    if (escaped !== undefined) return escaped === '6' ? '\\u301a' : '\\u301b';
    return found === '\u27e6' ? '\u301a' : found === '\u27e7' ? '\u301b' : found;
  });
}
