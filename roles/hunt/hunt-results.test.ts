import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { StoredFinding } from '../../storage/query/stored-matches.ts';
import type { Correlator, HuntFinding } from './correlator.ts';
import { isDone, readPart, readPlan, writePart, writePlan } from './hunt-directory.ts';
import type { HuntRecord } from './hunt-directory.ts';
import { countsTable, createCounts, jsonLine, textLine } from './hunt-output.ts';
import type { HuntPlan } from './hunt-plan.ts';
import { huntResults } from './hunt-results.ts';
import type { Told } from './hunt-results.ts';

const PLAN: HuntPlan = { format: 1, rules: 'v', asked: { from: '1h', to: 'now', site: '' }, startedAtMs: 9_000, times: { fromMs: 1_000, toMs: 5_000 }, correlates: true, tasks: [[{ site: 'a', first: 0, last: 4 }], [{ site: 'a', first: 5, last: 9 }, { site: 'b', first: 0, last: 1 }]] };
const MATCH = { site: 'a', leaf: 1, timestampMs: 1_500, rule: 'rule-1', level: 'high', class: 'attack.sqli', field: 'message', view: '' } as const;
const STORED: StoredFinding = { ...MATCH, ruleVersion: 'old', id: '' };

let directory: string;
beforeEach(() => {
  directory = mkdtempSync(path.join(os.tmpdir(), 'tq-hunt-results-'));
});
afterEach(() => rmSync(directory, { recursive: true, force: true }));

function observed(site: string, leaf: number, timestamp: number, change: Partial<Observation> = {}): HuntRecord {
  return { kind: 'observation', observation: { by: BY_SITE, value: site, site, leaf, timestamp, received_at: timestamp + 10, rule: 'base', fields: {}, ...change } };
}

/** Says every second observation it sees, and at the end what it saw; so it shows what it was told, and in which order. */
function toyCorrelator(): Correlator {
  let seen: Observation[] = [];
  let lastMs = 0;
  const say = (site: string, timestampMs: number, prefix: string): HuntFinding => {
    const events = seen.map(({ site: of, leaf }) => ({ site: of, leaf }));
    seen = [];
    return { id: `${prefix}${events.map((e) => `${e.site}${e.leaf}`).join('+')}`, site, timestampMs, rule: 'toy', level: 'high', class: '', late: false, events };
  };
  return {
    observe(observation) {
      expect(observation.received_at).toBe(lastMs);
      seen.push(observation);
      return seen.length === 2 ? [say(observation.by === BY_SITE ? observation.site : '_system', observation.timestamp, '')] : [];
    },
    advance(ms) {
      expect(ms).toBeGreaterThanOrEqual(lastMs);
      lastMs = ms;
      return ms === PLAN.startedAtMs && seen.length > 0 ? [say('left', 4_999, 'end:')] : [];
    },
  };
}

function results(parts: readonly (readonly HuntRecord[])[], onRecord: readonly StoredFinding[] = [], change: Partial<HuntPlan> = {}): readonly string[] {
  const plan = { ...PLAN, ...change };
  for (const [task, records] of parts.entries()) writePart(directory, task, records);
  return Array.from(huntResults({ directory, plan, correlator: toyCorrelator, onRecord }), (r) => {
    if (r.kind === 'judged') return `judged ${r.events}`;
    return r.kind === 'match' ? `${r.record} ${r.match.site}${r.match.leaf}` : `${r.record} ${r.finding.id}`;
  });
}

describe('the result of a hunt', () => {
  test('is what the parts hold, in their order', () => {
    const parts: readonly (readonly HuntRecord[])[] = [
      [{ kind: 'judged', events: 5 }, { kind: 'match', match: MATCH, onRecord: 'v1' }, { kind: 'match', match: { ...MATCH, leaf: 2 }, onRecord: null }],
      [{ kind: 'judged', events: 7 }, { kind: 'extra', match: { ...STORED, site: 'b', leaf: 0 } }],
    ];
    expect(results(parts)).toEqual(['judged 5', 'same a1', 'missing a2', 'judged 7', 'extra b0']);
  });

  test('correlates each site for itself, over the ends of tasks, and closes windows at its end', () => {
    expect(results([[observed('a', 0, 1_100), observed('a', 1, 1_200), observed('a', 4, 1_300)], [observed('a', 6, 1_400), observed('a', 7, 1_500), observed('b', 0, 1_150)]]))
      .toEqual(['missing a0+a1', 'missing a4+a6', 'missing end:a7', 'missing end:b0']);
  });

  test('correlates across sites in the order of receipt, at the end', () => {
    const shared = { by: 'many', value: '198.51.100.7' };
    const parts = [[observed('a', 0, 1_100, shared), observed('a', 1, 1_300, shared)], [observed('b', 0, 1_200, shared), observed('b', 1, 1_250), observed('b', 1, 1_250, shared)]];
    expect(results(parts)).toEqual(['missing end:b1', 'missing a0+b0', 'missing b1+a1']);
    expect(results(parts, [], { asked: { ...PLAN.asked, site: 'a' } })).toEqual(['missing end:b1']);
  });

  test('tells findings of its times only, and what is on record only', () => {
    const parts = [[observed('a', 0, 800), observed('a', 1, 999), observed('a', 2, 1_000), observed('a', 3, 1_000)], [observed('a', 5, 4_000), observed('a', 6, 5_000)]];
    expect(results(parts, [{ ...STORED, id: 'a2+a3' }, { ...STORED, id: 'gone' }])).toEqual(['same a2+a3', 'extra gone']);
  });
});

