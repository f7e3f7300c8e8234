import type { Span, Validator } from '../validators/span.ts';
import { headOfValue } from './parameter.ts';

/** Names that only a header bears; words of mails and forms are none. */
const HEADERS = /^\s*(?:set-cookie|x-|access-control|transfer-encoding|http\/|refresh|mail\s+from|rcpt\s+to|bcc|mime-version|crlf|header|inject)/i;

/** Takes a line feed in a value behind which a header, a response or a command of mail begins; leaves the lines of letters, forms and uploads. */
export const headerBreak: Validator = (text: string, span: Span, field: string): Span | undefined => {
  const found = text.slice(span.start, span.end);
  if (field !== 'http.request.body.content' || found.startsWith('%')) return span;
  if (/location[\t ]*:$/i.test(found) && /^[\t ]*(?:https?:)?\/\//.test(text.slice(span.end, span.end + 12)) && !headOfValue(text, span.start).includes('\n')) return span;
  const before = text.slice(Math.max(0, span.start - 400), span.start);
  if (/content-disposition|boundary|content-type:|--\s*$/i.test(before)) return undefined;
  const head = headOfValue(text, span.start);
  if (head.includes('\n')) return undefined;
  return HEADERS.test(found) || (/[\w.-]+@[\w.-]+$|^[\w ]{0,40}$/.test(head) && /:|\s(?:apop|retr|dele|auth|append|select|status|uid|authenticate|list|login|fetch)\b/i.test(found) && !/^\s*(?:from|to|subject|link|status|location)\b/i.test(found)) ? span : undefined;
};
