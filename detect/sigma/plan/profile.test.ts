import { expect, test } from 'vitest';
import { readRules } from '../language/read-rules.ts';
import { combineMappings, NO_MAPPINGS } from '../mappings/mapping.ts';
import { createPlan } from './plan.ts';
import { costOf, profile, RULE_BUDGET } from './profile.ts';

const rule = (name: string, detection: object): string => JSON.stringify({ title: `The rule ${name}`, name, logsource: { category: 'test' }, detection });

const { rules: { detections } } = readRules([
  { file: 'rare.yml', text: rule('rare', { s: { 'Command|contains': 'sekurlsa::logonpasswords' }, condition: 's' }) },
  { file: 'common.yml', text: rule('common', { s: { 'cs-method': 'GET' }, condition: 's' }) },
  { file: 'absent.yml', text: rule('absent', { s: { Command: null }, condition: 's' }) },
]);
const plan = createPlan(detections, { mappings: NO_MAPPINGS, viewsOf: (text) => [{ text, name: '' }] });

test('a profile counts evaluations and matches of each rule', () => {
  const atomOf = (text: string): number => plan.triggers.atoms.findIndex((atom) => atom.text === text);
  const events = [
    { event: { Command: 'sekurlsa::logonpasswords' }, hits: [atomOf('sekurlsa::logonpasswords')], served: 'any' as const },
    { event: { 'cs-method': 'POST', other: '"GET"' }, hits: [atomOf('"get"')], served: 'any' as const },
    { event: {}, hits: [], served: undefined },
  ];
  const counts = Object.fromEntries(profile(plan, events).map(({ rule: { id }, evaluated, matched }) => [id, [evaluated, matched]]));
  expect(counts).toStrictEqual({ rare: [1, 1], common: [1, 0], absent: [2, 1] });
  expect(profile(plan, events).filter(({ evaluated }) => evaluated > 0).every(({ ns }) => ns > 0)).toBe(true);
});

test('a rule costs by how often its texts are likely', () => {
  const [rare, common, absent] = detections.map((_, i) => costOf(plan, i));
  expect(rare?.nsPerEvent).toBeLessThan(1);
  expect(common?.nsPerEvent).toBeGreaterThan(RULE_BUDGET.nsPerEvent);
  expect(absent).toMatchObject({ atoms: 0, share: 1 });
});

test('what every event serves decides what is looked for', () => {
  const none = createPlan(detections, { mappings: NO_MAPPINGS, viewsOf: (text) => [{ text, name: '' }], audience: [{ category: 'other' }] });
  expect(none.atoms).toStrictEqual([]);
  const evaluator = none.evaluator();
  expect(evaluator.match({ Command: 'sekurlsa::logonpasswords' }, [], [{ category: 'other' }])).toStrictEqual([]);
  expect(evaluator.counts()).toMatchObject({ considered: 3, skippedByLogsource: 3, evaluated: 0 });
});

test('a rule that says only what must not be needs no line but those of events that are known to concern it', () => {
  const mappings = combineMappings([{ file: 'test.yml', events: [{ when: [[{ field: 'event.kind', texts: ['test'], prefixes: [] }]], serves: [{ category: 'test' }] }], fields: new Map() }]);
  const mapped = createPlan(detections, { mappings, viewsOf: (text) => [{ text, name: '' }], audience: 'mapped' });
  expect(plan.evaluator().needsEveryLine('any')).toBe(true);
  const evaluator = mapped.evaluator();
  expect(evaluator.needsEveryLine('any')).toBe(false);
  const kind = mapped.triggers.atoms.findIndex((atom) => atom.text === '"kind"');
  const known = { event: { kind: 'test' } };
  expect(evaluator.match(known, [kind], mappings.served(known)).map((match) => match.rule.id)).toStrictEqual(['absent']);
});
