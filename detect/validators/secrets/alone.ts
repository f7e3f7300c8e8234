import { isWord } from '../span.ts';
import type { Span, Validator } from '../span.ts';

/** Signs that join a find to what is before it: a path, a file name, base64. */
const JOINED_BEFORE = '+/.-~';
const JOINED_BEHIND = '+-~';
const FILE_NAME = /^[./][A-Za-z0-9]/;

function joins(text: string, at: number, joints: string): boolean {
  const sign = text.charAt(at);
  return sign !== '' && (isWord(sign.charCodeAt(0)) || joints.includes(sign));
}

/** Nothing goes on behind it. */
export const ended: Validator = (text: string, span: Span): Span | undefined => (joins(text, span.end, JOINED_BEHIND) ? undefined : span);

/** No part of a path, a file name, a longer word or a run of base64. */
export const alone: Validator = (text: string, span: Span, field: string): Span | undefined =>
  joins(text, span.start - 1, JOINED_BEFORE) || FILE_NAME.test(text.slice(span.end, span.end + 2)) ? undefined : ended(text, span, field);
