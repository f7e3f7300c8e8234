import type { Span, Validator } from '../validators/span.ts';
import { beginsValue, headOfValue, isProse, restOfValue } from './parameter.ts';

/** What an argument of an attack begins with: a text, a variable, a number, another call. */
const ARGUMENT = /^[\s(]*(?:["'`$\\]|\d|[a-z_][\w\\:>-]{0,40}\s*\(|\)|@|%|&|\/|<<|f['"])/i;
const CODE_BEFORE = /(?:[;{}(=.,@!:\]>?&|+*/~^-]|\b(?:return|echo|print|new|and|or|do|else|die|exit|if))[\s'"]*$/i;

/** Tells of the server without an argument. */
const SELF_TELLING = /^(?:phpinfo|phpversion|php_uname|get_defined|debug_backtrace|getruntime|processbuilder|localeconv|getallheaders|os\.|apache_request)/i;

/** Takes a call of a function that runs or reads something where code begins; leaves its name in sentences about it. */
export const call: Validator = (text: string, span: Span): Span | undefined => {
  const head = headOfValue(text, span.start);
  const rest = restOfValue(text, span.end);
  const name = text.slice(span.start, span.end);
  if (/[#/]|[\t\n\r]\(|\s{2}\($/.test(name) && !isProse(head)) return span;
  if (!ARGUMENT.test(rest)) return /^\w[\w.]*\)/.test(rest) && head === '' && /^\w+\($/.test(name) ? span : undefined;
  // `print (a4)` is how people write.
  if (/\s\($/.test(name) && !/^[\s(]*["'`$\\]/.test(rest)) return undefined;
  const empty = /^\s*\)/.test(rest);
  if (isProse(head, 4) && (empty || isProse(rest, 3))) return undefined;
  const whole = head === '' && /^\s*\)?;?\s*$/.test(rest) && /_|^(?:fsockopen|phpinfo|bzdecompress|gz|popen)/i.test(name);
  if (whole) return span;
  if (empty && /^\s*\)\s*$/.test(rest) && !SELF_TELLING.test(name)) return undefined;
  return beginsValue(text, span.start) || CODE_BEFORE.test(head) || (!isProse(head) && !empty) ? span : undefined;
};
