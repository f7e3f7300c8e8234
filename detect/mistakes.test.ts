import { describe, expect, test } from 'vitest';
import { sigmaScan } from './engine-fixture.ts';
import type { ScanResult } from './scan.ts';

type Fields = Readonly<Record<string, unknown>>;

const START_MS = Date.parse('2026-11-20T10:00:00Z');

/** A rule for events of one action. */
function base(name: string, more: Fields = {}): Fields {
  return { title: `Act ${name}`, name, logsource: { product: 'wordpress', service: 'audit' }, detection: { act: { 'event.action': name }, condition: 'act' }, ...more };
}

function correlation(name: string, said: Fields, more: Fields = {}): Fields {
  return { title: `All ${name}`, name, correlation: { 'group-by': ['user.name'], timespan: '10m', ...said }, ...more };
}

/** An audit event of one user, so many seconds after the start. */
function act(action: string, seconds: number, more: Fields = {}): Fields {
  return { '@timestamp': new Date(START_MS + Math.round(seconds * 1_000)).toISOString(), event: { dataset: 'wordpress.audit', action }, user: { name: 'ann' }, ...more };
}

async function scanned(documents: readonly Fields[], events: readonly Fields[]): Promise<readonly ScanResult[]> {
  return (await sigmaScan(documents)).results(events);
}

/** Rule and lines of each correlation. */
function fired(results: readonly ScanResult[]): readonly (readonly [string, readonly number[]])[] {
  return results.filter((result) => result.kind === 'correlation').map(({ rule, lines }) => [rule, lines]);
}

/** Exports of these sizes by one user. */
function withSizes(user: string, sizes: readonly number[]): readonly Fields[] {
  return sizes.map((bytes, i) => act('export', i, { user: { name: user }, http: { response: { bytes } } }));
}

