import { ed25519PublicKey } from '../../contracts/block.ts';
import type { BlockHeader } from '../../contracts/block.ts';
import { parseCheckpoint, parseNote } from '../../contracts/checkpoint.ts';
import { receiptHolds } from '../../contracts/receipt.ts';
import type { Receipt } from '../../contracts/receipt.ts';
import { ShipperError } from './errors.ts';
import { member } from './json-member.ts';

export interface Acknowledgement {
  readonly receipt: Receipt;
  /** "size:root" of the checkpoint that came along. */
  readonly checkpoint: string | undefined;
}

/**
 * Reads the answer to a block: the receipt itself or under `receipt`, and a `checkpoint` as signed note or "size:root".
 * Throws unless the receipt is for this very block and signed by the gateway enrolled with.
 */
export function checkReceipt(answer: unknown, header: BlockHeader, receiptKey: string): Acknowledgement {
  if (typeof answer !== 'object' || answer === null) throw new ShipperError('TQ-SHIPPER-07', { detail: 'no JSON object' });
  const receipt = readReceipt(member(answer, 'receipt') ?? answer);
  if (receipt === undefined) throw new ShipperError('TQ-SHIPPER-07', { detail: 'no receipt' });
  for (const name of ['site', 'stream', 'epoch', 'first_seq', 'lines', 'head'] as const) {
    if (receipt[name] !== header[name]) throw new ShipperError('TQ-SHIPPER-07', { detail: `another ${name}` });
  }
  if (receipt.key !== receiptKey) throw new ShipperError('TQ-SHIPPER-07', { detail: 'another key' });
  if (!receiptHolds(receipt, ed25519PublicKey(receiptKey))) throw new ShipperError('TQ-SHIPPER-07', { detail: 'signature does not hold' });
  return { receipt, checkpoint: seenCheckpoint(member(answer, 'checkpoint')) };
}

function readReceipt(value: unknown): Receipt | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const texts = (['site', 'stream', 'head', 'key', 'signature'] as const).every((name) => typeof member(value, name) === 'string');
  const counts = (['epoch', 'first_seq', 'lines', 'received_at', 'dead_letters', 'size', 'index'] as const).every((name) => Number.isSafeInteger(member(value, name)));
  const path = member(value, 'path');
  const hashes = Array.isArray(path) && path.every((hash) => typeof hash === 'string');
  // Every field was just checked.
  return texts && counts && hashes && member(value, 'v') === 2 ? (value as Receipt) : undefined;
}

function seenCheckpoint(value: unknown): string | undefined {
  if (typeof value !== 'string') return undefined;
  if (/^[0-9]{1,15}:[A-Za-z0-9+/]{43}=$/.test(value)) return value;
  const note = parseNote(value);
  const checkpoint = note === undefined ? undefined : parseCheckpoint(note.text);
  return checkpoint === undefined ? undefined : `${checkpoint.size}:${checkpoint.root.toString('base64')}`;
}
