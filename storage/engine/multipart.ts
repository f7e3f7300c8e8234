import { badRequest } from './server-exception.ts';

/** Fields of a multipart/form-data body (RFC 7578) without files: how clients send large query parameters. */
export function multipartFields(body: Buffer, contentType: string): ReadonlyMap<string, string> {
  const match = /boundary=(?:"([^"]{1,200})"|([^;\s]{1,200}))/i.exec(contentType);
  const boundary = match?.[1] ?? match?.[2];
  if (boundary === undefined) throw badRequest('multipart/form-data without a boundary.');
  const fields = new Map<string, string>();
  const text = body.toString('latin1');
  const parts = `\r\n${text}`.split(`\r\n--${boundary}`);
  for (const part of parts.slice(1)) {
    if (part.startsWith('--')) return fields;
    const headEnd = part.indexOf('\r\n\r\n');
    const name = /name="([^"]{1,200})"/i.exec(part.slice(0, Math.max(headEnd, 0)))?.[1];
    if (headEnd < 0 || name === undefined) throw badRequest('multipart/form-data with a part that has no name.');
    fields.set(name, Buffer.from(part.slice(headEnd + 4), 'latin1').toString('utf8'));
  }
  throw badRequest('multipart/form-data that is cut short.');
}
