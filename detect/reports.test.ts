import { describe, expect, test } from 'vitest';
import type { BlockOutcome, StageBlock, TableRows } from '../contracts/stage.ts';
import type { CorrelationRule, Finding } from './correlation/finding.ts';
import { findingLine } from './correlation/finding.ts';
import { loadPack } from './pack/load.ts';
import { createStage } from './stage.ts';

const stage = await createStage({ pack: await loadPack() });
const RECEIVED = Date.UTC(2026, 10, 21);
const keys = { site: 'shop', epoch: 1, token: Buffer.alloc(32, 1), deadLetter: Buffer.alloc(32, 2) };
const OWN = { site: '_system', stream: 'correlation.0', provenance: 'system' } as const;

function staged(lines: readonly string[], change: Partial<StageBlock> = {}): { readonly outcome: BlockOutcome; readonly rows: readonly TableRows[] } {
  const group = stage.begin();
  const outcome = group.add({
    site: 'shop', stream: 'access', epoch: 1, firstSeq: 100, skipLines: 0, receivedAtMs: RECEIVED, provenance: 'gateway', partition: 0, position: 9,
    firstLeaf: 50, body: Buffer.from(lines.map((l) => `${l}\n`).join('')), nonces: false, rejects: new Map(), keys, ...change,
  });
  return { outcome, rows: group.finish() };
}

function table(rows: readonly TableRows[], name: string): readonly Readonly<Record<string, unknown>>[] {
  return rows.filter((r) => r.table === name).flatMap((r) => r.data.toString().trimEnd().split('\n').map((line) => JSON.parse(line)));
}

function attack(ip: unknown, time = '2026-11-20T23:00:00Z'): string {
  return JSON.stringify({ '@timestamp': time, source: { ip }, url: { query: 'a=1+union+select+2' } });
}

describe('observations', () => {
  test('tell each match of a line with a source address, by what is stored', () => {
    const { outcome, rows } = staged(['{"a":1}', attack('198.51.100.7'), '{"source":{"ip":"2001:db8::1"},"message":"mail to jane@clinic.example"}']);
    const timestamp = Date.UTC(2026, 10, 20, 23);
    expect(outcome.observations).toEqual([
      { by: 'source.ip', value: '198.51.100.7', site: 'shop', leaf: 51, timestamp, received_at: RECEIVED, rule: 'tourniquet.attacks.sqli-union', level: 'high', class: 'attack.sqli' },
      { by: 'source.ip', value: '2001:db8::1', site: 'shop', leaf: 52, timestamp: RECEIVED, received_at: RECEIVED, rule: 'tourniquet.identity.email', level: 'informational', class: 'pii.email' },
    ]);
    expect(outcome.observations.map((o) => [o.leaf, o.rule])).toEqual(table(rows, 'matches').map((m) => [m['leaf'], m['rule']]));
  });

  test('are never later than the receipt', () => {
    expect(staged([attack('198.51.100.7', '2027-01-01T00:00:00Z')]).outcome.observations[0]?.timestamp).toBe(RECEIVED);
  });

  test.each([['no address', undefined], ['a name', 'localhost'], ['a dash', '-'], ['personal data', 'jane@clinic.example'], ['a very long text', '1'.repeat(10_000)]])('are not made of %s', (_name, ip) => {
    const { outcome, rows } = staged([attack(ip)]);
    expect(table(rows, 'matches').length).toBeGreaterThan(0);
    expect(outcome.observations).toEqual([]);
  });

  test('are not made of our own events: a finding must not find itself', () => {
    expect(staged([attack('198.51.100.7')], OWN).outcome).toMatchObject({ alerts: 1, observations: [] });
  });
});

const RULE: CorrelationRule = { id: 'tourniquet.correlation.test', title: 'A test', level: 'high', class: 'attack.test' };
const FINDING: Finding = { id: 'finding_a', rule: RULE, by: 'source.ip', value: '198.51.100.7', timestamp: RECEIVED - 5_000, start: RECEIVED - 9_000, end: RECEIVED - 5_000, sites: ['a', 'b'] };

