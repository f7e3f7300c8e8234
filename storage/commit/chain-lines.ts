import { hash } from 'node:crypto';
import { commitment, NONCE_CHARS } from '../../contracts/chain.ts';

const LINE_FEED = 10;

/** Where each line of a body ends, after its line feed. */
export function lineEnds(body: Buffer): readonly number[] {
  const ends: number[] = [];
  for (let at = body.indexOf(LINE_FEED); at >= 0; at = body.indexOf(LINE_FEED, at + 1)) ends.push(at + 1);
  return ends;
}

/** The chain's head after the first `lines` lines ("nonce SP line LF") of a body, base64url. */
export function headAfter(body: Buffer, previousHead: string, lines: number): string {
  let head = Buffer.from(previousHead, 'base64url');
  let start = 0;
  for (let i = 0; i < lines; i++) {
    const end = body.indexOf(LINE_FEED, start);
    const nonce = Buffer.from(body.toString('latin1', start, start + NONCE_CHARS), 'base64url');
    head = hash('sha256', Buffer.concat([head, commitment(nonce, body.subarray(start + NONCE_CHARS + 1, end))]), 'buffer');
    start = end + 1;
  }
  return head.toString('base64url');
}
