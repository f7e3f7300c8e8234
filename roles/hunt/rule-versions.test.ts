import { expect, test } from 'vitest';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { createRuleVersions } from './rule-versions.ts';

const rule = (id: string, text: string): string => `title: A rule\nid: ${id}\nlogsource: {category: webserver}\ndetection:\n  selection:\n    url.path: ${text}\n  condition: selection\n`;
const [ONE, TWO] = ['11111111-1111-4111-8111-111111111111', '22222222-2222-4222-8222-222222222222'] as const;

function ruleSet(...texts: readonly string[]): RuleSet {
  return createRuleSet({ signatures: [], sigma: texts.map((text, i) => ({ file: `${i}.yml`, text })), mappings: [], placeholders: {} });
}

test('a rule is changed where its content is, whatever else the set holds; each set is read once', async () => {
  const sets: Readonly<Record<string, RuleSet>> = { same: ruleSet(rule(TWO, '/b'), rule(ONE, '/a')), other: ruleSet(rule(ONE, '/z')) };
  const asked: string[] = [];
  const versions = createRuleVersions(ruleSet(rule(ONE, '/a')), (version) => {
    asked.push(version);
    const found = sets[version];
    return found === undefined ? Promise.reject(new Error('not there')) : Promise.resolve(found);
  });
  for (let round = 0; round < 2; round++) {
    expect(await versions.isChanged(ONE, 'same')).toBe(false);
    expect(await versions.isChanged(ONE, 'other')).toBe(true);
    expect(await versions.isChanged(ONE, 'lost')).toBeUndefined();
  }
  expect(asked).toEqual(['same', 'other', 'lost']);
});
