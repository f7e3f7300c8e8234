import { describe, expect, test } from 'vitest';
import { createRuleSet } from '../contracts/rule-set.ts';
import type { BlockOutcome, StageBlock, TableRows } from '../contracts/stage.ts';
import type { CorrelationFinding } from './correlation/finding.ts';
import { findingLine } from './correlation/finding.ts';
import { createEngine } from './engine.ts';
import { readRuleSources } from './rule-set/read-sources.ts';
import { createStage } from './stage.ts';
import { TEST_CACHE } from './scanner-fixture.ts';

const RULES = `
title: An order is read
id: order_read
level: high
tourniquet: { class: phi.order, suppress: { by: [user.name], quiet: 5m, back-off: 3, most: 2h } }
logsource: { product: wordpress }
detection: { read: { event.action: order-read }, condition: read }
---
title: An attack from outside
name: attacked
logsource: { category: webserver }
detection: { seen: { scan.class|startswith: attack. }, condition: seen }
---
title: Many orders
id: many_orders
level: critical
correlation: { type: event_count, rules: [order_read], group-by: [user.name], timespan: 10m, condition: { gte: 20 }, generate: true }
---
title: Many shops
id: many_shops
tourniquet: { scope: deployment }
correlation: { type: value_count, rules: [attacked], group-by: [source.ip], timespan: 10m, condition: { field: tourniquet.site, gte: 3 } }
`;

const engine = await createEngine(createRuleSet({ ...(await readRuleSources()), sigma: [{ file: 'rules.yml', text: RULES }] }), { cacheDirectory: TEST_CACHE });
const { version } = engine.ruleSet;
const stage = createStage(engine);
const RECEIVED = Date.UTC(2026, 10, 21);
const keys = { site: 'shop', epoch: 1, token: Buffer.alloc(32, 1), deadLetter: Buffer.alloc(32, 2) };
const OWN = { stream: 'correlation.0', provenance: 'system' } as const;

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

function attack(ip: string, time = '2026-11-20T23:00:00Z'): string {
  return JSON.stringify({ '@timestamp': time, event: { category: ['http'], dataset: 'apache.access' }, source: { ip }, http: { request: { method: 'GET' } }, url: { query: 'a=1+union+select+2' } });
}

function orderRead(user: string, time = '2026-11-20T23:00:00Z'): string {
  return JSON.stringify({ '@timestamp': time, event: { category: ['data_access'], action: 'order-read', dataset: 'wordpress.audit' }, user: { name: user }, scan: { class: ['attack.forged'] } });
}

describe('a Sigma rule that matches', () => {
  test('is a match of its own engine and, when its level says so, an alert that names its group', () => {
    const { outcome, rows } = staged(['{"a":1}', orderRead('anna')]);
    expect(outcome).toMatchObject({ stored: 2, alerts: 1 });
    const common = { site: 'shop', leaf: 51, received_at: '2026-11-21 00:00:00.000', timestamp: '2026-11-20 23:00:00.000', partition: 0, position: 9, rule: 'order_read', rule_version: version, level: 'high', class: 'phi.order', field: 'event.action' };
    expect(table(rows, 'matches')).toEqual([{ ...common, engine: 'sigma', view: '', spans: 1 }]);
    expect(table(rows, 'alerts')).toEqual([{
      ...common, id: expect.stringMatching(/^alert_[a-p]{32}$/), title: 'An order is read', source_ip: '', stream: 'access', epoch: 1, seq: 101,
      late: 0, group: expect.stringMatching(/^group_[a-p]{32}$/), quiet_s: 300, back_off: 3, quiet_most_s: 7_200,
    }]);
  });

  test('groups alerts by its own fields', () => {
    const groups = table(staged([orderRead('anna'), orderRead('bert'), orderRead('anna')]).rows, 'alerts').map((a) => a['group']);
    expect([groups[0] === groups[2], groups[0] === groups[1]]).toEqual([true, false]);
  });

  test('sees what signatures found, under fields no sender can write', () => {
    const { rows } = staged([attack('198.51.100.7'), orderRead('anna')]);
    const matches = table(rows, 'matches').map((m) => [m['leaf'], m['engine'], m['class'], m['rule']]);
    expect(matches).toContainEqual([50, 'pack', 'attack.sqli', 'tourniquet.attacks.sqli-union']);
    expect(matches.filter(([, by]) => by !== 'pack')).toEqual([[51, 'sigma', 'phi.order', 'order_read']]);
  });

  test('is told to the correlations that refer to it, never later than the receipt', () => {
    const { outcome } = staged([orderRead('anna', '2027-01-01T00:00:00Z'), attack('198.51.100.7')]);
    expect(outcome.observations).toEqual([
      { by: 'site', value: 'shop', fields: { 'user.name': 'anna' }, site: 'shop', leaf: 50, timestamp: RECEIVED, received_at: RECEIVED, rule: 'order_read' },
      { by: 'many_shops', value: expect.any(String), fields: { 'source.ip': '198.51.100.7' }, site: 'shop', leaf: 51, timestamp: Date.UTC(2026, 10, 20, 23), received_at: RECEIVED, rule: 'attacked' },
    ]);
  });

  test('sees the masked event, and so do correlations', () => {
    const { outcome, rows } = staged([orderRead('jane@clinic.example')]);
    expect(JSON.stringify([outcome.observations, ...rows.map((r) => r.data.toString())])).not.toContain('jane');
    expect(outcome.observations[0]?.fields['user.name']).toMatch(/^\u27e6pii\.email:/u);
  });
});

