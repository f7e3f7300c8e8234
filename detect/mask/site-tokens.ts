import { createHash, hash } from 'node:crypto';
import { TOKEN_LETTERS, normalise } from '../../contracts/token.ts';
import type { IdentifierKind } from '../../contracts/token.ts';

/** Tokens of one site and key epoch; equal to `tokenOf` of contracts/token.ts, which is the reference. */
export type SiteTokens = (kind: IdentifierKind, value: string) => string;

const BLOCK_BYTES = 64;
const HASH_BYTES = 32;
/** Text that fits into the working memory in any case; longer ones are rare. */
const MOST_UNITS = 256;

function pad(target: Buffer, key: Uint8Array, byte: number): void {
  const short = key.length > BLOCK_BYTES ? createHash('sha256').update(key).digest() : key;
  target.fill(byte, 0, BLOCK_BYTES);
  for (let i = 0; i < short.length; i++) target[i] = (short[i] ?? 0) ^ byte;
}

const LETTERS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15)));

/** HMAC (RFC 2104) out of one-shot hashes: a Hmac object for each short text costs several times as much. */
export function siteTokens(siteKey: Uint8Array): SiteTokens {
  let inner: Buffer | undefined;
  const outer = Buffer.alloc(BLOCK_BYTES + HASH_BYTES);
  return (kind, value) => {
    if (inner === undefined) {
      inner = Buffer.alloc(BLOCK_BYTES + 16 + MOST_UNITS * 3);
      pad(inner, siteKey, 0x36);
      pad(outer, siteKey, 0x5c);
    }
    const text = `${kind}\n${normalise(kind, value)}`;
    const message = text.length <= MOST_UNITS ? inner.subarray(0, BLOCK_BYTES + inner.write(text, BLOCK_BYTES)) : Buffer.concat([inner.subarray(0, BLOCK_BYTES), Buffer.from(text)]);
    hash('sha256', message, 'buffer').copy(outer, BLOCK_BYTES);
    const mac = hash('sha256', outer, 'buffer');
    let token = '';
    for (let i = 0; i < TOKEN_LETTERS / 2; i++) token += LETTERS[mac[i] ?? 0] ?? '';
    return token;
  };
}
