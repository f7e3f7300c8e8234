import { describe, expect, test } from 'vitest';
import { scopeGaps } from './gaps.ts';
import type { Untold } from './gaps.ts';
import { NO_FACTS } from './memory-store.ts';
import type { WindowFacts } from './scope-store.ts';
import { sourceTrust } from './takeover.ts';

const FROM = Date.UTC(2026, 10, 10);
const TO = Date.UTC(2026, 10, 20);
const DAY = 86_400_000;
const NOTHING: Untold = { unnamed: 0, plain: undefined, leftOut: false };

function kinds(facts: Partial<WindowFacts>, more: Partial<Untold> = {}): readonly (readonly [string, number, number, number])[] {
  return scopeGaps({ ...NO_FACTS, ...facts }, { fromMs: FROM, toMs: TO }, { ...NOTHING, ...more }).map(({ kind, fromMs, toMs, count }) => [kind, fromMs, toMs, count]);
}

const hole = { stream: 'audit', epoch: 1, fromSeq: 5, toSeq: 9, lost: false, afterMs: FROM + DAY, noticedMs: FROM + 2 * DAY };

describe('gaps', () => {
  test('are none where nothing is missing', () => {
    expect(kinds({ chains: [{ stream: 'audit', epoch: 1, firstMs: FROM, lastMs: TO }] })).toEqual([]);
  });

  test.each<[string, Partial<WindowFacts>, readonly (readonly [string, number, number, number])[]]>([
    ['lines missing in a chain', { holes: [hole] }, [['lines-missing', FROM + DAY, FROM + 2 * DAY, 5]]],
    ['a hole noticed before the window', { holes: [{ ...hole, afterMs: 1, noticedMs: FROM - 1 }] }, []],
    ['a hole that began after it', { holes: [{ ...hole, afterMs: TO + DAY, noticedMs: TO + 2 * DAY }] }, []],
    ['records the log lost', { holes: [{ ...hole, lost: true, afterMs: 0 }] }, [['records-lost', 0, FROM + 2 * DAY, 5]]],
    ['a chain that began anew', { chains: [{ stream: 'audit', epoch: 2, firstMs: FROM + 3 * DAY, lastMs: TO }, { stream: 'audit', epoch: 1, firstMs: 0, lastMs: FROM + DAY }] }, [['chain-restarted', FROM + DAY, FROM + 3 * DAY, 0]]],
    ['a silence', { silences: [{ stream: 'audit', fromMs: FROM + DAY, toMs: FROM + 2 * DAY, expected: 400 }] }, [['silence', FROM + DAY, FROM + 2 * DAY, 0]]],
    ['lines put aside', { deadLetters: [{ stream: 'audit', epoch: 1, count: 3, fromMs: FROM, toMs: FROM + 1 }] }, [['dead-letters', FROM, FROM + 1, 3]]],
    ['a month of the window that expired', { expired: [{ tier: 'brief', month: 202611, rows: 7 }, { tier: 'brief', month: 202609, rows: 9 }] }, [['expired', Date.UTC(2026, 10, 1), Date.UTC(2026, 11, 1), 7]]],
    ['deeds that no version derived', { underived: { events: 40, fromMs: FROM - DAY, toMs: FROM + DAY } }, [['deeds-not-derived', FROM - DAY, FROM + DAY, 40]]],
    ['deeds that were derived', { underived: { events: 0, fromMs: FROM, toMs: FROM + DAY } }, []],
  ])('%s', (_title, facts, expected) => {
    expect(kinds(facts)).toEqual(expected);
  });

  test('tell of pages that an address of the breach was given by the server alone', () => {
    expect(kinds({}, { plain: { requests: 9, bytes: 48_120_334, firstMs: FROM + DAY, lastMs: FROM + 2 * DAY } })).toEqual([['plain-requests', FROM + DAY, FROM + 2 * DAY, 9]]);
  });

  test('tell of records without a name, and of a search that was cut short', () => {
    expect(kinds({}, { unnamed: 12, leftOut: true })).toEqual([['truncated', FROM, TO, 0], ['unnamed-records', FROM, TO, 12]]);
  });
});

test('what the site writes could be forged once it was taken over; what others write could not', () => {
  const sources = ['plugin', 'gateway', 'ingress', 'system'].map((provenance) => ({ provenance, stream: 's', events: 1 }));
  expect(sourceTrust({ ...NO_FACTS, sources }, 77).map(({ provenance, forgeableFromMs }) => [provenance, forgeableFromMs])).toEqual([['gateway', 77], ['ingress', undefined], ['plugin', 77], ['system', undefined]]);
  expect(sourceTrust({ ...NO_FACTS, sources }, undefined).every(({ forgeableFromMs }) => forgeableFromMs === undefined)).toBe(true);
});
