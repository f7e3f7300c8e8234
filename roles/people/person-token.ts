import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto';
import type { ScryptOptions } from 'node:crypto';
import { isName } from '../../contracts/names.ts';

/** What is kept of a token: scrypt of its secret, with the parameters it was made with. */
export interface TokenHash {
  readonly kdf: 'scrypt';
  readonly n: number;
  readonly r: number;
  readonly p: number;
  /** base64url */
  readonly salt: string;
  readonly hash: string;
}

/**
 * `tqp~NAME~SECRET`: a mark that scanners for leaked secrets can look for, the person's name, and 32 random bytes as
 * base64url. The name tells which hash to compare with.
 */
const TOKEN = /^tqp~([^~]{1,64})~([A-Za-z0-9_-]{43})$/;

/** 16 MiB and some 30 ms: enough for a secret that cannot be guessed anyway. */
const COST = { n: 16_384, r: 8, p: 1 } as const;
const HASH_BYTES = 32;

export interface ParsedToken {
  readonly name: string;
  readonly secret: string;
}

/** Undefined when the text cannot be a token. */
export function parseToken(text: string): ParsedToken | undefined {
  const [, name, secret] = TOKEN.exec(text) ?? [];
  return isName(name) && secret !== undefined ? { name, secret } : undefined;
}

function derive(secret: string, salt: Buffer, { n, r, p }: Pick<TokenHash, 'n' | 'r' | 'p'>): Promise<Buffer> {
  const options: ScryptOptions = { N: n, r, p, maxmem: 256 * n * r };
  return new Promise((resolve, reject) => scrypt(secret, salt, HASH_BYTES, options, (error, key) => (error === null ? resolve(key) : reject(error))));
}

/** A new token, to be shown once, and what is kept of it. */
export async function newToken(name: string): Promise<{ readonly token: string; readonly hash: TokenHash }> {
  const secret = randomBytes(32).toString('base64url');
  const salt = randomBytes(16);
  const hash = await derive(secret, salt, COST);
  return { token: `tqp~${name}~${secret}`, hash: { kdf: 'scrypt', ...COST, salt: salt.toString('base64url'), hash: hash.toString('base64url') } };
}

/** Compared with when there is no such person, so that the time of an answer does not tell. */
const NOBODY: TokenHash = { kdf: 'scrypt', ...COST, salt: Buffer.alloc(16).toString('base64url'), hash: Buffer.alloc(HASH_BYTES).toString('base64url') };

/** Takes as long for nobody's hash. */
export async function holds(secret: string, kept: TokenHash | undefined): Promise<boolean> {
  const { salt, hash, ...cost } = kept ?? NOBODY;
  const wanted = Buffer.from(hash, 'base64url');
  const given = await derive(secret, Buffer.from(salt, 'base64url'), cost);
  return wanted.length === given.length && timingSafeEqual(wanted, given) && kept !== undefined;
}