test('parts and plans come back as they were written, also with line separators of other alphabets', () => {
  const records: readonly HuntRecord[] = [{ kind: 'match', match: { ...MATCH, field: 'a\u2028b\u2029\n\u{1f600}"' }, onRecord: null }, observed('a', 0, 1, { fields: { x: ['\r\n', 1, null] } })];
  expect(isDone(directory, 3)).toBe(false);
  writePart(directory, 3, records);
  expect([isDone(directory, 3), readPart(directory, 3)]).toEqual([true, records]);
  expect(readPlan(directory)).toBeUndefined();
  writePlan(directory, PLAN);
  expect(readPlan(directory)).toEqual(PLAN);
});

describe('output', () => {
  const finding: HuntFinding = { id: 'finding_a', site: 'a', timestampMs: 0, rule: 'rule-2', level: 'medium', class: '', late: true, events: [{ site: 'a', leaf: 3 }, { site: 'a', leaf: 4 }] };
  const told: readonly Told[] = [
    { kind: 'match', record: 'missing', match: MATCH },
    { kind: 'match', record: 'extra', ruleVersion: 'old', match: STORED },
    { kind: 'finding', record: 'same', ruleVersion: 'v1', finding },
    { kind: 'finding', record: 'missing', finding: { ...finding, site: '_system', events: [{ site: 'a', leaf: 3 }, { site: 'b', leaf: 0 }] } },
    { kind: 'finding', record: 'extra', ruleVersion: 'old', finding: { ...STORED, id: 'finding_b' } },
  ];

  test('as JSON names site and leaves, rule, and how it stands to the record', () => {
    const match = { site: 'a', leaf: 1, '@timestamp': '1970-01-01T00:00:01.500Z', rule: 'rule-1', level: 'high', class: 'attack.sqli', field: 'message', view: '' };
    const found = { '@timestamp': '1970-01-01T00:00:00.000Z', rule: 'rule-2', level: 'medium', class: '', id: 'finding_a', late: true };
    const { leaf: _leaf, field: _field, view: _view, ...onRecord } = match;
    expect(told.map((t): unknown => JSON.parse(jsonLine(t)))).toEqual([
      { ...match, record: 'missing' },
      { ...match, record: 'extra', rule_version: 'old' },
      { site: 'a', leaves: [3, 4], ...found, record: 'same', rule_version: 'v1' },
      { site: '_system', events: [{ site: 'a', leaf: 3 }, { site: 'b', leaf: 0 }], ...found, record: 'missing' },
      { ...onRecord, id: 'finding_b', record: 'extra', rule_version: 'old' },
    ]);
    expect(JSON.parse(jsonLine({ kind: 'match', record: 'same', ruleVersion: 'v1', match: MATCH }, true))).toMatchObject({ rule_version: 'v1', rule_changed: true });
  });

  test('for people says what is not on record, and what only is', () => {
    expect(told.map((t) => textLine(t).slice(26))).toEqual([
      'high           a/1  rule-1  (not on record)', 'high           a/1  rule-1  (only on record)', 'medium         a: 2 events  rule-2', 'medium         _system: 2 events  rule-2  (not on record)', 'high           a  rule-1  (only on record)',
    ]);
    const counts = createCounts();
    for (const t of told) counts.add(t, t.record === 'extra');
    expect(counts.all()).toEqual([{ rule: 'rule-1', same: 0, missing: 1, extra: 2, changed: 2 }, { rule: 'rule-2', same: 1, missing: 1, extra: 0, changed: 0 }]);
    expect(countsTable(counts.all(), 12)).toBe([
      'RULE      FOUND  MISSING    EXTRA  CHANGED', 'rule-1        1        1        2        2', 'rule-2        2        1        0        0',
      '3 found in 12 events. MISSING: not on record; EXTRA: on record, and not found now; CHANGED: on record, of the rule with another content.\n',
    ].join('\n'));
  });
});
