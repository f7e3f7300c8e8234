import { sign, verify } from 'node:crypto';
import type { KeyObject } from 'node:crypto';

/** The gateway's word that a block is durable. The shipper may erase its lines once it holds this. */
export interface Receipt {
  readonly v: 1;
  readonly site: string;
  readonly stream: string;
  readonly epoch: number;
  readonly first_seq: number;
  readonly lines: number;
  /** The chain's head after the block, base64url. */
  readonly head: string;
  /** Unix milliseconds on the gateway's clock. */
  readonly received_at: number;
  /** Lines that cannot become events and go to the dead letters. */
  readonly dead_letters: number;
  /** The gateway's Ed25519 public key and its signature over `receiptText`, base64url. */
  readonly key: string;
  readonly signature: string;
}

export function receiptText(r: Omit<Receipt, 'signature'>): string {
  return ['tourniquet/receipt/v1', r.site, r.stream, r.epoch, r.first_seq, r.lines, r.head, r.received_at, r.dead_letters, r.key, ''].join('\n');
}

export function signReceipt(receipt: Omit<Receipt, 'signature'>, privateKey: KeyObject): Receipt {
  return { ...receipt, signature: sign(null, Buffer.from(receiptText(receipt)), privateKey).toString('base64url') };
}

export function receiptHolds(receipt: Receipt, publicKey: KeyObject): boolean {
  return verify(null, Buffer.from(receiptText(receipt)), publicKey, Buffer.from(receipt.signature, 'base64url'));
}
