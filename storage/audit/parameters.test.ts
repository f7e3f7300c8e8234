import { describe, expect, test } from 'vitest';
import { parseAuditQuery } from './audit-query.ts';
import type { AuditQuery } from './audit-query.ts';
import { formatCursor, parseCursor } from './cursor.ts';
import { digestOf, ParameterError, readParameters, timeMs } from './parameters.ts';

const NOW = Date.UTC(2026, 10, 21, 12);
const SITES = ['_deployment', '_system', 'clinic', 'shop'];
const TOKEN = 'abcdefghijklmnopabcdefgh';
const QUERY: AuditQuery = parseAuditQuery('q', `-- title: T
-- question: Q?
-- control: SOC 2 CC7.2
-- param subject subjects: the person
-- param sites sites = *: where
-- param from time = 30d: since when
-- param to time = now: until when
-- param actor text = "": who
-- param least number = 5: how many
-- order: at time, site text, leaf number
SELECT 1 WHERE {subject:Array(String)} = {sites:Array(String)} AND {from:DateTime64(3, 'UTC')} < {to:DateTime64(3, 'UTC')} AND '' = {actor:String} AND {least:UInt64}`);

function read(given: Readonly<Record<string, unknown>>): unknown {
  try {
    return readParameters(QUERY, given, { sites: SITES, asOfMs: NOW });
  } catch (error) {
    if (error instanceof ParameterError) return error.message;
    throw error;
  }
}

test('defaults stand for what is not given, and times become absolute', () => {
  expect(read({ subject: TOKEN })).toEqual({ subject: [TOKEN], sites: '*', from: '2026-10-22T12:00:00.000Z', to: '2026-11-21T12:00:00.000Z', actor: '', least: 5 });
});

test('lists come as one text or as a list, each value once, in order', () => {
  expect(read({ subject: [TOKEN, TOKEN], sites: 'shop, clinic,shop', least: '9', actor: "o'hara" })).toMatchObject({ subject: [TOKEN], sites: ['clinic', 'shop'], least: 9, actor: "o'hara" });
});

describe('what is wrong is said without what was given', () => {
  test.each([
    [{}, 'subject is missing: the person'],
    [{ subject: 'jane@example.com' }, 'subject takes tokens'],
    [{ subject: [TOKEN, 7] }, 'subject takes tokens'],
    [{ subject: [] }, 'subject takes tokens'],
    [{ subject: TOKEN, sites: 'shop,nowhere' }, 'sites names what is no site: nowhere'],
    [{ subject: TOKEN, sites: 'jane@example.com' }, 'sites names what is no site'],
    [{ subject: TOKEN, sites: '' }, 'sites takes names of sites'],
    [{ subject: TOKEN, from: 'yesterday' }, 'from takes a time'],
    [{ subject: TOKEN, from: '2026-13-01' }, 'from takes a time'],
    [{ subject: TOKEN, from: 7 }, 'from takes a time'],
    [{ subject: TOKEN, from: '2026-11-20', to: '2026-11-19' }, 'from must be before to'],
    [{ subject: TOKEN, from: 'now' }, 'from must be before to'],
    [{ subject: TOKEN, least: -1 }, 'least takes a whole number'],
    [{ subject: TOKEN, least: '1e3' }, 'least takes a whole number'],
    [{ subject: TOKEN, actor: 'x'.repeat(1_001) }, 'actor takes a text'],
    [{ subject: TOKEN, actor: { toString: 'x' } }, 'actor takes a text'],
    [{ subject: TOKEN, nobody: 'x' }, 'there is no parameter nobody'],
    [{ subject: TOKEN, 'jane@example.com': 'x' }, 'there is no parameter of a name that was given'],
    [JSON.parse(`{"subject":"${TOKEN}","__proto__":{"actor":"x"}}`), 'there is no parameter __proto__'],
  ])('%j', (given: Readonly<Record<string, unknown>>, problem) => {
    expect(read(given)).toContain(problem);
    expect(read(given)).not.toContain('jane');
  });

  test('all of it at once', () => {
    expect(read({ least: 'x', from: 'y' })).toMatch(/^subject is missing.*; from takes .*; least takes /);
  });
});

test.each([
  ['now', NOW], ['90s', NOW - 90_000], ['15m', NOW - 900_000], ['2h', NOW - 7_200_000], ['1d', NOW - 86_400_000], ['2w', NOW - 14 * 86_400_000], ['999999w', 0],
  ['2026-11-20', Date.UTC(2026, 10, 20)], ['2026-11-20T10:00:00+02:00', Date.UTC(2026, 10, 20, 8)], ['2026-11-20T10:00Z', Date.UTC(2026, 10, 20, 10)],
  ['2026-11-20T10:00:00', undefined], ['20.11.2026', undefined], ['', undefined], ['9999-01-01', undefined], ['1d1h', undefined],
])('the time %s', (text, ms) => {
  expect(timeMs(text, NOW)).toBe(ms);
});

describe('a cursor', () => {
  const cursor = { asOfMs: NOW, digest: digestOf({ a: 1 }), sealed: 'f00d', values: ['2026-11-20T10:00:00.000Z', "shop'", 7] };

  test('is read back as it was', () => {
    expect(parseCursor(QUERY, formatCursor(QUERY, cursor))).toEqual(cursor);
  });

  test.each([
    ['of another query', formatCursor({ ...QUERY, hash: 'f'.repeat(64) }, cursor)],
    ['with too few values', formatCursor(QUERY, { ...cursor, values: cursor.values.slice(1) })],
    ['with a time that is none', formatCursor(QUERY, { ...cursor, values: ["1') OR 1", 'shop', 7] })],
    ['with a number that is none', formatCursor(QUERY, { ...cursor, values: [cursor.values[0] ?? '', 'shop', '7'] })],
    ['of no time', formatCursor(QUERY, { ...cursor, asOfMs: -1 })],
    ['that is no JSON', 'e30x'], ['that is no list', Buffer.from('{}').toString('base64url')], ['that is empty', ''], ['that is huge', 'A'.repeat(100_000)],
  ])('%s is refused', (_what, text) => {
    expect(() => parseCursor(QUERY, text)).toThrow('the cursor is not of a page of this query');
  });
});
