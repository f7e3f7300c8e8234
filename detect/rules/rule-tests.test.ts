import { describe, expect, test } from 'vitest';
import { rulesOfText, shippedSurroundings, testsOfText } from './rules-fixture.ts';
import { runRuleTests, untestedRules } from './rule-tests.ts';

const RULES = `
title: Shop's page
name: page
logsource: { category: webserver }
detection:
  page: { url.path|startswith: /shop/ }
  condition: page
level: low
---
title: Many pages
name: pages
correlation:
  type: event_count
  rules: [page]
  group-by: [source.ip]
  timespan: 1m
  condition: { gte: 3 }
  generate: true
level: high
`;

const surroundings = shippedSurroundings();
const rules = rulesOfText(RULES);

function results(tests: string): readonly string[] {
  return runRuleTests(rules, testsOfText(tests), surroundings).map(({ passed, because }) => (passed ? 'passed' : because.trimEnd()));
}

const WEB = 'event.dataset: nginx.access, source.ip: 203.0.113.1';

describe('a test of a detection rule', () => {
  test('passes when the rule says what it expects', () => {
    expect(results(`- { title: a, rule: page, event: { ${WEB}, url.path: /shop/lamp }, matches: true }\n- { title: b, rule: page, event: { ${WEB}, url.path: /cart/ }, matches: false }`)).toEqual(['passed', 'passed']);
  });

  test('fails with the explanation of the event', () => {
    const [because] = results(`- { title: a, rule: page, events: [{ ${WEB}, url.path: /shop/ }, { ${WEB}, url.path: /cart/ }], matches: true }`);
    expect(because).toContain('event 1 does not match; the event serves category: webserver');
    expect(because).toMatch(/✗ .*url\.path\|startswith.*found "\/cart\/"/);
  });

  test('looks at log sources as production does', () => {
    const event = 'event.dataset: wordpress.audit, url.path: /shop/';
    expect(results(`- { title: a, rule: page, event: { ${event} }, matches: false }`)).toEqual(['passed']);
    expect(results(`- { title: a, rule: page, event: { ${event} }, matches: true }`)[0]).toContain('the rule asks for category: webserver, the event serves category: application, product: wordpress, service: audit');
    expect(results(`- { title: a, rule: page, logsource: any, event: { ${event} }, matches: true }`)).toEqual(['passed']);
    expect(results(`- { title: a, rule: page, logsource: { category: webserver }, event: { ${event} }, matches: true }`)).toEqual(['passed']);
    expect(results(`- { title: a, rule: page, logsource: { category: proxy }, event: { ${event} }, matches: true }`)[0]).toContain('the event serves category: proxy');
  });

  test('cannot say what fires', () => {
    expect(results(`- { title: a, rule: page, event: { ${WEB} }, fires: 0 }`)[0]).toContain('`fires` is for correlations');
  });
});

describe('a test of a correlation', () => {
  test('passes when it finds what is expected, where it is expected', () => {
    expect(results(`- { title: a, rule: pages, given: { ${WEB}, url.path: /shop/ }, events: [{ times: 3 }], fires: [{ at: 2, group: { source.ip: 203.0.113.1 } }] }`)).toEqual(['passed']);
    expect(results(`- { title: a, rule: pages, given: { ${WEB}, url.path: /shop/ }, events: [{ times: 3 }], fires: 1 }`)).toEqual(['passed']);
    expect(results(`- { title: a, rule: pages, given: { ${WEB}, url.path: /shop/ }, events: [{ times: 2 }], fires: 0 }`)).toEqual(['passed']);
    expect(results(`- { title: a, rule: pages, given: { ${WEB}, url.path: /shop/ }, events: [{ times: 3, every: 40s }], fires: 0 }`)).toEqual(['passed']);
  });

  test.each([
    ['too much', '{ times: 3 }', '0', 'expected 0 findings, found a finding at event 2, source.ip 203.0.113.1'],
    ['nothing', '{ times: 2 }', '[{ at: 2 }]', 'expected a finding at event 2, found nothing'],
    ['another event', '{ times: 3 }', '[{ at: 1 }]', 'expected a finding at event 1, found a finding at event 2'],
    ['another group', '{ times: 3 }', '[{ group: { source.ip: 203.0.113.2 } }]', 'expected a finding, source.ip 203.0.113.2, found a finding at event 2'],
  ])('fails for %s, and says what matched', (_what, events, fires, because) => {
    const [said] = results(`- { title: a, rule: pages, given: { ${WEB}, url.path: /shop/ }, events: [${events}], fires: ${fires} }`);
    expect(said).toContain(because);
    expect(said).toContain('page matched events 0, 1');
  });

  test('cannot say what matches', () => {
    expect(results(`- { title: a, rule: pages, event: { ${WEB} }, matches: false }`)[0]).toContain('a correlation has no `matches`');
  });
});

describe('a test', () => {
  test('names its rule by id, name or title, and hears of a near one', () => {
    expect(results(`- { title: a, rule: "Shop's page", event: { ${WEB} }, matches: false }`)).toEqual(['passed']);
    expect(results(`- { title: a, rule: pagse, event: { ${WEB} }, matches: false }`)[0]).toBe('there is no rule `pagse`: did you mean `page`?');
    expect(results(`- { title: a, event: { ${WEB} }, matches: false }`)[0]).toBe('the file beside it has 2 rules: say which by `rule:`');
  });
});

test('rules lack what no test shows', () => {
  const run = runRuleTests(rules, testsOfText(`- { title: a, rule: page, event: { ${WEB}, url.path: /shop/ }, matches: true }`), surroundings);
  expect(untestedRules(rules, run).map(({ rule, lacks }) => [rule.name, lacks])).toEqual([['page', ['negative']], ['pages', ['positive', 'negative']]]);
});
