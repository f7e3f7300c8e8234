import type { Span, Validator } from '../span.ts';

const LETTER = /\p{L}/u;
/** What forms and programs write where no name is. */
const NO_NAMES = new Set(['null', 'undefined', 'none', 'nil', 'true', 'false', 'required', 'invalid', 'missing', 'empty', 'string', 'unknown', 'guest', 'anonymous', 'admin', 'n/a', 'test']);
const EDGE = /^[\s"'(]+|[\s"',;:.)]+$/g;

/** Text of a field or behind a label that names a person: it has letters, is no address of a page and no program's word. */
export const personName: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const bare = found.replaceAll(EDGE, '');
  if (!LETTER.test(bare) || NO_NAMES.has(bare.toLowerCase()) || NO_NAMES.has(text.trim().toLowerCase()) || bare.includes('://') || bare.startsWith('\u27e6')) return undefined;
  const start = span.start + found.indexOf(bare);
  return { start, end: start + bare.length };
};
