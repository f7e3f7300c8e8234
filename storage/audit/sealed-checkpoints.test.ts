import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ago, NOW, openPlantedStore } from './planted-rows.ts';
import type { PlantedStore } from './planted-rows.ts';
import { SealedCheckpoints } from './sealed-checkpoints.ts';

let store: PlantedStore;
beforeAll(async () => {
  store = await openPlantedStore();
});
afterAll(() => store[Symbol.asyncDispose]());

const HOUR = 3_600_000;

async function sign(site: string, size: number, hoursAgo: number, note = `${site} ${size}`): Promise<void> {
  await store.plant('checkpoints', [{ site, size, root: 'r', signed_at: ago(hoursAgo), note }]);
}

test('whoever asks often gets what whoever asks once gets, whatever came between and of whichever moment', async () => {
  const often = new SealedCheckpoints(store.reader);
  const look = async (sites: readonly string[], asOfMs: number): Promise<readonly string[]> => {
    const [kept, fresh] = await Promise.all([often.at(sites, asOfMs), new SealedCheckpoints(store.reader).at(sites, asOfMs)]);
    expect(kept).toEqual(fresh);
    return kept.map(({ note }) => note);
  };
  await sign('a', 10, 9);
  await sign('a', 20, 5);
  await sign('b', 7, 8);
  expect(await look(['b', 'a', 'none'], NOW - 6 * HOUR)).toEqual(['a 10', 'b 7']);
  expect(await look(['a', 'b'], NOW - 4 * HOUR)).toEqual(['a 20', 'b 7']);
  await sign('b', 9, 3);
  await sign('a', 30, 2);
  await sign('new', 1, 2.5);
  expect(await look(['a', 'b', 'new', 'none'], NOW - 2.2 * HOUR)).toEqual(['a 20', 'b 9', 'new 1']);
  expect(await look(['a', 'b', 'new'], NOW - 6 * HOUR)).toEqual(['a 10', 'b 7']);
  // Signed before the last look, stored after it; and a cosigned note of the same size.
  await sign('none', 3, 2.2 + 30 / 3_600);
  await sign('b', 9, 2.1, 'b 9 cosigned');
  expect(await look(['a', 'b', 'new', 'none'], NOW - HOUR)).toEqual(['a 30', 'b 9 cosigned', 'new 1', 'none 3']);
});

test('a store that fails once is asked again', async () => {
  const closed = createClient({ url: 'http://127.0.0.1:9', username: 'reader', log: { level: ClickHouseLogLevel.OFF } });
  const sealed = new SealedCheckpoints(Object.create(store.reader, { query: { value: (...args: Parameters<typeof store.reader.query>) => (args[0].query_params?.['at'] === 1 ? closed.query(...args) : store.reader.query(...args)) } }) as typeof store.reader); // the same client, failing once
  await expect(sealed.at(['clinic'], 1)).rejects.toThrow();
  expect((await sealed.at(['clinic'], NOW)).map(({ site }) => site)).toEqual(['clinic']);
  await closed.close();
});
