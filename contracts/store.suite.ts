import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { CommitRecord } from './control.ts';
import type { TableRows } from './stage.ts';
import { StoreRefusal } from './store.ts';
import type { GroupRange, GroupStore, InsertFence } from './store.ts';

/** A group store that also takes the commits its fences ask about. */
type RecordingStore = GroupStore & { recordCommit(record: CommitRecord): Promise<void> };

/** What the suite needs of an implementation under test. Data of earlier runs may be there. */
export interface OpenedStore {
  readonly store: RecordingStore;
  close(): Promise<void>;
}

const NOVEMBER = Date.UTC(2026, 10, 20, 10);
const DECEMBER = Date.UTC(2026, 11, 1);
/** Positions a test has for itself. */
const STRETCH = 16;
let stretches = 0;

/** Above all positions of tests before, also of earlier runs: a commit there must not reach up to here. */
function nextStretch(): number {
  return Date.now() * 4_096 + STRETCH * stretches++;
}

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
    let store: RecordingStore;
    let start: number;
    beforeEach(async () => {
      opened = await open();
      store = opened.store;
      start = nextStretch();
    });
    afterEach(async () => {
      await opened.close();
    });
    const token = (part: string): string => `suite/${start}/${part}`;
    const range = (first: number, last: number, partition = 1): GroupRange => ({ partition, first: start + first, last: start + last });
    const uncommitted = (of = range(0, STRETCH - 1)): InsertFence => ({ kind: 'uncommitted', range: of });
    const found = (n: number, of = range(0, STRETCH - 1)): InsertFence => ({ kind: 'rows', range: of, receivedFromMs: NOVEMBER, receivedToMs: NOVEMBER, found: n });
    const commit = (first: number, last: number, partition = 1): Promise<void> => store.recordCommit({
      type: 'commit', ...range(first, last, partition), committed_at: NOVEMBER, versions: { derivation: 1, rules: 'p' }, received_from: NOVEMBER, received_to: NOVEMBER, rows: {}, duplicates: 0, sites: {},
    });
    const countGaps = (of: GroupRange): Promise<number> => store.count('gaps', of, NOVEMBER, NOVEMBER);

    test('rows that were inserted are counted by position, both ends included', async () => {
      await store.insert(token('a'), gaps([gapRow(start), gapRow(start + 1), gapRow(start + 2)]), uncommitted());
      expect(await countGaps(range(0, 2))).toBe(3);
      expect(await countGaps(range(1, 1))).toBe(1);
      expect(await countGaps(range(3, 9))).toBe(0);
    });

    test('rows of another partition of the log are not counted', async () => {
      await store.insert(token('a'), gaps([gapRow(start, 1), gapRow(start, 2)]), uncommitted());
      expect(await countGaps(range(0, 0, 2))).toBe(1);
    });

    test('rows are counted in the months of receipt that were asked for', async () => {
      await store.insert(token('a'), gaps([gapRow(start)]), uncommitted());
      await store.insert(token('b'), gaps([gapRow(start + 1, 1, DECEMBER)]), uncommitted());
      expect(await store.count('gaps', range(0, 1), NOVEMBER, NOVEMBER)).toBe(1);
      expect(await store.count('gaps', range(0, 1), DECEMBER, DECEMBER)).toBe(1);
      expect(await store.count('gaps', range(0, 1), NOVEMBER, DECEMBER)).toBe(2);
    });

    test('rows of a table with tiers are counted by their tier', async () => {
      const act = (position: number, tier: string): object => ({ site: 'shop', leaf: position, received_at: new Date(NOVEMBER).toISOString(), tier, partition: 1, position });
      const acts = (tier: string, ...positions: readonly number[]): TableRows => ({ ...gaps(positions.map((position) => act(position, tier))), table: 'acts', tier });
      await store.insert(token('a'), acts('standard', start, start + 1), uncommitted());
      await store.insert(token('b'), acts('health', start), uncommitted());
      const of = range(0, 2);
      expect(await Promise.all(['standard', 'health', 'payment', undefined].map((tier) => store.count('acts', of, NOVEMBER, NOVEMBER, tier)))).toEqual([2, 1, 0, 3]);
    });

    test('the same token stores its rows once, also when two inserts run at once', async () => {
      const rows = gaps([gapRow(start), gapRow(start + 1)]);
      await Promise.all([store.insert(token('a'), rows, uncommitted()), store.insert(token('a'), rows, uncommitted())]);
      await store.insert(token('a'), rows, uncommitted());
      expect(await countGaps(range(0, 1))).toBe(2);
    });

    test('equal rows under another token are stored again', async () => {
      await store.insert(token('a'), gaps([gapRow(start)]), uncommitted());
      await store.insert(token('b'), gaps([gapRow(start)]), uncommitted());
      expect(await countGaps(range(0, 0))).toBe(2);
    });

    test('a probe stores nothing', async () => {
      await store.probe(gaps([gapRow(start)]));
      expect(await countGaps(range(0, 0))).toBe(0);
    });

    test('rows that can never be stored are refused, by insert and by probe, and none of them is kept', async () => {
      const rows = gaps([gapRow(start), { ...gapRow(start + 1), no_such_column: 1 }]);
      await expect(store.insert(token('a'), rows, uncommitted())).rejects.toSatisfy((e) => e instanceof StoreRefusal && e.code > 0);
      await expect(store.probe(rows)).rejects.toBeInstanceOf(StoreRefusal);
      expect(await countGaps(range(0, 1))).toBe(0);
    });

    test('a refusal quotes nothing of the rows', async () => {
      const rows = { ...gaps([]), rows: 1, data: Buffer.from('{"site":"shop","epoch":"marker-of-a-person"}\n{"broken') };
      const refusal: unknown = await store.insert(token('a'), rows, uncommitted()).catch((e: unknown) => e);
      expect(refusal).toBeInstanceOf(StoreRefusal);
      for (let e = refusal; e instanceof Error; e = e.cause) expect(e.message).not.toContain('marker-of-a-person');
    });

    test('a token that was refused can be used for the mended rows', async () => {
      await expect(store.insert(token('a'), gaps([{ ...gapRow(start), no_such_column: 1 }]), uncommitted())).rejects.toBeInstanceOf(StoreRefusal);
      await store.insert(token('a'), gaps([gapRow(start)]), uncommitted());
      expect(await countGaps(range(0, 0))).toBe(1);
    });

    test('a late insert stores nothing once a commit reaches its positions, under whatever token', async () => {
      await store.insert(token('a'), gaps([gapRow(start)]), uncommitted());
      await commit(0, STRETCH - 1);
      await store.insert(token('late'), gaps([gapRow(start)]), uncommitted());
      await store.insert(token('a'), gaps([gapRow(start)]), uncommitted());
      expect(await countGaps(range(0, 0))).toBe(1);
    });

    test.each([
      ['ends at the first position', 0, 0, 0],
      ['starts before and ends inside', -4, 3, 0],
      ['starts behind the range', STRETCH, STRETCH + 4, 0],
      ['ends right before the first position', -4, -1, 1],
    ])('of commits one that %s counts as the fence says', async (_what, first, last, stored) => {
      await commit(first, last);
      await store.insert(token('a'), gaps([gapRow(start)]), uncommitted());
      expect(await countGaps(range(0, 0))).toBe(stored);
    });

    test('a commit of another partition closes no fence', async () => {
      await commit(0, STRETCH - 1, 2);
      await store.insert(token('a'), gaps([gapRow(start)]), uncommitted());
      expect(await countGaps(range(0, 0))).toBe(1);
    });

    test('a fence of rows holds while the table has exactly as many in the range and months', async () => {
      await store.insert(token('a'), gaps([gapRow(start)]), found(0));
      await store.insert(token('b'), gaps([gapRow(start + 1)]), found(0));
      expect(await countGaps(range(0, 1))).toBe(1);
      await store.insert(token('c'), gaps([gapRow(start + 1), gapRow(start + 2)]), found(1));
      expect(await countGaps(range(0, 2))).toBe(3);
      await store.insert(token('d'), gaps([gapRow(start + 3)]), found(1, range(0, 0)));
      await store.insert(token('e'), gaps([gapRow(start + 4, 2)]), found(0, range(0, STRETCH - 1, 2)));
      await store.insert(token('f'), gaps([gapRow(start + 5, 1, DECEMBER)]), { kind: 'rows', range: range(0, STRETCH - 1), receivedFromMs: DECEMBER, receivedToMs: DECEMBER, found: 0 });
      expect([await countGaps(range(3, 3)), await countGaps(range(4, 4, 2)), await store.count('gaps', range(5, 5), DECEMBER, DECEMBER)]).toEqual([1, 1, 1]);
    });

    test('rows brought back under another token are stored once, however many bring them', async () => {
      const rows = gaps([gapRow(start), gapRow(start + 1)]);
      await commit(0, STRETCH - 1);
      const bringBack = (round: number): Promise<void> => store.insert(token(`restored-${round}`), rows, found(0));
      await Promise.all([bringBack(1), bringBack(1)]);
      await bringBack(1);
      await bringBack(2);
      expect(await countGaps(range(0, 1))).toBe(2);
    });

    test('a token whose fence did not hold is not used up', async () => {
      await store.insert(token('a'), gaps([gapRow(start)]), found(7));
      expect(await countGaps(range(0, 0))).toBe(0);
      await store.insert(token('a'), gaps([gapRow(start)]), found(0));
      expect(await countGaps(range(0, 0))).toBe(1);
    });

    test('rows that can never be stored are refused behind an open fence', async () => {
      await expect(store.insert(token('a'), gaps([{ ...gapRow(start), no_such_column: 1 }]), found(0))).rejects.toBeInstanceOf(StoreRefusal);
    });

    test('a stored block is known by its chain, last sequence and head', async () => {
      const head = `head-${start}`;
      const block = { site: 'shop', stream: 'web', epoch: 1, first_seq: 10, lines: 5, stored: 5, dead: 0, masked_spans: 0, received_at: new Date(NOVEMBER).toISOString(), provenance: 'plugin', partition: 1, position: start, first_leaf: 10, previous_head: 'p', head };
      await store.insert(token('a'), { ...gaps([block]), table: 'blocks' }, uncommitted());
      expect(await store.hasBlock('shop', 'web', 14, head)).toBe(true);
      expect(await store.hasBlock('shop', 'web', 15, head)).toBe(false);
      expect(await store.hasBlock('shop', 'web', 14, 'another')).toBe(false);
      expect(await store.hasBlock('shop', 'mail', 14, head)).toBe(false);
      expect(await store.hasBlock('else', 'web', 14, head)).toBe(false);
    });
  });
}
