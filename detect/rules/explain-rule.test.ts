import { expect, test } from 'vitest';
import { explainRule, printRuleExplanation } from './explain-rule.ts';
import { ruleNamed } from './rule-named.ts';
import { rulesOfText, shippedSurroundings } from './rules-fixture.ts';

const rules = rulesOfText(`
title: A page of the shop
name: page
logsource: { category: webserver }
detection: { path: { cs-uri-stem|startswith: /shop/ }, condition: path }
---
title: Many pages
name: pages
correlation: { type: event_count, rules: [page], group-by: [source.ip, user.name], timespan: 1m, condition: { gte: 3 } }
`);
const surroundings = shippedSurroundings();

function explained(name: string, event: Readonly<Record<string, unknown>>): string {
  const rule = ruleNamed(rules, name);
  if (rule === undefined) throw new Error(`there is no rule ${name}`);
  return printRuleExplanation(explainRule(rules, rule, event, undefined, surroundings));
}

test('an explanation shows routing, the tree, and where a mapped field was found', () => {
  const text = explained('page', { event: { dataset: 'nginx.access', category: 'http' }, url: { path: '/cart/' } });
  expect(text).toMatch(/^✗ page: A page of the shop\n {2}✓ considered: the event serves category: webserver\n/);
  expect(text).toMatch(/✗ cs-uri-stem\|startswith: '\/shop\/' .*found "\/cart\/"/);
  expect(text).toContain('looked for cs-uri-stem also under url.path, url.original');
});

test('an explanation says why a rule is not considered', () => {
  expect(explained('page', { event: { dataset: 'wordpress.audit' } })).toContain('✗ not considered: the rule asks for category: webserver, the event serves category: application');
});

test('an explanation of a correlation shows the rules it counts and what the event is grouped by', () => {
  const text = explained('pages', { event: { dataset: 'nginx.access', category: 'http' }, url: { path: '/shop/' }, source: { ip: '203.0.113.1' } });
  expect(text).toMatch(/^✓ pages: Many pages\n {2}✓ page: /);
  expect(text).toContain('grouped by source.ip "203.0.113.1", user.name absent: not counted');
});

test('nothing of an event or a rule steers a terminal', () => {
  const text = explained('page', { event: { dataset: 'nginx.access', category: 'http' }, url: { path: '/\u001b[2J\u202e' } });
  expect([...text].filter((character) => character === '\u001b' || character === '\u202e')).toEqual([]);
});
