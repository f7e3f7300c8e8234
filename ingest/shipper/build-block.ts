import { hash, randomFillSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { rawPublicKey, signHeader } from '../../contracts/block.ts';
import type { BlockHeader, KeyCertificate } from '../../contracts/block.ts';
import { GENESIS_HEAD, NONCE_CHARS } from '../../contracts/chain.ts';

/** Where a chain goes on. */
export interface ChainState {
  readonly epoch: number;
  readonly nextSeq: number;
  /** 32 bytes. */
  readonly head: Uint8Array;
}

export const NEW_CHAIN: ChainState = { epoch: 1, nextSeq: 0, head: GENESIS_HEAD };

export interface ChainSigner {
  readonly site: string;
  readonly stream: string;
  readonly privateKey: KeyObject;
  /** 32 bytes as base64url. */
  readonly publicKey: string;
}

export function chainSigner(site: string, stream: string, privateKey: KeyObject): ChainSigner {
  return { site, stream, privateKey, publicKey: rawPublicKey(privateKey).toString('base64url') };
}

export interface BlockOptions {
  readonly certificate?: KeyCertificate;
  /** "size:root" of the newest checkpoint given. */
  readonly seenCheckpoint?: string;
  /** The head after `lines` (each `nonce SP line LF`), done natively; computed here when left out. */
  readonly commit?: (lines: Buffer, previousHead: Uint8Array) => Uint8Array;
  /** Fills with random bytes; for tests. */
  readonly random?: (bytes: Buffer) => void;
}

export interface BuiltBlock {
  readonly header: BlockHeader;
  /** The whole text: header line, then the lines. Not compressed. */
  readonly body: Buffer;
  readonly next: ChainState;
}

/** Bytes that a line takes beside its own: nonce, space, line feed. */
export const LINE_FRAMING_BYTES = NONCE_CHARS + 2;

const NONCE_BYTES = 16;
/** 18 bytes are 24 characters without padding: the last two bytes stay zero, so the first 22 characters are the nonce. */
const STRIDE_BYTES = 18;
const STRIDE_CHARS = 24;

/** Pure but for the nonces: the next block of a chain. Lines hold no line feed and number 1 to MAX_BLOCK_LINES. */
export function buildBlock(signer: ChainSigner, chain: ChainState, lines: readonly Uint8Array[], options: BlockOptions = {}): BuiltBlock {
  const nonces = newNonces(lines.length, options.random ?? randomFillSync);
  const framed = frameLines(nonces, lines);
  const head = options.commit === undefined ? headAfter(chain.head, nonces, lines) : Uint8Array.from(options.commit(framed, chain.head));
  const header = signHeader({
    v: 1,
    site: signer.site,
    stream: signer.stream,
    epoch: chain.epoch,
    first_seq: chain.nextSeq,
    lines: lines.length,
    previous_head: Buffer.from(chain.head).toString('base64url'),
    head: Buffer.from(head).toString('base64url'),
    key: signer.publicKey,
    ...(options.certificate === undefined ? {} : { certificate: options.certificate }),
    ...(options.seenCheckpoint === undefined ? {} : { seen_checkpoint: options.seenCheckpoint }),
  }, signer.privateKey);
  const body = Buffer.concat([Buffer.from(`${JSON.stringify(header)}\n`), framed]);
  return { header, body, next: { epoch: chain.epoch, nextSeq: chain.nextSeq + lines.length, head } };
}

/** One call for all nonces of a block, at a stride that encodes in one go too. */
function newNonces(count: number, random: (bytes: Buffer) => void): Buffer {
  const nonces = Buffer.allocUnsafeSlow(count * STRIDE_BYTES);
  random(nonces);
  for (let at = NONCE_BYTES; at < nonces.length; at += STRIDE_BYTES) {
    nonces[at] = 0;
    nonces[at + 1] = 0;
  }
  return nonces;
}

function frameLines(nonces: Buffer, lines: readonly Uint8Array[]): Buffer {
  const text = Buffer.from(nonces.toString('base64url'), 'latin1');
  let bytes = lines.length * LINE_FRAMING_BYTES;
  for (const line of lines) bytes += line.length;
  const framed = Buffer.allocUnsafe(bytes);
  let at = 0;
  let nonceAt = 0;
  for (const line of lines) {
    text.copy(framed, at, nonceAt, nonceAt + NONCE_CHARS);
    framed[at + NONCE_CHARS] = 0x20;
    framed.set(line, at + NONCE_CHARS + 1);
    at += line.length + LINE_FRAMING_BYTES;
    framed[at - 1] = 0x0a;
    nonceAt += STRIDE_CHARS;
  }
  return framed;
}

/** `contracts/chain.ts` over a whole block without an object a hash. */
function headAfter(previousHead: Uint8Array, nonces: Buffer, lines: readonly Uint8Array[]): Uint8Array {
  const link = Buffer.alloc(64);
  link.set(previousHead);
  let scratch = Buffer.allocUnsafe(4096);
  let nonceAt = 0;
  for (const line of lines) {
    const size = NONCE_BYTES + line.length;
    if (size > scratch.length) scratch = Buffer.allocUnsafe(size * 2);
    nonces.copy(scratch, 0, nonceAt, nonceAt + NONCE_BYTES);
    scratch.set(line, NONCE_BYTES);
    link.set(hash('sha256', scratch.subarray(0, size), 'buffer'), 32);
    link.set(hash('sha256', link, 'buffer'));
    nonceAt += STRIDE_BYTES;
  }
  return Uint8Array.from(link.subarray(0, 32));
}
