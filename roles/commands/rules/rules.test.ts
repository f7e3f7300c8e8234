import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from 'vitest';
import { coverage } from './coverage.ts';
import { explain } from './explain.ts';
import { lint } from './lint.ts';
import { list } from './list.ts';
import { profile } from './profile.ts';
import { test as testRules } from './test.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'tourniquet-rules-'));
const home = process.env['TOURNIQUET_HOME'];

const RULE = `title: Login page
id: 3a8a8a44-2f0c-4a4e-9a53-1d7bb0f6a001
name: login_page
description: D
tags: [tourniquet.identity]
logsource: { category: webserver }
detection: { a: { url.path: /wp-login.php }, condition: a }
falsepositives: [None known]
level: low
`;
const TESTS = '- { title: it is, event: { event.category: http, url.path: /wp-login.php }, matches: true }\n- { title: it is not, event: { event.category: http, url.path: /shop/ }, matches: false }\n';

function file(name: string, text: string): string {
  const at = path.join(folder, name);
  writeFileSync(at, text);
  return at;
}

let out = '';
let said = '';

beforeAll(() => {
  process.env['TOURNIQUET_HOME'] = folder;
});
beforeEach(() => {
  out = '';
  said = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => ((said += String(text)), true));
});
afterEach(() => {
  vi.restoreAllMocks();
});
afterAll(() => {
  if (home === undefined) delete process.env['TOURNIQUET_HOME'];
  else process.env['TOURNIQUET_HOME'] = home;
  rmSync(folder, { recursive: true });
});

describe('rules lint', () => {
  test('passes a whole rule with its tests', async () => {
    file('whole.test.yml', TESTS);
    expect(await lint([file('whole.yml', RULE)], {})).toBe(0);
    expect(out).toBe('1 rule and 0 signatures load; 0 warnings.\n');
  });

  test('shows a problem with its excerpt', async () => {
    expect(await lint([file('wrong.yml', RULE.replace('condition: a', 'condition: b'))], {})).toBe(1);
    expect(out).toMatch(/wrong\.yml:7:\d+: .*\n {2}7 \| detection:.*\n.*\^/);
    expect(out).toContain('1 problem: none of these rules can be loaded.');
  });

  test('warns of missing tests, which is no failure', async () => {
    expect(await lint([file('untested.yml', RULE)], { json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ problems: [], warnings: [{ message: 'the rule has no positive and no negative test' }], rules: 1 });
  });

  test('reads packs, and says what is wrong with them', async () => {
    expect(await lint([file('pack.yaml', '- id: tourniquet.x.y\n  title: T\n')], {})).toBe(1);
    expect(out).toContain('pack.yaml:1:3: level is missing');
  });

  test('says what is wrong in a file of tests', async () => {
    file('badtest.test.yml', '- title: a\n  event: {}\n  match: true\n');
    expect(await lint([file('badtest.yml', RULE)], {})).toBe(1);
    expect(out).toContain('badtest.test.yml:3:3: a test has no `match`');
  });

  test('refuses a path that is not there, or without a rule, as wrong use', async () => {
    mkdirSync(path.join(folder, 'empty'));
    await expect(lint([path.join(folder, 'empty')], {})).rejects.toThrow('there is no rule in');
    await expect(lint([path.join(folder, 'nothing.yml')], {})).rejects.toThrow('there is no file or folder');
  });
});

describe('rules test', () => {
  test('passes, with the file of tests as its argument too', async () => {
    file('tested.yml', RULE);
    expect(await testRules([file('tested.test.yml', TESTS)], {})).toBe(0);
    expect(out).toBe('2 tests of rules, 0 failed; 0 examples of signatures, 0 failed; 0 rules without a positive or negative test.\n');
  });

  test('fails with place, title and explanation', async () => {
    file('failing.test.yml', TESTS.replace('matches: false', 'matches: true'));
    expect(await testRules([file('failing.yml', RULE)], {})).toBe(1);
    expect(out).toMatch(/^FAILED {2}it is not\n {2}.*failing\.test\.yml:2:3 {2}login_page\n {4}the event does not match; .*\n {4}✗ /);
    expect(out).toMatch(/2 tests of rules, 1 failed; .* 1 rule without/);
  });

  test('runs the examples of signatures', async () => {
    const pack = '- id: tourniquet.x.y\n  title: T\n  level: low\n  class: a.b\n  pattern: abc\n  source: own\n  falsePositives: []\n  positive: [xabcx, ab]\n  negative: [abd, abc]\n';
    expect(await testRules([file('examples.yaml', pack)], { json: true })).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ examples: [{ signature: 'tourniquet.x.y', kind: 'positive', index: 1, because: 'is not found' }, { signature: 'tourniquet.x.y', kind: 'negative', index: 1, because: 'is found' }] });
  });
});