const MANY = engine.correlations.find((rule) => rule.id === 'many_orders');
if (MANY === undefined) throw new Error('the rules above hold it');
const FINDING: CorrelationFinding = {
  id: 'finding_a', rule: MANY, site: 'shop', group: { 'user.name': 'anna' }, timestamp: RECEIVED - 5_000, start: RECEIVED - 9_000, end: RECEIVED - 5_000,
  late: true, value: 20, events: 20, evidence: [{ site: 'shop', leaf: 7 }],
};

describe('a finding that comes back as an event', () => {
  test('raises its alert, with a match, and is stored as it came', () => {
    const line = findingLine(FINDING, version);
    const { outcome, rows } = staged(['{"event":{"kind":"event"}}', line], OWN);
    expect(outcome).toMatchObject({ stored: 2, alerts: 1, maskedSpans: 0, observations: [] });
    const common = {
      site: 'shop', leaf: 51, received_at: '2026-11-21 00:00:00.000', timestamp: '2026-11-20 23:59:55.000', partition: 0, position: 9,
      rule: 'many_orders', rule_version: version, level: 'critical', class: '', field: 'user.name',
    };
    expect(table(rows, 'matches')).toEqual([{ ...common, engine: 'correlation', view: '', spans: 1 }]);
    expect(table(rows, 'alerts')).toEqual([expect.objectContaining({ ...common, title: 'Many orders', late: 1, quiet_s: 600, stream: 'correlation.0', seq: 101 })]);
    expect(rows.find((r) => r.table === 'events')?.data.includes(line)).toBe(true);
  });

  test('has the alert id of its finding, wherever it is stored', () => {
    const idOf = (finding: CorrelationFinding, change: Partial<StageBlock> = {}): unknown => table(staged([findingLine(finding, '1')], { ...OWN, ...change }).rows, 'alerts')[0]?.['id'];
    expect(idOf(FINDING, { firstLeaf: 99, stream: 'correlation.1', epoch: 2 })).toBe(idOf(FINDING));
    expect(idOf({ ...FINDING, id: 'finding_b' })).not.toBe(idOf(FINDING));
    expect(idOf({ ...FINDING, id: '' }, { firstLeaf: 99 })).not.toBe(idOf({ ...FINDING, id: '' }));
  });

  test.each([['informational', 0], ['low', 0], ['medium', 0], ['high', 1], ['critical', 1]] as const)('of level %s raises %i', (level, alerts) => {
    const { outcome, rows } = staged([findingLine({ ...FINDING, rule: { ...MANY, level } }, '1')], OWN);
    expect(outcome.alerts).toBe(alerts);
    expect(table(rows, 'matches').map((m) => m['level'])).toEqual([level]);
  });

  test.each(['plugin', 'gateway', 'ingress'] as const)('raises nothing when it comes from a %s', (provenance) => {
    const { outcome, rows } = staged([findingLine(FINDING, '1')], { provenance });
    expect(outcome).toMatchObject({ stored: 1, alerts: 0 });
    expect(rows.map((r) => r.table)).toEqual(provenance === 'plugin' ? ['events', 'acts'] : ['events']);
  });

  test.each(['{"event":{"kind":"alert"}}', '{"event":{"kind":"state"},"rule":{"id":"r"}}', '{"event":"alert","rule":{"id":"r"}}', '{"event":{"kind":"alert"},"rule":{"id":7}}'])('is not %s', (line) => {
    expect(staged([line], OWN).rows.map((r) => r.table)).toEqual(['events', 'acts']);
  });

  test('is masked like any other before its alert is made', () => {
    const { rows } = staged([findingLine({ ...FINDING, rule: { ...MANY, title: 'jane@clinic.example' } }, '1')], OWN);
    expect(table(rows, 'alerts')[0]?.['title']).toMatch(/^\u27e6pii\.email:/u);
    for (const { data } of rows) expect(data.includes('jane')).toBe(false);
  });
});
