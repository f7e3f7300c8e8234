import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { ControlFold } from './control-fold.ts';
import { encodeEntry, encodeTrim, encodeVoid } from './control-record.ts';
import type { BatchRecord, StoredRecord } from './record-batch.ts';

const MUCH = 1 << 20;

/** A topic of one partition. */
function fakeStream(): { start: number; readonly records: StoredRecord[]; write(record: BatchRecord): number; foldInto(fold: ControlFold): void } {
  return {
    start: 0,
    records: [],
    write({ key, value, tag }) {
      return this.records.push({ offset: this.records.length, key, value, tag }) - 1;
    },
    foldInto(fold) {
      fold.begin(this.start, this.records.length);
      for (const record of this.records.slice(fold.next)) fold.apply(record);
    },
  };
}

function folded(stream: ReturnType<typeof fakeStream>, maxCachedBytes = MUCH): ControlFold {
  const fold = new ControlFold(maxCachedBytes);
  stream.foldInto(fold);
  return fold;
}

function values(fold: ControlFold): readonly string[] {
  return fold.entries(0, MUCH).map(({ value }) => value);
}

test('the first claim of a key wins, its rivals are no entries, and appends stand beside them', () => {
  const stream = fakeStream();
  stream.write(encodeEntry('append', 'k', 'appended'));
  stream.write(encodeEntry('claim', 'k', 'won'));
  stream.write(encodeEntry('claim', 'k', 'lost'));
  stream.write(encodeEntry('claim', 'k', 'lost again'));
  const fold = folded(stream);
  expect(values(fold)).toEqual(['appended', 'won']);
  expect(fold.winner('k')).toBe(1);
});

test('a claim that lost does not come back when its winner is trimmed: not where the winner was seen, nor where it never was', () => {
  const stream = fakeStream();
  stream.write(encodeEntry('claim', 'k', 'won'));
  stream.write(encodeEntry('claim', 'k', 'lost'));
  const old = folded(stream);
  stream.write(encodeTrim(1));
  stream.write(encodeEntry('claim', 'k', 'new'));
  stream.foldInto(old);
  expect(old.dead).toEqual([1]);
  stream.write(encodeVoid(old.dead));
  stream.start = 1;
  stream.foldInto(old);
  const fresh = folded(stream);
  for (const fold of [old, fresh]) {
    expect(values(fold)).toEqual(['new']);
    expect(fold.winner('k')).toBe(3);
  }
});

test('a handle that finds a new start answers nothing before it folded up to the end: a rival of a trimmed winner looks like one until then', () => {
  const stream = fakeStream();
  stream.write(encodeEntry('claim', 'k', 'won'));
  const fold = folded(stream);
  stream.write(encodeEntry('claim', 'k', 'lost'));
  stream.write(encodeTrim(1));
  stream.write(encodeVoid([1]));
  stream.start = 1;
  fold.begin(stream.start, stream.records.length);
  for (const record of stream.records.slice(1, 3)) fold.apply(record);
  expect([fold.winner('k'), fold.next < fold.settlesAt]).toEqual([1, true]);
  stream.foldInto(fold);
  expect([fold.winner('k'), fold.next < fold.settlesAt]).toEqual([undefined, false]);
});

test('a trim ends the claims below it and no other, wherever it is folded', () => {
  const stream = fakeStream();
  for (const key of ['a', 'b', 'c']) stream.write(encodeEntry('claim', key, `${key} won`));
  const fold = folded(stream);
  stream.write(encodeTrim(1));
  for (const key of ['a', 'b', 'c']) stream.write(encodeEntry('claim', key, `${key} again`));
  stream.foldInto(fold);
  for (const each of [fold, folded(stream)]) {
    expect(values(each)).toEqual(['b won', 'c won', 'a again']);
    expect(['a', 'b', 'c'].map((key) => each.winner(key))).toEqual([4, 1, 2]);
    expect(each.dead).toEqual([]);
  }
});

test('an operator who lets go of a winner makes the next claim of the key win, everywhere', () => {
  const stream = fakeStream();
  for (const value of ['a', 'b', 'c']) stream.write(encodeEntry('claim', 'k', value));
  const old = folded(stream);
  stream.start = 1;
  stream.foldInto(old);
  for (const fold of [old, folded(stream)]) expect([values(fold), fold.winner('k')]).toEqual([['b'], 1]);
});

