import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { ed25519PublicKey, headerSignatureHolds, parseBlockHeader } from '../../contracts/block.ts';
import { commitment, extendHead, NONCE_CHARS } from '../../contracts/chain.ts';
import { buildBlock, chainSigner, LINE_FRAMING_BYTES, NEW_CHAIN } from './build-block.ts';
import type { BuiltBlock } from './build-block.ts';

const SIGNER = chainSigner('shop', 'web', generateKeyPairSync('ed25519').privateKey);

/** The contract's slow way: header, nonces and lines from the text, the head from one line after the other. */
function reread(block: BuiltBlock): { readonly lines: readonly Buffer[]; readonly nonces: readonly string[]; readonly head: string } {
  const end = block.body.indexOf(0x0a);
  const parsed = parseBlockHeader(block.body.toString('utf8', 0, end));
  if (!parsed.ok) throw new Error(parsed.problem);
  expect(parsed.header).toEqual(block.header);
  const lines: Buffer[] = [];
  const nonces: string[] = [];
  let head: Buffer = Buffer.from(block.header.previous_head, 'base64url');
  for (let at = end + 1; at < block.body.length;) {
    const next = block.body.indexOf(0x0a, at);
    const nonce = block.body.toString('latin1', at, at + NONCE_CHARS);
    expect(block.body[at + NONCE_CHARS]).toBe(0x20);
    const line = block.body.subarray(at + NONCE_CHARS + 1, next);
    const bytes = Buffer.from(nonce, 'base64url');
    // Canonical: the same text comes back.
    expect(bytes.toString('base64url')).toBe(nonce);
    head = extendHead(head, commitment(bytes, line));
    lines.push(line);
    nonces.push(nonce);
    at = next + 1;
  }
  return { lines, nonces, head: head.toString('base64url') };
}

describe('buildBlock', () => {
  it('makes blocks that the contract reads back, each going on where the one before ended', () => {
    let chain = NEW_CHAIN;
    for (const sizes of [[0], [1, 10_000, 0], Array.from({ length: 300 }, (_, i) => i)]) {
      const lines = sizes.map((size) => Buffer.from(randomBytes(size).map((byte) => (byte === 0x0a ? 0 : byte))));
      const block = buildBlock(SIGNER, chain, lines);
      const read = reread(block);
      expect(read.lines.map(String)).toEqual(lines.map(String));
      expect(read.head).toBe(block.header.head);
      expect(new Set(read.nonces).size).toBe(lines.length);
      expect(headerSignatureHolds(block.header, ed25519PublicKey(block.header.key))).toBe(true);
      expect(block.header).toMatchObject({ first_seq: chain.nextSeq, previous_head: Buffer.from(chain.head).toString('base64url'), lines: lines.length });
      expect(block.next).toEqual({ epoch: chain.epoch, nextSeq: chain.nextSeq + lines.length, head: Uint8Array.from(Buffer.from(read.head, 'base64url')) });
      chain = block.next;
    }
  });

  it('takes the head from an injected commit, which gets the framed lines and the head before', () => {
    const previous = { epoch: 3, nextSeq: 7, head: Buffer.alloc(32, 5) };
    const lines = [Buffer.from('{"a":1}'), Buffer.from('{}')];
    const random = (bytes: Buffer): void => void bytes.fill(0xab);
    const plain = buildBlock(SIGNER, previous, lines, { random });
    const injected = buildBlock(SIGNER, previous, lines, {
      random,
      commit: (framed, head) => {
        expect(head).toEqual(previous.head);
        expect(framed.length).toBe(9 + 2 * LINE_FRAMING_BYTES);
        expect(framed.toString('latin1')).toMatch(/^[\w-]{22} \{"a":1\}\n[\w-]{22} \{\}\n$/);
        return Buffer.from(plain.header.head, 'base64url');
      },
    });
    expect(injected.body).toEqual(plain.body);
  });

  it('says what it has seen, signed', () => {
    const seen = `12:${Buffer.alloc(32, 1).toString('base64')}`;
    const { header } = buildBlock(SIGNER, NEW_CHAIN, [Buffer.from('{}')], { seenCheckpoint: seen });
    expect(header.seen_checkpoint).toBe(seen);
    expect(headerSignatureHolds({ ...header, seen_checkpoint: seen.replace('12', '13') }, ed25519PublicKey(header.key))).toBe(false);
  });
});
