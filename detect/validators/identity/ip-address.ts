import { isIP } from 'node:net';
import type { Span, Validator } from '../span.ts';

/** Not the machine itself, nobody, or everybody. */
const NOBODYS = /^(?:0\.|127\.|255\.255\.255\.255$|::1?$)/;

/** An IPv4 or IPv6 address that stands alone: no version, no part of a longer number. */
export const ipAddress: Validator = (text: string, { start, end }: Span): Span | undefined => {
  const stop = text.charAt(end - 1) === ':' || text.charAt(end - 1) === '.' ? end - 1 : end;
  const found = text.slice(start, stop);
  const joined = /[\w.:-]/;
  if (joined.test(text.charAt(start - 1)) || /[\w]/.test(text.charAt(stop)) || /^[.:-]\w/.test(text.slice(stop, stop + 2))) return undefined;
  return isIP(found) !== 0 && !NOBODYS.test(found) ? { start, end: stop } : undefined;
};
