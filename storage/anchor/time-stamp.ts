import { createHash } from 'node:crypto';
import { BOOLEAN, CONTEXT_0, der, derValues, INTEGER, NULL, OCTET_STRING, OID, SEQUENCE } from './der.ts';
import type { DerValue } from './der.ts';

/**
 * RFC 3161 time stamps of a text under SHA-256. What is checked of an answer: that it was granted, and that the token is
 * for this text and this request. The token's signature is for whoever relies on it to check, against the authority's
 * certificate: `openssl ts -verify -in FILE.tsr -data FILE.note -CAfile CA.pem`.
 */
export interface TimeStampRequest {
  readonly body: Buffer;
  /** SHA-256 of the text. */
  readonly imprint: Buffer;
  /** As the request holds it: a positive DER integer. */
  readonly nonce: Buffer;
}

const SHA_256 = Buffer.from('608648016503040201', 'hex');
const SIGNED_DATA = Buffer.from('2a864886f70d010702', 'hex');
const TST_INFO = Buffer.from('2a864886f70d0109100104', 'hex');
const VERSION_1 = der(INTEGER, Uint8Array.of(1));

/** `random`: 8 bytes. The authority's certificate is asked for, so that the answer can be checked years later. */
export function timeStampRequest(text: string, random: Buffer): TimeStampRequest {
  const imprint = createHash('sha256').update(text).digest();
  // First byte 1 to 127: a positive integer in its shortest form.
  const nonce = Buffer.concat([Uint8Array.of(((random[0] ?? 0) & 0x7f) | 1), random.subarray(1)]);
  const body = der(SEQUENCE, VERSION_1, messageImprint(imprint), der(INTEGER, nonce), der(BOOLEAN, Uint8Array.of(0xff)));
  return { body, imprint, nonce };
}

function messageImprint(imprint: Buffer): Buffer {
  return der(SEQUENCE, der(SEQUENCE, der(OID, SHA_256), der(NULL)), der(OCTET_STRING, imprint));
}

export type TimeStampAnswer = { readonly ok: true; /** As the authority says it, `YYYYMMDDhhmmss[.s]Z`. */ readonly time: string } | { readonly ok: false; readonly problem: string };

const NO_ANSWER: TimeStampAnswer = { ok: false, problem: 'the answer is no RFC 3161 time-stamp response' };

export function readTimeStamp(answer: Buffer, { imprint, nonce }: TimeStampRequest): TimeStampAnswer {
  const [response, ...more] = derValues(answer) ?? [];
  const [statusInfo, token] = inside(response, SEQUENCE);
  const [status] = inside(statusInfo, SEQUENCE);
  if (more.length > 0 || status?.tag !== INTEGER || status.content.length !== 1) return NO_ANSWER;
  // 0 granted, 1 granted with modifications.
  if ((status.content[0] ?? 2) > 1) return { ok: false, problem: `the authority refused (status ${status.content[0]})` };
  const info = tstInfo(token);
  const [version, , stamped, , time, ...optional] = info;
  if (version?.tag !== INTEGER || time?.tag !== GENERALIZED_TIME) return NO_ANSWER;
  const [algorithm, hashed] = inside(stamped, SEQUENCE);
  const [oid] = inside(algorithm, SEQUENCE);
  if (oid?.content.equals(SHA_256) !== true || hashed?.content.equals(imprint) !== true) return { ok: false, problem: 'the time stamp is for another text' };
  if (optional.find(({ tag }) => tag === INTEGER)?.content.equals(nonce) !== true) return { ok: false, problem: 'the time stamp answers another request' };
  const text = time.content.toString('latin1');
  return /^\d{14}(\.\d{1,9})?Z$/.test(text) ? { ok: true, time: text } : NO_ANSWER;
}

const GENERALIZED_TIME = 0x18;

function inside(value: DerValue | undefined, tag: number): readonly DerValue[] {
  return value?.tag === tag ? (derValues(value.content) ?? []) : [];
}

/** From a ContentInfo of SignedData (RFC 5652) to the fields of what it signs. */
function tstInfo(token: DerValue | undefined): readonly DerValue[] {
  const [type, wrapped] = inside(token, SEQUENCE);
  if (type?.content.equals(SIGNED_DATA) !== true) return [];
  const [signedData] = inside(wrapped, CONTEXT_0);
  const content = inside(signedData, SEQUENCE)[2];
  const [contentType, wrappedContent] = inside(content, SEQUENCE);
  if (contentType?.content.equals(TST_INFO) !== true) return [];
  const [octets] = inside(wrappedContent, CONTEXT_0);
  if (octets?.tag !== OCTET_STRING) return [];
  const [info] = derValues(octets.content) ?? [];
  return inside(info, SEQUENCE);
}
