import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { receiptHolds } from '../../contracts/receipt.ts';
import type { ReceiptFacts } from '../../contracts/receipt.ts';
import { createReceiptSigner } from './receipt-signer.ts';

const { privateKey } = generateKeyPairSync('ed25519');
const publicKey = createPublicKey(privateKey);

function facts(i: number): ReceiptFacts {
  return { site: 'shop', stream: 'audit', epoch: 1, first_seq: i, lines: 1, head: 'A'.repeat(43), received_at: 1, dead_letters: 0 };
}

test('receipts due in one turn share a signature, each holds alone, and the next turn has its own', async () => {
  const signer = createReceiptSigner(privateKey);
  const together = await Promise.all(Array.from({ length: 7 }, (_, i) => signer.sign(facts(i))));
  await setImmediate();
  const alone = await signer.sign(facts(0));
  expect(together.map((r) => [r.first_seq, r.index, r.size])).toEqual(together.map((_, i) => [i, i, 7]));
  expect(new Set(together.map((r) => r.signature)).size).toBe(1);
  expect([alone.size, alone.index, alone.path]).toEqual([1, 0, []]);
  for (const receipt of [...together, alone]) expect([receipt.key, receiptHolds(receipt, publicKey)]).toEqual([signer.publicKey, true]);
  expect(alone.signature).not.toBe(together[0]?.signature);
});

test('when signing fails every receipt of the turn fails, and the next turn signs again', async () => {
  const signer = createReceiptSigner(privateKey);
  const broken: ReceiptFacts = { ...facts(1), get site(): string { throw new Error('unreadable'); } };
  const outcomes = await Promise.allSettled([signer.sign(facts(0)), signer.sign(broken)]);
  expect(outcomes.map((o) => o.status)).toEqual(['rejected', 'rejected']);
  expect(receiptHolds(await signer.sign(facts(2)), publicKey)).toBe(true);
});
