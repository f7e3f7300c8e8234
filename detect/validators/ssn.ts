import { isWord } from './span.ts';
import type { Span, Validator } from './span.ts';

/** A US social security number the SSA can have issued: no area 000, 666 or 9xx, no group 00, no serial 0000. */
export const ssn: Validator = (text: string, span: Span): Span | undefined => {
  const before = text.charCodeAt(span.start - 1);
  const after = text.charCodeAt(span.end);
  if (isWord(before) || isWord(after) || before === 45 || after === 45) return undefined;
  const found = text.slice(span.start, span.end);
  const area = found.slice(0, 3);
  // Both separators must be the same.
  if (found[3] !== found[6] || area === '000' || area === '666' || area.startsWith('9')) return undefined;
  return found.slice(4, 6) === '00' || found.slice(7) === '0000' ? undefined : span;
};
