import { expect, it } from 'vitest';
import { readRules } from '../language/read-rules.ts';
import { loadMappings } from '../mappings/load-mappings.ts';
import { shippedMappings } from '../mappings/shipped-mappings.ts';
import type { EventObject } from '../event/field-value.ts';
import type { DetectionRule } from '../rule.ts';
import { explain } from './explain.ts';
import type { Explanation } from './explain.ts';
import { matches } from './matches.ts';
import { printExplanation } from './print-explanation.ts';

const RULE = `
title: Exports at night
logsource: { category: webserver }
detection:
  selection:
    cs-method: POST
    cs-uri-query|contains: [export, 'download']
  night:
    '@timestamp|hour': 3
  filter:
    cs-username: backup
  keywords: [csv]
  condition: selection and (night or keywords) and not filter
`;

const surroundings = { mappings: loadMappings(shippedMappings()).mappings, views: () => [] };

function rule(): DetectionRule {
  const [first] = readRules([{ file: 'rule.yml', text: RULE }], {}).rules.detections;
  if (first === undefined) throw new Error('the rule cannot be read');
  return first;
}

const EVENT: EventObject = { '@timestamp': '2026-11-21T10:11:12Z', http: { request: { method: 'POST' } }, url: { path: '/wp-admin/', query: 'export=all\u001b[2J' }, note: 'a.csv' };

function testsOf(explanation: Explanation): readonly Explanation[] {
  return explanation.node === 'match' ? [explanation] : explanation.of.flatMap((inner) => testsOf(inner));
}

it('an explanation has a node for each condition, with what was found', () => {
  const explanation = explain(rule(), EVENT, surroundings);
  expect(explanation.matched).toBe(true);
  expect(testsOf(explanation).map(({ matched, looked }) => [matched, looked?.field, looked?.found?.slice(0, 2), looked?.values])).toEqual([
    [true, 'cs-method', ['POST'], 1],
    [true, 'cs-uri-query', ['export=all\u001b[2J', '/wp-admin/?export=all\u001b[2J'], 2],
    [false, 'cs-uri-query', ['export=all\u001b[2J', '/wp-admin/?export=all\u001b[2J'], 2],
    [false, '@timestamp', ['2026-11-21T10:11:12Z'], 1],
    [true, undefined, expect.any(Array), 5],
    [false, 'cs-username', undefined, 0],
  ]);
});

it('an explanation agrees with the match for events that miss a part', () => {
  for (const key of [...Object.keys(EVENT), 'none']) {
    const event = Object.fromEntries(Object.entries(EVENT).filter(([name]) => name !== key));
    expect(explain(rule(), event, surroundings).matched).toBe(matches(rule(), event, surroundings));
  }
});

it('is printed a line a node, without control characters', () => {
  const printed = printExplanation(explain(rule(), EVENT, surroundings));
  expect(printed).not.toContain('\u001b');
  expect(printed).toContain('✓');
  expect(printed).toContain('✗');
  expect(printed).toContain('— found "POST"');
  expect(printed).toContain('— the event has no cs-username, user.name');
  expect(printed).toContain("— in any of the event's 5 values");
});

it('says once what several tests of a field found, and shows only the first of many that fail', () => {
  const many = RULE.replace("[export, 'download']", JSON.stringify(Array.from({ length: 40 }, (_, i) => `word${i}`)));
  const [first] = readRules([{ file: 'rule.yml', text: many }], {}).rules.detections;
  const printed = first === undefined ? '' : printExplanation(explain(first, EVENT, surroundings));
  expect(printed.match(/found "export/g)).toHaveLength(1);
  expect(printed.match(/contains: 'word/g)).toHaveLength(12);
  expect(printed).toContain('✗ 28 more');
});

it('cuts long texts and lists', () => {
  const long = explain(rule(), { 'cs-method': Array.from({ length: 9 }, () => 'x'.repeat(500)) }, surroundings);
  const [method] = testsOf(long);
  expect(method?.looked).toEqual({ field: 'cs-method', names: ['cs-method', 'http.request.method'], found: Array.from({ length: 5 }, () => `${'x'.repeat(120)}…`), values: 9 });
  expect(printExplanation(long)).toContain('and 4 more');
});
