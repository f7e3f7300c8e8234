import { createPrivateKey, createPublicKey, sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { isName, NAME_RULE } from './names.ts';
import { MAX_BLOCK_LINES } from './limits.ts';

/**
 * What a chained shipper sends: UTF-8 text, the whole body optionally gzip or zstd compressed.
 *
 *     {header as JSON on one line}\n
 *     nonce SP line\n            (22 characters of base64url, one space, the event as one JSON line)
 *     … `lines` times, each ended by a line feed
 *
 * The header's signature covers `signedText`; the head covers the lines.
 */
export interface BlockHeader {
  readonly v: 1;
  readonly site: string;
  readonly stream: string;
  /** The shipper's own count of chain restarts, from 1. */
  readonly epoch: number;
  /** Sequence of the first line in this epoch, from 0. */
  readonly first_seq: number;
  readonly lines: number;
  /** 32 bytes as base64url: the chain's head before the first line and after the last. */
  readonly previous_head: string;
  readonly head: string;
  /** The Ed25519 public key that signs, 32 bytes as base64url. */
  readonly key: string;
  /** Ed25519 over `signedText(header)`, 64 bytes as base64url. */
  readonly signature: string;
  /** Present in blocks until one with the key was acknowledged: the key before vouches for this one. */
  readonly certificate?: KeyCertificate;
  /** The newest checkpoint the shipper was given, as "size:root" (root base64), so that each site is a witness. */
  readonly seen_checkpoint?: string;
}

/** The key `by` names `key` as its successor; afterwards the shipper erases `by`'s private half. */
export interface KeyCertificate {
  readonly key: string;
  readonly by: string;
  /** Ed25519 by `by` over `certificateText`. */
  readonly signature: string;
}

export type UnsignedHeader = Omit<BlockHeader, 'signature'>;

/** The text that is signed: one value a line, so that any language can build it. */
export function signedText(header: UnsignedHeader): string {
  return [
    'tourniquet/block/v1',
    header.site,
    header.stream,
    header.epoch,
    header.first_seq,
    header.lines,
    header.previous_head,
    header.head,
    header.key,
    header.certificate?.by ?? '',
    header.seen_checkpoint ?? '',
    '',
  ].join('\n');
}

export function certificateText(site: string, certificate: Omit<KeyCertificate, 'signature'>): string {
  return ['tourniquet/key-certificate/v1', site, certificate.by, certificate.key, ''].join('\n');
}

const B64_32 = /^[A-Za-z0-9_-]{43}$/;
const B64_64 = /^[A-Za-z0-9_-]{86}$/;
const SEEN = /^[0-9]{1,15}:[A-Za-z0-9+/]{43}=$/;
const FIELDS = new Set(['v', 'site', 'stream', 'epoch', 'first_seq', 'lines', 'previous_head', 'head', 'key', 'signature', 'certificate', 'seen_checkpoint']);

function isCount(value: unknown, least: number): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= least;
}

function certificateProblem(value: unknown): string | undefined {
  if (typeof value !== 'object' || value === null) return 'certificate must be an object';
  const c: Partial<Record<string, unknown>> = { ...value };
  if (typeof c['key'] !== 'string' || !B64_32.test(c['key'])) return 'certificate.key must be 32 bytes as base64url';
  if (typeof c['by'] !== 'string' || !B64_32.test(c['by'])) return 'certificate.by must be 32 bytes as base64url';
  if (typeof c['signature'] !== 'string' || !B64_64.test(c['signature'])) return 'certificate.signature must be 64 bytes as base64url';
  return undefined;
}

function headerProblem(h: Partial<Record<string, unknown>>): string | undefined {
  const unknown = Object.keys(h).find((k) => !FIELDS.has(k));
  if (unknown !== undefined) return 'unknown field in the header';
  if (h['v'] !== 1) return 'v must be 1';
  if (!isName(h['site'])) return `site ${NAME_RULE}`;
  if (!isName(h['stream'])) return `stream ${NAME_RULE}`;
  if (!isCount(h['epoch'], 1)) return 'epoch must be an integer from 1';
  if (!isCount(h['first_seq'], 0)) return 'first_seq must be an integer from 0';
  if (!isCount(h['lines'], 1) || h['lines'] > MAX_BLOCK_LINES) return `lines must be 1 to ${MAX_BLOCK_LINES}`;
  if (!Number.isSafeInteger(h['first_seq'] + h['lines'])) return 'first_seq + lines is too large';
  for (const name of ['previous_head', 'head', 'key'] as const) {
    const value = h[name];
    if (typeof value !== 'string' || !B64_32.test(value)) return `${name} must be 32 bytes as base64url`;
  }
  if (typeof h['signature'] !== 'string' || !B64_64.test(h['signature'])) return 'signature must be 64 bytes as base64url';
  if (h['certificate'] !== undefined) {
    const problem = certificateProblem(h['certificate']);
    if (problem !== undefined) return problem;
  }
  const seen = h['seen_checkpoint'];
  if (seen !== undefined && (typeof seen !== 'string' || !SEEN.test(seen))) return 'seen_checkpoint must be "size:root"';
  return undefined;
}

export type HeaderResult = { readonly ok: true; readonly header: BlockHeader } | { readonly ok: false; readonly problem: string };

/** Parses the first line of a block. The problem names the field, never its value. */
export function parseBlockHeader(text: string): HeaderResult {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return { ok: false, problem: 'the first line is not JSON' };
  }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return { ok: false, problem: 'the first line is not a JSON object' };
  const problem = headerProblem({ ...value });
  if (problem !== undefined) return { ok: false, problem };
  // Each field was checked above; TypeScript cannot follow the loop.
  return { ok: true, header: value as BlockHeader };
}

/** SubjectPublicKeyInfo and PKCS#8 prefixes of Ed25519 (RFC 8410). */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

/** `raw`: 32 bytes, or the same as base64url. */
export function ed25519PublicKey(raw: Uint8Array | string): KeyObject {
  const bytes = typeof raw === 'string' ? Buffer.from(raw, 'base64url') : raw;
  return createPublicKey({ key: Buffer.concat([SPKI_ED25519, bytes]), format: 'der', type: 'spki' });
}

/** `seed`: 32 bytes, or the same as base64url. */
export function ed25519PrivateKey(seed: Uint8Array | string): KeyObject {
  const bytes = typeof seed === 'string' ? Buffer.from(seed, 'base64url') : seed;
  return createPrivateKey({ key: Buffer.concat([PKCS8_ED25519, bytes]), format: 'der', type: 'pkcs8' });
}

/** The 32 raw bytes of an Ed25519 public key, or of a private key's public half. */
export function rawPublicKey(key: KeyObject): Buffer {
  const publicKey = key.type === 'private' ? createPublicKey(key) : key;
  return publicKey.export({ format: 'der', type: 'spki' }).subarray(-32);
}

export function signHeader(header: UnsignedHeader, privateKey: KeyObject): BlockHeader {
  return { ...header, signature: sign(null, Buffer.from(signedText(header)), privateKey).toString('base64url') };
}

export function headerSignatureHolds(header: BlockHeader, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(signedText(header)), publicKey, Buffer.from(header.signature, 'base64url'));
}

export function certificateHolds(site: string, certificate: KeyCertificate): boolean {
  return verify(null, Buffer.from(certificateText(site, certificate)), ed25519PublicKey(certificate.by), Buffer.from(certificate.signature, 'base64url'));
}
