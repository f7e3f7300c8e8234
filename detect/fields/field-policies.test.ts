import { describe, expect, test } from 'vitest';
import { createRuleSet } from '../../contracts/rule-set.ts';
import { loadNative } from '../native/binding.ts';
import { createScanner, hitsOf } from '../scanner.ts';
import { loadPolicies } from './load.ts';
import { fieldPolicies } from './field-policies.ts';
import { parsePolicyFile } from './policy-file.ts';

const shipped = await loadPolicies();
const scanner = createScanner([], [], await loadNative(), undefined, shipped);
const isLookedAt = (line: string): boolean => hitsOf(scanner, line).kept;

describe('the shipped policy', () => {
  test.each([
    ['http.request.body.content', 'summary'], ['http.response.body.content', 'summary'], ['ai.prompt', 'summary'], ['ai.completion', 'summary'], ['email.body', 'summary'],
    ['woocommerce.order.note', 'summary'], ['wordpress.comment.content', 'summary'], ['wordpress.form.message', 'summary'],
    ['http.request.headers.authorization', 'nothing'], ['http.request.headers.Cookie', 'nothing'], ['user.password', 'nothing'], ['password', 'nothing'], ['wordpress.form.card_number', 'nothing'],
    ['url.query', 'text'], ['http.response.body.bytes', 'text'], ['user.name', 'text'], ['wordpress.form', 'text'],
  ])('keeps %s as %s', (field, keep) => {
    expect(fieldPolicies(shipped)?.keptAs(field)).toBe(keep);
  });

  test('is found by every spelling of its fields', () => {
    for (const { keep, fields } of shipped) {
      for (const field of fields) {
        if (keep === 'text') continue;
        const names = field.replace(/^\*\./, 'any.').replace(/\.\*$/, '.any').split('.');
        const nested = names.reduceRight<unknown>((inner, name) => ({ [name]: inner }), 'x');
        const lines = [JSON.stringify(nested), JSON.stringify({ [names.join('.')]: 'x' }), JSON.stringify({ [`${names.join('.')}.z`.toUpperCase()]: 1 }), JSON.stringify(nested, null, 2).replaceAll('\n', '\r'), JSON.stringify(nested).replaceAll(':', ' :')];
        expect(lines.filter((line) => !isLookedAt(line))).toEqual([]);
      }
    }
  });

  test('costs an access event nothing', () => {
    expect(isLookedAt('{"@timestamp":"2026-11-20T02:30:00Z","event":{"category":"http"},"url":{"path":"/contact-form/","query":"password=1&note=a"},"http":{"request":{"method":"POST","body":{"bytes":12}},"response":{"status_code":200,"body":{"bytes":90}}},"message":"the cookie: body.content"}')).toBe(false);
  });

  test('looks at brackets of masks, escaped or not', () => {
    expect(['{"a":"\u27e6"}', '{"a":"\u27e7"}', '{"a":"\\u27E6"}', '{"a":"\u27e8"}'].map(isLookedAt)).toEqual([true, true, true, false]);
  });
});

test('a rule set names its policy in its version, and one without keeps the version it had', () => {
  const content = { signatures: [], sigma: [], mappings: [], placeholders: {} };
  const plain = createRuleSet(content);
  expect(createRuleSet({ ...content, fields: [] })).toEqual(plain);
  expect(createRuleSet({ ...content, fields: shipped }).version).not.toBe(plain.version);
  expect(createRuleSet({ ...content, fields: shipped.toReversed() }).version).not.toBe(createRuleSet({ ...content, fields: shipped }).version);
});

describe('a policy file', () => {
  test('is read', () => {
    expect(parsePolicyFile('p.yaml', "- keep: text\n  why: known\n  fields: [a.b, c.*, '*.d']\n")).toEqual({ policies: [{ keep: 'text', fields: ['a.b', 'c.*', '*.d'] }], problems: [] });
  });

  test('says every problem with its place', () => {
    const source = "- keep: some\n  why: x\n  fields: [a]\n- keep: text\n  fields: [a]\n- keep: text\n  why: x\n  fields: []\n- keep: text\n  why: x\n  fields: [A b]\n- keep: text\n  why: x\n  fields: ['*']\n- keep: text\n  why: x\n  fields: [a]\n  more: 1\n- 7\n";
    expect(parsePolicyFile('p.yaml', source).problems.map(({ at, problem }) => `${at} ${problem}`)).toEqual([
      'p.yaml:1:3 keep must be one of text, summary, nothing',
      'p.yaml:4:3 why must say why the fields are kept so',
      'p.yaml:6:3 fields must be a list of names',
      'p.yaml:9:3 "A b" must be lower-case names joined by dots',
      expect.stringContaining('p.yaml:12:3 "*" must be a field'),
      'p.yaml:15:3 more is none of keep, why, fields',
      'p.yaml:19:3 an entry is a map',
    ]);
    expect(parsePolicyFile('p.yaml', 'a: 1').problems).toHaveLength(1);
    expect(parsePolicyFile('p.yaml', '- [').problems.length).toBeGreaterThan(0);
  });
});
