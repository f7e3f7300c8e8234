import type { Span } from '../validators/span.ts';

/** How an argument of code begins: a text, a number, a name with a dot, another call, nothing. */
const ARGUMENT = /^[\s]*(?:["'`/\\$[{(!+~\d-]|\)|(?:document|window|self|top|parent|this|location|name|origin|cookie|string|null|undefined|true|atob|unescape|decodeuri\w*|eval|xss|new\s)\b|[a-z_$][\w$]{0,32}[.([`]|[a-z_$][\w$]{0,16}\)|$)/i;

/** Beginnings of code: a call, a text in back-quotes, an assignment to what a page has. */
const CODE = /^[\s"'`;{(!+~-]*(?:[a-z_$][\w$.]{0,48}[\s]*(?:[(`]|\[["'`(])|(?:javascript|vbscript):|(?:window|document|self|top|parent|this|location|name|cookie|onerror|alert)\b|\(|\[|eval|throw\b|new\b|var\b|let\b|import\b|&#|\\[ux]|[{`])/i;

/** Whether a value could be run. */
export function isCode(value: string): boolean {
  return CODE.test(value);
}

/** Signs behind which code may go on; a space alone is behind a word of prose. */
function follows(text: string, start: number): boolean {
  // A plus sign behind a word is a space of a form that was not decoded.
  const before = text.slice(Math.max(0, start - 24), start).replaceAll(/(?<=[\w?.!,)])\+/g, ' ');
  if (before === '' || /[^\w\s]$/.test(before)) return true;
  if (/\w$/.test(before)) return false;
  const last = before.trimEnd();
  return last === '' || /[^\w.,!?"')]$/.test(last) || /(?:^|[^\w])(?:return|void|typeof|throw|new|in|of|delete|else|do|and|or|\d+)$/.test(last) || /["']$/.test(last);
}

const CALLED = /^([a-z$_.]{2,24})([\s]*)(?:\?\.)?[(`]$/i;

/** Whether what was found is meant to be run, not spoken of. */
export function scriptAt(text: string, { start, end }: Span): boolean {
  const found = text.slice(start, end);
  const call = CALLED.exec(found);
  if (call === null) return !/^\w/.test(found) || (follows(text, start) && !/:[\s]+$/.test(text.slice(Math.max(0, start - 8), start)));
  const behind = text.slice(end, end + 48);
  if (!follows(text, start)) return false;
  if (call[2] === '') return found.endsWith('`') || ARGUMENT.test(behind) || !/^[\s]*\w+[\s]+\w+/.test(behind);
  return /^[\s]*(?:["'`\d/]|document|window|string|\))/i.test(behind) && !/^[\s]*\d+[\s]*[a-z]{2,}/i.test(behind);
}