test('records of somebody else are no entries and hold nothing up', () => {
  const stream = fakeStream();
  stream.write({ key: Buffer.from('k'), value: Buffer.from('v') });
  stream.write({ key: Buffer.alloc(0), value: Buffer.alloc(0), tag: 'q' });
  stream.write({ key: Buffer.from('k'), value: Buffer.from('no zstd'), tag: 'az' });
  stream.write(encodeEntry('claim', 'k', 'claimed'));
  for (const value of ['no JSON', '{}', '{"before":"9"}', '{"before":1e300}']) stream.write({ key: Buffer.from('k'), value: Buffer.from(value), tag: 't' });
  for (const value of ['{}', '{"offsets":["4"]}']) stream.write({ key: Buffer.from('k'), value: Buffer.from(value), tag: 'v' });
  stream.write(encodeEntry('append', 'k', 'ours'));
  const fold = folded(stream);
  expect([values(fold), fold.winner('k')]).toEqual([['claimed', 'ours'], 3]);
});

test('the cache keeps the newest entries within its bytes, one at least, and says from where it is whole', () => {
  const stream = fakeStream();
  for (let i = 0; i < 100; i++) stream.write(encodeEntry('append', 'k', `${i}`.padStart(900, ' ')));
  const fold = folded(stream, 20_000);
  const kept = fold.entries(0, MUCH);
  expect(kept.length).toBeGreaterThan(4);
  expect(kept.length).toBeLessThan(11);
  expect(kept.map(({ offset }) => offset)).toEqual(Array.from({ length: kept.length }, (_, i) => 100 - kept.length + i));
  expect(fold.cachedFrom).toBe(100 - kept.length);
  stream.write(encodeEntry('append', 'k', 'x'.repeat(50_000)));
  stream.foldInto(fold);
  expect(fold.entries(0, MUCH).map(({ offset }) => offset)).toEqual([100]);
  expect(fold.entriesOf(stream.records.slice(3, 5)).map(({ offset }) => offset)).toEqual([3, 4]);
});

test('values come back as they were, compressed or not', () => {
  const stream = fakeStream();
  const texts = ['', 'ü⟦3⟧', 'x'.repeat(1 << 20), Array.from({ length: 3_000 }, (_, i) => String.fromCodePoint(0x4e00 + (i * 7_919) % 20_000)).join('')];
  for (const text of texts) stream.write(encodeEntry('append', 'k', text));
  expect(values(folded(stream, 1 << 24))).toEqual(texts);
  expect(stream.records.map(({ tag }) => tag)).toEqual(['a', 'a', 'az', 'az']);
  expect(stream.records[2]?.value.length).toBeLessThan(1_000);
});

/** Handles begin, fold and trim at any time; a trim may stop half way. */
test('handles that began at any time come to the same entries and winners as one that saw everything', () => {
  const seed = Number(process.env['SEED'] ?? Date.now() % 1_000_000);
  const random = seededRandom(seed);
  for (let round = 0; round < 300; round++) {
    const stream = fakeStream();
    const all = new ControlFold(MUCH);
    const handles: ControlFold[] = [all];
    for (let step = 0; step < 120; step++) {
      const kind = random();
      if (kind < 0.55) stream.write(encodeEntry('claim', `k${random.below(6)}`, `${step}`));
      else if (kind < 0.7) stream.write(encodeEntry('append', 'a', `${step}`));
      else if (kind < 0.8) handles.push(folded(stream, random.chance(0.5) ? MUCH : 2_000));
      else if (kind < 0.9) stream.foldInto(random.pick(handles));
      else trim(random.pick(handles));
    }
    function trim(by: ControlFold): void {
      stream.foldInto(by);
      const before = random.between(by.start, by.next);
      if (before > by.start) stream.write(encodeTrim(before));
      for (let i = random.below(3); i > 0; i--) stream.write(encodeEntry('claim', `k${random.below(6)}`, `between ${i}`));
      if (random.chance(0.2)) return;
      stream.foldInto(by);
      if (by.dead.length > 0) stream.write(encodeVoid(by.dead));
      if (random.chance(0.2)) return;
      // Only what this handle folded as trimmed goes; `all` has seen it by then.
      stream.foldInto(all);
      stream.start = Math.max(stream.start, before);
    }
    for (const handle of handles) {
      stream.foldInto(handle);
      const from = Math.max(handle.cachedFrom, all.start);
      expect(handle.entries(from, MUCH), `SEED=${seed} round ${round}`).toEqual(all.entries(from, MUCH));
      for (let k = 0; k < 6; k++) expect(handle.winner(`k${k}`), `SEED=${seed} round ${round}`).toBe(all.winner(`k${k}`));
    }
  }
});
