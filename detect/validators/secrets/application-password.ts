import { isWord } from '../span.ts';
import type { Span, Validator } from '../span.ts';

/** Letters of both cases or digits in all but a few of 24 random characters; six English words have neither. */
export const applicationPassword: Validator = (text: string, span: Span): Span | undefined => {
  if (isWord(text.charCodeAt(span.start - 1)) || isWord(text.charCodeAt(span.end))) return undefined;
  const found = text.slice(span.start, span.end);
  const groups = found.split(/[ +]/);
  const mixed = groups.filter((group) => /[A-Z]/.test(group.slice(1)) || (/[a-z]/.test(group) && /\d/.test(group)) || /[a-z][A-Z]/.test(group)).length;
  return mixed >= 3 ? span : undefined;
};
