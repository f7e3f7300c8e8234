import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { loadPack, SHIPPED_PACK } from '../pack/load.ts';
import { exampleFailures } from '../rules/signature-examples.ts';

const optional = await loadPack(fileURLToPath(new URL('optional/', import.meta.url)));

test('an optional signature finds its positive examples and none of its negative ones', () => {
  expect(exampleFailures(optional.signatures)).toEqual([]);
});

test('an optional signature is not among the shipped', async () => {
  const shipped = new Set((await loadPack(SHIPPED_PACK)).signatures.map(({ id }) => id));
  expect(optional.signatures.filter(({ id }) => shipped.has(id))).toEqual([]);
});
