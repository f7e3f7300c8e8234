import { describe, expect, test } from 'vitest';
import type { Signature } from '../../contracts/pack.ts';
import { tacticsOf, techniquesOf } from './attack.ts';
import { CATALOGUE, groupsOfClass, groupsOfTags } from './catalogue.ts';
import { coverageOf, navigatorLayer } from './coverage.ts';
import { rulesOfText } from './rules-fixture.ts';

const IBAN: Signature = {
  id: 'tourniquet.payment.account', title: 'An account', level: 'low', class: 'fin.iban', pattern: 'x', source: 'ISO 13616', falsePositives: [], positive: ['x'], negative: ['y'],
};

const RULES = `
title: One
name: one
tags: [tourniquet.money, attack.impact, attack.t1657, attack.t1565.001, dora.art.10]
logsource: { category: webserver }
detection: { a: { b: c }, condition: a }
---
title: Two
name: two
tags: [attack.impact, attack.t1657]
logsource: { category: webserver }
detection: { a: { b: d }, condition: a }
---
title: Base
name: base
tags: [tourniquet.identity]
logsource: { category: webserver }
detection: { a: { b: e }, condition: a }
---
title: Counted
name: wp_card_testing
tags: [tourniquet.money]
correlation: { type: event_count, rules: [base], group-by: [source.ip], timespan: 1m, condition: { gte: 2 } }
`;

describe('coverage', () => {
  const coverage = coverageOf(rulesOfText(RULES), []);

  test('counts rules that give matches, not those only correlations use', () => {
    const money = coverage.groups.find(({ id }) => id === 'money');
    expect([coverage.rules, money?.detections, money?.correlations]).toEqual([3, ['one'], ['wp_card_testing']]);
    expect(coverage.gaps).toEqual(CATALOGUE.map(({ id }) => id).filter((id) => id !== 'money'));
  });

  test('tells for each thing that must be found which of its rules are loaded', () => {
    const money = coverage.groups.find(({ id }) => id === 'money');
    expect(money?.items.filter(({ rules }) => rules.length > 0)).toMatchObject([{ id: 'card-testing', rules: ['wp_card_testing'] }]);
  });

  test('goes by control: rules by their tags, signatures by their class', () => {
    const { frameworks } = coverageOf(rulesOfText(RULES), [IBAN]);
    const served = frameworks.flatMap(({ controls }) => controls).filter(({ rules, signatures: found }) => rules.length + found.length > 0);
    expect(served.map(({ tag, rules, signatures: found }) => [tag, rules, found])).toEqual([
      ['gdpr.art.32', [], ['tourniquet.payment.account']], ['dora.art.10', ['one'], ['tourniquet.payment.account']], ['iso27001.a.8.12', [], ['tourniquet.payment.account']],
    ]);
  });

  test('names rules in no group', () => {
    expect(coverage.ungrouped).toEqual(['two']);
  });

  test('goes by tactic and technique', () => {
    expect(coverage.tactics.find(({ id }) => id === 'impact')?.rules).toEqual(['one', 'two']);
    expect(coverage.techniques).toEqual([{ id: 'T1565.001', rules: ['one'] }, { id: 'T1657', rules: ['one', 'two'] }]);
  });

  test('makes a layer for the Navigator', () => {
    expect(navigatorLayer(coverage)).toMatchObject({ domain: 'enterprise-attack', techniques: [{ techniqueID: 'T1565.001', score: 1 }, { techniqueID: 'T1657', score: 2 }] });
  });
});

describe('tags', () => {
  test.each([
    [['attack.t1110.001', 'attack.T1', 'attack.t11'], ['T1110.001']],
    [['cve.2024-1', 'attack.g0001'], []],
  ])('%j name techniques %j', (tags, techniques) => {
    expect(techniquesOf(tags)).toEqual(techniques);
  });

  test('name tactics with dashes or underscores', () => {
    expect(tacticsOf(['attack.credential_access', 'attack.initial-access', 'attack.magic'])).toEqual(['initial-access', 'credential-access']);
  });

  test('name groups; classes do, too', () => {
    expect(groupsOfTags(['tourniquet.money', 'tourniquet.nothing']).map(({ id }) => id)).toEqual(['money']);
    expect(groupsOfClass('pci.pan').map(({ id }) => id)).toEqual(['misplaced-data']);
  });
});
