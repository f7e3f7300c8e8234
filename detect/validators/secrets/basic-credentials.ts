import { isPlaceholder } from './placeholder.ts';
import type { Span, Validator } from '../span.ts';

/** A user's name with a password behind a colon, all printable; no JSON. */
const CREDENTIALS = /^(?!\{)([ -9;-~]{0,128}):([ -~]{3,256})$/;
/** What manuals write for a password, a user's name included. */
const SHOWN = /^(?:user(?:name)?|pass(?:word|wd)?|secret|token|api_?key|x|xxx+|yyy+|\*+)$/i;

function isShown(user: string, pass: string): boolean {
  return SHOWN.test(pass) || pass === user || isPlaceholder(pass);
}

/** Base64 of `user:password` (RFC 7617). */
export const basicCredentials: Validator = (text: string, span: Span): Span | undefined => {
  const decoded = CREDENTIALS.exec(Buffer.from(text.slice(span.start, span.end), 'base64').toString('latin1'));
  return decoded === null || isShown(decoded[1] ?? '', decoded[2] ?? '') ? undefined : span;
};

/** `user:password` as it is, of a URL or a command; the span stays the password when it is that alone. */
export const plainCredentials: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  const colon = found.indexOf(':');
  const [user, pass] = colon === -1 ? ['', found] : [found.slice(0, colon), found.slice(colon + 1).replaceAll(/["']/g, '')];
  // A name alone, with the key in it (`sk_…:`), is a credential as much as a password alone.
  const secret = pass === '' ? user : pass;
  return secret.length < 3 || isShown(pass === '' ? '' : user, secret) || /^[$<{%[]/.test(secret) || /^[$<{%[]/.test(user) ? undefined : span;
};
