import { expect, test } from 'vitest';
import { noSeal, openPlain } from './correlator-fixture.ts';
import { openMemory, sealMemory } from './sealed-memory.ts';

const PLACE = { partition: 3, position: 9, key: 'keyed/3' };

test('what is larger than a record comes back from several, letters of many bytes included', async () => {
  const memory = { values: Array.from({ length: 60_000 }, (_, i) => `⟦${i}⟧ übergröße`) };
  const sealed = await sealMemory(noSeal, memory, 1);
  expect(sealed.length).toBeGreaterThan(1);
  expect(await openMemory(sealed, PLACE, openPlain)).toEqual(memory);
});

test('every byte of it passes the seal', async () => {
  const memory = ['203.0.113.77'];
  const sealed = await sealMemory((_head, body) => Buffer.from(body.map((byte) => byte ^ 0xff)), memory, 1);
  expect(Buffer.from(sealed[0] ?? '', 'base64').toString('latin1')).not.toContain('203.0.113.77');
  await expect(openMemory(sealed, PLACE, openPlain)).rejects.toThrow();
  expect(await openMemory(sealed, PLACE, async () => undefined)).toBeUndefined();
});

test('parts of two memories make none', async () => {
  const sealed = await sealMemory(noSeal, ['a'], 1);
  await expect(openMemory([...sealed, ...sealed], PLACE, openPlain)).rejects.toThrow('TQ-CORRELATE-01');
});