describe('an event of the _system site that is an alert', () => {
  test('raises it, with a match and its class, and is stored as it came', () => {
    const line = findingLine(FINDING, '1/3/600');
    const { outcome, rows } = staged(['{"event":{"kind":"event"}}', line], OWN);
    expect(outcome).toMatchObject({ stored: 2, alerts: 1, maskedSpans: 0 });
    const common = {
      site: '_system', leaf: 51, received_at: '2026-11-21 00:00:00.000', timestamp: '2026-11-20 23:59:55.000', partition: 0, position: 9,
      rule: 'tourniquet.correlation.test', rule_version: '1/3/600', level: 'high', class: 'attack.test', field: 'source.ip',
    };
    expect(table(rows, 'matches')).toEqual([{ ...common, spans: 1 }]);
    expect(table(rows, 'alerts')).toEqual([{ ...common, id: expect.stringMatching(/^alert_[a-p]{32}$/), title: 'A test', source_ip: '198.51.100.7', stream: 'correlation.0', epoch: 1, seq: 101 }]);
    const events = rows.find((r) => r.table === 'events')?.data;
    expect(events?.includes(line)).toBe(true);
    expect(events?.includes('attack.test')).toBe(true);
  });

  test('has the alert id of its finding, wherever it is stored', () => {
    const idOf = (finding: Finding, change: Partial<StageBlock> = {}): unknown => table(staged([findingLine(finding, '1')], { ...OWN, ...change }).rows, 'alerts')[0]?.['id'];
    expect(idOf(FINDING, { firstLeaf: 99, stream: 'correlation.1', epoch: 2 })).toBe(idOf(FINDING));
    expect(idOf({ ...FINDING, id: 'finding_b' })).not.toBe(idOf(FINDING));
    expect(idOf({ ...FINDING, id: '' }, { firstLeaf: 99 })).not.toBe(idOf({ ...FINDING, id: '' }));
  });

  test.each([['informational', 0], ['low', 0], ['medium', 0], ['high', 1], ['critical', 1]] as const)('of level %s raises %i', (level, alerts) => {
    const { outcome, rows } = staged([findingLine({ ...FINDING, rule: { ...RULE, level } }, '1')], OWN);
    expect(outcome.alerts).toBe(alerts);
    expect(table(rows, 'matches').map((m) => m['level'])).toEqual([level]);
  });

  test.each<[string, Partial<StageBlock>]>([
    ['a shop', { provenance: 'system' }],
    ['a plugin', { site: '_system', provenance: 'plugin' }],
    ['a plain source', { site: '_system', provenance: 'gateway' }],
    ['the ingress topic', { site: '_system', provenance: 'ingress' }],
  ])('raises nothing when it comes from %s', (_name, change) => {
    const { outcome, rows } = staged([findingLine(FINDING, '1')], change);
    expect(outcome).toMatchObject({ stored: 1, alerts: 0 });
    expect(rows.map((r) => r.table)).toEqual(['events']);
  });

  test.each(['{"event":{"kind":"alert"}}', '{"event":{"kind":"state"},"rule":{"id":"r"}}', '{"event":"alert","rule":{"id":"r"}}', '{"event":{"kind":"alert"},"rule":{"id":7}}'])('is not %s', (line) => {
    expect(staged([line], OWN).rows.map((r) => r.table)).toEqual(['events']);
  });

  test('is masked like any other before its alert is made', () => {
    const { rows } = staged([findingLine({ ...FINDING, rule: { ...RULE, title: 'jane@clinic.example' } }, '1')], OWN);
    expect(table(rows, 'alerts')[0]?.['title']).toMatch(/^\u27e6pii\.email:/u);
    for (const { data } of rows) expect(data.includes('jane')).toBe(false);
  });
});