describe('rules list', () => {
  test('shows each rule in lines that fit a terminal', async () => {
    file('listed.test.yml', TESTS);
    expect(await list([file('listed.yml', RULE)], {})).toBe(0);
    expect(out).toMatch(/^RULE .*\nlogin_page {2}low {4}event {2}[0-9a-f]{8} +1 +2\n {4}Login page \(category: webserver\)\n/);
  });

  test('gives all of it as NDJSON', async () => {
    expect(await list([file('listed.yml', RULE)], { json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ id: '3a8a8a44-2f0c-4a4e-9a53-1d7bb0f6a001', name: 'login_page', kind: 'detection', logsource: 'category: webserver', standalone: true, atoms: 1, tests: 2 });
  });

  test('lists nothing of rules with a problem', async () => {
    expect(await list([file('wrong.yml', 'title: T\n')], {})).toBe(1);
    expect([out, said.includes('wrong.yml:1:1')]).toEqual(['', true]);
  });
});

describe('rules explain', () => {
  const event = '{"event":{"category":"http"},"url":{"path":"/wp-login.php"}}';

  test('says why a rule matches', async () => {
    expect(await explain(file('explained.yml', RULE), event, {})).toBe(0);
    expect(out).toMatch(/^✓ login_page: Login page\n {2}✓ considered/);
  });

  test('says why it does not, with exit code 1', async () => {
    expect(await explain(file('explained.yml', RULE), event.replace('wp-login', 'index'), { json: true })).toBe(1);
    expect(JSON.parse(out)).toMatchObject({ rule: 'login_page', matched: false, consideration: { considered: true }, tree: { matched: false } });
  });

  test('reads the named line of a file, and lines of access logs', async () => {
    const log = file('access.log', ['203.0.113.7 - - [20/Nov/2026:02:41:00 +0000] "GET /shop/ HTTP/1.1" 200 18 "-" "curl/8"', '203.0.113.7 - - [20/Nov/2026:02:41:01 +0000] "GET /wp-login.php HTTP/1.1" 200 18 "-" "curl/8"', ''].join('\n'));
    const rule = file('explained.yml', RULE);
    expect([await explain(rule, log, {}), await explain(rule, log, { line: '2' })]).toEqual([1, 0]);
    await expect(explain(rule, log, { line: '9' })).rejects.toThrow('line 9 is not there');
  });

  test('takes a log line as its argument, and tells one from a path', async () => {
    const rule = file('explained.yml', RULE);
    expect(await explain(rule, '203.0.113.7 - - [20/Nov/2026:02:41:00 +0000] "GET /wp-login.php HTTP/1.1" 200 18 "-" "curl/8"', {})).toBe(0);
    await expect(explain(rule, path.join(folder, 'none.log'), {})).rejects.toThrow('there is no file');
    await expect(explain(rule, '{"event":', {})).rejects.toThrow('nor a JSON object');
    await expect(explain(rule, folder, {})).rejects.toThrow('is a folder');
  });

  test('runs the signatures, so that rules on what they found can be explained', async () => {
    const text = RULE.replace('url.path: /wp-login.php', 'scan.class: attack.sqli');
    expect(await explain(file('scanned.yml', text), '{"event":{"category":"http"},"url":{"query":"id=1 UNION SELECT user_pass FROM wp_users"}}', {})).toBe(0);
  });

  test('names a near rule', async () => {
    await expect(explain('login_pag', event, { rules: [file('explained.yml', RULE)] })).rejects.toThrow('there is no rule "login_pag"; did you mean "login_page"?');
  });

  test('takes what an event serves from a person', async () => {
    const rule = file('explained.yml', RULE);
    expect([await explain(rule, event, { logsource: 'category=proxy' }), await explain(rule, event, { logsource: 'any' })]).toEqual([1, 0]);
    await expect(explain(rule, event, { logsource: 'kind=web' })).rejects.toThrow('is no log source');
  });
});

describe('rules profile', () => {
  test('counts what each rule did', async () => {
    const lines = ['/wp-login.php', '/shop/', '/wp-login.php?x'].map((at) => JSON.stringify({ event: { category: 'http' }, url: { path: at } }));
    expect(await profile(file('events.ndjson', `${lines.join('\n')}\nnot json\n`), { rules: [file('profiled.yml', RULE)], json: true })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ events: 3, lines: 4, rules: [{ rule: 'login_page', matched: 1 }] });
    expect(JSON.parse(out).rules[0].evaluated).toBeLessThan(3);
  });

  test('takes what events serve from a person', async () => {
    const events = file('proxied.ndjson', '{"event":{"category":"http"},"url":{"path":"/wp-login.php"}}\n');
    expect(await profile(events, { rules: [file('profiled.yml', RULE)], json: true, logsource: 'category=proxy' })).toBe(0);
    expect(JSON.parse(out)).toMatchObject({ rules: [{ rule: 'login_page', evaluated: 0, matched: 0 }] });
  });

  test('refuses a file without events', async () => {
    await expect(profile(file('none.ndjson', 'x\n'), { rules: [file('profiled.yml', RULE)] })).rejects.toThrow('holds no event');
  });
});

describe('rules coverage', () => {
  test('names groups without a rule, with exit code 1', async () => {
    expect(await coverage([file('covering.yml', RULE)], {})).toBe(1);
    expect(out).toMatch(/Identity +1 +0 +0\n/);
    expect(out).toMatch(/Money +0 +0 +0 {2}NO RULE\n/);
    expect(out).toContain('Without a rule: bulk-export, ');
  });

  test('of what is shipped has no gap', async () => {
    expect(await coverage([], { navigator: true })).toBe(0);
    expect(JSON.parse(out).techniques.length).toBeGreaterThan(20);
  });
});

test('rules that refer to shipped ones are read with these, and only they are told of', async () => {
  const text = 'title: Many failures\nname: my_failures\ncorrelation: { type: event_count, rules: [wp_login_failed], group-by: [user.name], timespan: 1h, condition: { gte: 50 } }\n';
  expect(await list([file('referring.yml', text)], { json: true })).toBe(0);
  expect(JSON.parse(out)).toMatchObject({ name: 'my_failures' });
});
