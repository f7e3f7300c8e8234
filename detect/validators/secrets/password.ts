import { isPlaceholder } from './placeholder.ts';
import { assignedName, namesSecret } from './assigned-name.ts';
import type { Span, Validator } from '../span.ts';

/** What forms, manuals and programs write where a password goes. */
const NO_PASSWORD = /^(?:pass(?:word|wd|phrase)?|pwd|secret|test|user|username|token|string|null|none|nil|undefined|true|false|required|optional|empty|hidden|text|type|input|field|value|xxx+|yyy+|zzz+|\*+|var\.\S*|env\.\S*|\d{1,3}|is|and|or|for|the|was|has|reset|lost|forgotten|wrong|incorrect|invalid|changed|expired|mismatch|too|must|should|does|not|fail(?:ed|ure)?|error|success(?:ful)?|update[ds]?)$/i;
/** A call, a member of an object, an option of a program: code, not a value. */
const CODE = /^[$@<{([]|\(\)?$|^(?:self|this|process|os|config|settings|request|params|req|args|options|data|form|body|post|get|env|var|vault|secrets?)[.[>-]|^-{1,2}[a-z]|^[a-z_]{2,20}\(|^ENC\[|^vault:|^https?:\/\//i;

/** A password in `name=value`: no template, no code, no word of a message about passwords. */
export const password: Validator = (text: string, found: Span): Span | undefined => {
  const start = found.start;
  let { end } = found;
  while (end > start && ',;.)'.includes(text.charAt(end - 1))) end--;
  const value = text.slice(start, end);
  if (value.length < 4 || NO_PASSWORD.test(value) || CODE.test(value) || isPlaceholder(value)) return undefined;
  return namesSecret(assignedName(text, start)) ? { start, end } : undefined;
};

/** In words: letters with a digit, or of both cases with a sign, so that no word of the sentence is taken. */
export const toldPassword: Validator = (text, span) => {
  const value = text.slice(span.start, span.end);
  const mixed = /[a-z]/.test(value) && /[A-Z]/.test(value.slice(1)) && /[^A-Za-z0-9]/.test(value);
  return /[A-Za-z]/.test(value) && (/\d/.test(value) || mixed) ? span : undefined;
};
