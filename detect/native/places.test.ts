import { expect, test } from 'vitest';
import { loadPack } from '../pack/load.ts';
import { hyperscanExpression } from '../pack/pattern.ts';
import { PATTERN_FLAGS, loadNative } from './binding.ts';
import type { Expression } from './binding.ts';

const native = await loadNative();
const { signatures } = await loadPack();
const MOST_PLACES = 200;

/** Lines in which a text stands at rising places, and those in which one of the patterns was not found. */
function missed(expressions: readonly Expression[], text: string, pattern: number): readonly string[] {
  const lines = Array.from({ length: MOST_PLACES }, (_, place) => JSON.stringify({ message: `${'w'.repeat(place)} ${text} tail` }));
  const database = known.get(expressions) ?? native.compile(expressions);
  known.set(expressions, database);
  const { hits } = native.process(database, { body: Buffer.from(`${lines.join('\n')}\n`), nonces: false, envelopePrefix: Buffer.alloc(0), firstSeq: 0, skipLines: 0, omit: new Uint32Array(), hashed: false });
  const found = new Set<number>();
  for (let i = 0; i < hits.length; i += 2) if (hits[i + 1] === pattern) found.add(hits[i] ?? 0);
  return lines.filter((_, line) => !found.has(line));
}

const known = new Map<readonly Expression[], ReturnType<typeof native.compile>>();

test('every example of the shipped pack is found wherever in a line it stands', () => {
  const expressions = signatures.map(hyperscanExpression);
  for (const [i, { id, positive }] of signatures.entries()) {
    // Of an example in a named field the name may tell, not the text.
    for (const example of positive.filter((one) => typeof one === 'string')) expect(missed(expressions, example, i), `${id}: ${example}`).toEqual([]);
  }
});

test('of many literals each is found wherever in a line it stands', () => {
  const texts = Array.from({ length: 5_000 }, (_, i) => (i * 2_654_435_761).toString(36));
  const expressions = texts.map((text) => ({ text, flags: PATTERN_FLAGS.caseless | PATTERN_FLAGS.lineBound }));
  for (let i = 0; i < texts.length; i += 50) expect(missed(expressions, (texts[i] ?? '').toUpperCase(), i)).toEqual([]);
});
