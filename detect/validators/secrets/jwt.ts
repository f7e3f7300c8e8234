import type { Span, Validator } from '../span.ts';

/** Names of header parameters (RFC 7515, section 4.1; RFC 7516, section 4.1). */
const HEADER = /^\{[\t-\r ]*"(?:alg|typ|cty|kid|enc|zip|jku|jwk|x5u|x5c|x5t|crit|epk|apu|apv)"/;
const OBJECT = /^\{[\t-\r ]*"/;
/** The beginning of a part tells. */
const HEAD_UNITS = 64;

/** A JSON web token: its header decodes to a JSON object that begins as RFC 7515 has it, or header and claims both to objects. */
export const jwt: Validator = (text: string, span: Span): Span | undefined => {
  const [header = '', claims = ''] = text.slice(span.start, span.end).split('.', 2).map((part) => Buffer.from(part.slice(0, HEAD_UNITS), 'base64').toString('latin1'));
  return HEADER.test(header) || (OBJECT.test(header) && OBJECT.test(claims)) ? span : undefined;
};