describe('mistakes seen in other engines, which this one does not make', () => {
  test('value_percentile checks its threshold', async () => {
    const large = correlation('large', { type: 'value_percentile', rules: ['export'], condition: { field: 'http.response.bytes', percentile: 50, gte: 100 } });
    const results = await scanned([base('export'), large], [...withSizes('small', [1, 2, 300]), ...withSizes('large', [1, 200, 300])]);
    expect(results.map((r) => (r.kind === 'correlation' ? r.group : r))).toEqual([{ 'user.name': 'large' }]);
  });

  test('temporal without a condition wants all of its rules', async () => {
    const both = correlation('both', { type: 'temporal', rules: ['first', 'second'] });
    expect(fired(await scanned([base('first'), base('second'), both], [act('first', 0), act('first', 1)]))).toEqual([]);
    expect(fired(await scanned([base('first'), base('second'), both], [act('first', 0), act('second', 1)]))).toEqual([['both', [0, 1]]]);
  });

  test('correlations find rules by name that have an id too', async () => {
    const [id, id2] = ['6ad9a3ff-9c6b-4a66-8a5a-1d4e5f4c2b10', '6ad9a3ff-9c6b-4a66-8a5a-1d4e5f4c2b11'];
    const twice = correlation('twice', { type: 'event_count', rules: ['failed'], condition: { gte: 2 } }, { id: id2 });
    expect(fired(await scanned([base('failed', { id }), twice], [act('failed', 0), act('failed', 1)]))).toEqual([[id2, [0, 1]]]);
  });

  test('chained correlations are told', async () => {
    const failures = correlation('failures', { type: 'event_count', rules: ['failed'], condition: { gte: 2 } });
    const takeover = correlation('takeover', { type: 'temporal_ordered', rules: ['failures', 'login'] });
    expect(fired(await scanned([base('failed'), base('login'), failures, takeover], [act('failed', 0), act('failed', 1), act('login', 2)]))).toEqual([['takeover', [1, 2]]]);
  });

  test('rules in order within one second have to be in order', async () => {
    const rules = [base('first'), base('second'), correlation('ordered', { type: 'temporal_ordered', rules: ['first', 'second'] })];
    expect(fired(await scanned(rules, [act('first', 0.1), act('second', 0.9)]))).toEqual([['ordered', [0, 1]]]);
    expect(fired(await scanned(rules, [act('second', 0.1), act('first', 0.9)]))).toEqual([]);
  });

  test('10.9 seconds are not 10', async () => {
    const rules = [base('failed'), correlation('twice', { type: 'event_count', rules: ['failed'], timespan: '10s', condition: { gte: 2 } })];
    expect(fired(await scanned(rules, [act('failed', 0), act('failed', 10.9)]))).toEqual([]);
    expect(fired(await scanned(rules, [act('failed', 0), act('failed', 9.9)]))).toEqual([['twice', [0, 1]]]);
  });

  test('what late events complete is marked, and they change no window that was judged', async () => {
    const twice = correlation('twice', { type: 'event_count', rules: ['failed'], condition: { gte: 2 } });
    const once = correlation('once', { type: 'event_count', rules: ['failed'], condition: { eq: 1 } });
    const clock = correlation('clock', { type: 'event_count', rules: ['later'], condition: { gte: 1 } });
    const results = await scanned([base('failed'), base('later'), twice, once, clock], [act('failed', 0), act('later', 3_600), act('failed', 1)]);
    expect(results.map((r) => (r.kind === 'correlation' ? [r.rule, r.lines, r.late] : r))).toEqual([['once', [0], false], ['clock', [1], false], ['twice', [0, 2], true]]);
  });

  test('a regular expression that looks around is a rule like others', async () => {
    const looking = base('looking', { detection: { act: { 'event.action|re': '^(?!plugin-).+(?<=-)deleted$' }, condition: 'act' } });
    const results = await scanned([looking, base('order-deleted')], [act('order-deleted', 0), act('plugin-deleted', 1)]);
    expect(results.map((r) => r.rule)).toEqual(['looking', 'order-deleted']);
  });

  test('a rule that only says "not" is silent on events of another product, known or not', async () => {
    const windows = { title: 'Windows', name: 'windows', logsource: { product: 'windows', category: 'process_creation' }, detection: { usual: { Image: 'explorer.exe' }, condition: 'not usual' } };
    const web = { event: { category: ['web'] }, url: { path: '/' }, http: { request: { method: 'GET' } } };
    expect(await scanned([windows], [web, { anything: 1 }])).toEqual([]);
    // The rule itself is fine.
    expect((await sigmaScan([windows], { served: 'any' })).results([web])).toHaveLength(1);
  });

  test('each of many rules is considered for each event, and matches its own', async () => {
    const names = Array.from({ length: 5_000 }, (_, i) => `act-${i}-done`);
    const { engine, results } = await sigmaScan(names.map((name) => base(name)));
    expect(results(names.map((name, i) => act(name, i))).map((r) => (r.kind === 'match' ? [r.line, r.rule] : r))).toEqual(names.map((name, i) => [i, name]));
    expect(engine.counts()).toMatchObject({ events: names.length, considered: names.length * names.length });
  });

  test('what goes on past a threshold is told once', async () => {
    const many = correlation('many', { type: 'event_count', rules: ['failed'], timespan: '1h', condition: { gte: 3 } });
    expect(fired(await scanned([base('failed'), many], Array.from({ length: 1_000 }, (_, i) => act('failed', i))))).toEqual([['many', [0, 1, 2]]]);
  });

  // Of an engine that looks through its window at each event, this is five thousand million steps: the test would not end in its time.
  test('value_count counts 100,000 distinct values', async () => {
    const count = 100_000;
    const distinct = correlation('distinct', { type: 'value_count', rules: ['viewed'], timespan: '1h', condition: { field: 'order', gte: count } });
    const events = Array.from({ length: count }, (_, i) => act('viewed', i / 100, { order: `order ${i}` }));
    expect((await scanned([base('viewed'), distinct], events)).map((r) => (r.kind === 'correlation' ? [r.rule, r.value, r.lines.at(-1)] : r))).toEqual([['distinct', count, count - 1]]);
  });
});
