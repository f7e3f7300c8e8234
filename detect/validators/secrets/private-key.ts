import { entropyOf } from '../entropy.ts';
import type { Span, Validator } from '../span.ts';

/** Units of the key behind the header that are looked at. */
const BODY_UNITS = 200;
const LEAST_BODY_UNITS = 16;
const LEAST_BITS = 3;

/** The header of a private key with a key behind it, or as the last line of a text: logs cut a key into lines. */
export const privateKey: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const header = /-----BEGIN [A-Z0-9 ]+-----/.exec(found)?.[0].length ?? 0;
  const body = found.slice(header, header + BODY_UNITS).replaceAll(/\\[nr]|[\t-\r \\]/g, '');
  if (body === '') return span.end >= text.length || text.slice(span.end).trim() === '' ? span : undefined;
  return body.length >= LEAST_BODY_UNITS && entropyOf(body) >= LEAST_BITS ? span : undefined;
};
