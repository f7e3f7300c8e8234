import { randomInt } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { TableRows } from './stage.ts';
import { StoreRefusal } from './store.ts';
import type { GroupRange, GroupStore } from './store.ts';

/** What the suite needs of an implementation under test. Data of earlier runs may be there. */
export interface OpenedStore {
  readonly store: GroupStore;
  close(): Promise<void>;
}

const NOVEMBER = Date.UTC(2026, 10, 20, 10);
const DECEMBER = Date.UTC(2026, 11, 1);

function gapRow(position: number, partition = 1, receivedAtMs = NOVEMBER): object {
  return { site: 'shop', stream: 'web', epoch: 1, from_seq: 0, to_seq: 9, state: 'open', received_at: new Date(receivedAtMs).toISOString(), partition, position };
}

function gaps(rows: readonly object[]): TableRows {
  return { table: 'gaps', tier: '', rows: rows.length, format: 'JSONEachRow', data: Buffer.from(rows.map((row) => `${JSON.stringify(row)}\n`).join('')) };
}

/** Every implementation of `GroupStore` passes this. */
export function describeGroupStore(name: string, open: () => Promise<OpenedStore>): void {
  describe(`${name} as a group store`, () => {
    let opened: OpenedStore;
    let store: GroupStore;
    let start: number;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      // A stretch of positions no other test uses, also on a store that was there before.
      start = randomInt(2 ** 40) * 16;
    });
    afterEach(async () => {
      await opened.close();
    });
    const token = (part: string): string => `suite/${start}/${part}`;
    const range = (first: number, last: number, partition = 1): GroupRange => ({ partition, first: start + first, last: start + last });
    const countGaps = (of: GroupRange): Promise<number> => store.count('gaps', of, NOVEMBER, NOVEMBER);

    test('rows that were inserted are counted by position, both ends included', async () => {
      await store.insert(token('a'), gaps([gapRow(start), gapRow(start + 1), gapRow(start + 2)]));
      expect(await countGaps(range(0, 2))).toBe(3);
      expect(await countGaps(range(1, 1))).toBe(1);
      expect(await countGaps(range(3, 9))).toBe(0);
    });

    test('rows of another partition of the log are not counted', async () => {
      await store.insert(token('a'), gaps([gapRow(start, 1), gapRow(start, 2)]));
      expect(await countGaps(range(0, 0, 2))).toBe(1);
    });

    test('rows are counted in the months of receipt that were asked for', async () => {
      await store.insert(token('a'), gaps([gapRow(start)]));
      await store.insert(token('b'), gaps([gapRow(start + 1, 1, DECEMBER)]));
      expect(await store.count('gaps', range(0, 1), NOVEMBER, NOVEMBER)).toBe(1);
      expect(await store.count('gaps', range(0, 1), DECEMBER, DECEMBER)).toBe(1);
      expect(await store.count('gaps', range(0, 1), NOVEMBER, DECEMBER)).toBe(2);
    });

    test('the same token stores its rows once, also when two inserts run at once', async () => {
      const rows = gaps([gapRow(start), gapRow(start + 1)]);
      await Promise.all([store.insert(token('a'), rows), store.insert(token('a'), rows)]);
      await store.insert(token('a'), rows);
      expect(await countGaps(range(0, 1))).toBe(2);
    });

    test('equal rows under another token are stored again', async () => {
      await store.insert(token('a'), gaps([gapRow(start)]));
      await store.insert(token('b'), gaps([gapRow(start)]));
      expect(await countGaps(range(0, 0))).toBe(2);
    });

    test('a probe stores nothing', async () => {
      await store.probe(gaps([gapRow(start)]));
      expect(await countGaps(range(0, 0))).toBe(0);
    });

    test('rows that can never be stored are refused, by insert and by probe, and none of them is kept', async () => {
      const rows = gaps([gapRow(start), { ...gapRow(start + 1), no_such_column: 1 }]);
      await expect(store.insert(token('a'), rows)).rejects.toSatisfy((e) => e instanceof StoreRefusal && e.code > 0);
      await expect(store.probe(rows)).rejects.toBeInstanceOf(StoreRefusal);
      expect(await countGaps(range(0, 1))).toBe(0);
    });

    test('a refusal quotes nothing of the rows', async () => {
      const rows = { ...gaps([]), rows: 1, data: Buffer.from('{"site":"shop","epoch":"marker-of-a-person"}\n{"broken') };
      const refusal: unknown = await store.insert(token('a'), rows).catch((e: unknown) => e);
      expect(refusal).toBeInstanceOf(StoreRefusal);
      for (let e = refusal; e instanceof Error; e = e.cause) expect(e.message).not.toContain('marker-of-a-person');
    });

    test('a token that was refused can be used for the mended rows', async () => {
      await expect(store.insert(token('a'), gaps([{ ...gapRow(start), no_such_column: 1 }]))).rejects.toBeInstanceOf(StoreRefusal);
      await store.insert(token('a'), gaps([gapRow(start)]));
      expect(await countGaps(range(0, 0))).toBe(1);
    });

    test('a stored block is known by its chain, last sequence and head', async () => {
      const head = `head-${start}`;
      const block = { site: 'shop', stream: 'web', epoch: 1, first_seq: 10, lines: 5, stored: 5, dead: 0, masked_spans: 0, received_at: new Date(NOVEMBER).toISOString(), provenance: 'plugin', partition: 1, position: start, first_leaf: 10, previous_head: 'p', head };
      await store.insert(token('a'), { ...gaps([block]), table: 'blocks' });
      expect(await store.hasBlock('shop', 'web', 14, head)).toBe(true);
      expect(await store.hasBlock('shop', 'web', 15, head)).toBe(false);
      expect(await store.hasBlock('shop', 'web', 14, 'another')).toBe(false);
      expect(await store.hasBlock('shop', 'mail', 14, head)).toBe(false);
      expect(await store.hasBlock('else', 'web', 14, head)).toBe(false);
    });
  });
}
