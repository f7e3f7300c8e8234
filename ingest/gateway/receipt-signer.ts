import type { KeyObject } from 'node:crypto';
import { rawPublicKey } from '../../contracts/block.ts';
import { signReceipts } from '../../contracts/receipt.ts';
import type { Receipt, ReceiptFacts } from '../../contracts/receipt.ts';

export interface ReceiptSigner {
  /** Raw public half of the key, base64url. */
  readonly publicKey: string;
  /** Only for a block that is durable. */
  sign(facts: ReceiptFacts): Promise<Receipt>;
}

interface Due {
  readonly facts: ReceiptFacts;
  readonly resolve: (receipt: Receipt) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Signs the receipts that become due in one turn of the event loop together: the blocks that one commit of the log made
 * durable. Nothing waits for more to come.
 */
export function createReceiptSigner(privateKey: KeyObject): ReceiptSigner {
  const publicKey = rawPublicKey(privateKey).toString('base64url');
  let due: Due[] = [];
  const signAll = (): void => {
    const batch = due;
    due = [];
    try {
      const receipts = signReceipts(batch.map((d) => d.facts), publicKey, privateKey);
      // As many as facts.
      batch.forEach((d, i) => d.resolve(receipts[i]!));
    } catch (error) {
      for (const d of batch) d.reject(error);
    }
  };
  return {
    publicKey,
    sign: (facts) =>
      new Promise((resolve, reject) => {
        if (due.length === 0) setImmediate(signAll);
        due.push({ facts, resolve, reject });
      }),
  };
}
