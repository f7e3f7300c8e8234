import { nearest } from '../sigma/language/nearest.ts';
import { explain } from '../sigma/naive/explain.ts';
import { matches } from '../sigma/naive/matches.ts';
import type { Surroundings } from '../sigma/naive/matches.ts';
import { printExplanation } from '../sigma/naive/print-explanation.ts';
import type { CorrelationRule, DetectionRule, Rule, SigmaRules } from '../sigma/rule.ts';
import { consider } from './consideration.ts';
import { printFired, replay } from './replay.ts';
import type { Fired } from './replay.ts';
import { ruleNamed } from './rule-named.ts';
import type { ExpectedFinding, RuleTest } from './rule-test.ts';
import { testedStem } from './rule-test.ts';

export interface RuleTestResult {
  readonly test: RuleTest;
  /** undefined: the test names none that there is. */
  readonly rule: Rule | undefined;
  readonly passed: boolean;
  /** Of a failed test: what came instead, with the explanation of the event it is about. */
  readonly because: string;
}

/** Runs tests with the meaning of rules itself, no prefilter. Results in the order of the tests. */
export function runRuleTests(rules: SigmaRules, tests: readonly RuleTest[], surroundings: Surroundings): readonly RuleTestResult[] {
  return tests.map((test) => {
    const rule = ruleOf(rules, test);
    if (rule === undefined) return { test, rule, passed: false, because: unknownRule(rules, test) };
    const because = rule.kind === 'detection' ? detectionFailure(rule, test, surroundings) : correlationFailure(rules, rule, test, surroundings);
    return { test, rule, passed: because === undefined, because: because ?? '' };
  });
}

function ruleOf(rules: SigmaRules, test: RuleTest): Rule | undefined {
  if (test.rule !== undefined) return ruleNamed(rules, test.rule);
  const beside = rulesBeside(rules, test.place.file);
  return beside.length === 1 ? beside[0] : undefined;
}

function rulesBeside(rules: SigmaRules, testFile: string): readonly Rule[] {
  const stem = testedStem(testFile);
  return [...rules.detections, ...rules.correlations].filter(({ place }) => place.file.replace(/\.ya?ml$/, '') === stem);
}

function unknownRule(rules: SigmaRules, test: RuleTest): string {
  if (test.rule === undefined) return `the file beside it has ${rulesBeside(rules, test.place.file).length} rules: say which by \`rule:\``;
  const near = nearest(test.rule, [...rules.detections, ...rules.correlations].flatMap((rule) => [rule.id, rule.name ?? rule.title]));
  return `there is no rule \`${test.rule}\`${near === undefined ? '' : `: did you mean \`${near}\`?`}`;
}

function detectionFailure(rule: DetectionRule, { events, logsource, expected }: RuleTest, surroundings: Surroundings): string | undefined {
  if (expected.kind === 'fires') return '`fires` is for correlations: a detection rule `matches` or not';
  for (const [index, { event }] of events.entries()) {
    const { considered, because } = consider(rule, event, logsource, surroundings);
    const matched = considered && matches(rule, event, surroundings);
    if (matched === expected.matches) continue;
    const which = events.length === 1 ? 'the event' : `event ${index}`;
    const tree = printExplanation(explain(rule, event, surroundings));
    return `${which} ${expected.matches ? 'does not match' : 'matches'}; ${because}\n${tree}`;
  }
  return undefined;
}

function correlationFailure(rules: SigmaRules, rule: CorrelationRule, { events, logsource, expected }: RuleTest, surroundings: Surroundings): string | undefined {
  if (expected.kind === 'matches') return 'a correlation has no `matches`: say what it `fires`, 0 for nothing';
  const { fired, matched } = replay(rules, rule, events, logsource, surroundings);
  const missing = expected.fires.filter((one) => !fired.some((found) => agrees(one, found)));
  if (fired.length === expected.count && missing.length === 0) return undefined;
  const came = fired.length === 0 ? 'nothing' : fired.map((one) => printFired(one)).join('; ');
  const bases = [...matched].map(([name, indexes]) => `  ${name} matched ${indexes.length === 0 ? 'no event' : `events ${shortList(indexes)}`}\n`).join('');
  return `expected ${expected.fires.length === 0 ? `${expected.count} findings` : expected.fires.map((one) => printExpected(one)).join('; ')}, found ${came}\n${bases}`;
}

function agrees({ at, group }: ExpectedFinding, fired: Fired): boolean {
  return (at === undefined || at === fired.at) && Object.entries(group).every(([field, text]) => fired.group[field] === text);
}

function printExpected({ at, group }: ExpectedFinding): string {
  return [at === undefined ? 'a finding' : `a finding at event ${at}`, ...Object.entries(group).map(([field, text]) => `${field} ${text}`)].join(', ');
}

const MOST_SHOWN = 20;

function shortList(indexes: readonly number[]): string {
  return indexes.length <= MOST_SHOWN ? indexes.join(', ') : `${indexes.slice(0, MOST_SHOWN).join(', ')} and ${indexes.length - MOST_SHOWN} more`;
}

/** Which of the rules raise matches of their own and lack a test that must match, or one that must not. */
export function untestedRules(rules: SigmaRules, results: readonly RuleTestResult[]): readonly { readonly rule: Rule; readonly lacks: readonly ('positive' | 'negative')[] }[] {
  const shown = new Map<Rule, Set<'positive' | 'negative'>>();
  for (const { rule, test } of results) if (rule !== undefined) shown.set(rule, (shown.get(rule) ?? new Set()).add(isPositive(test) ? 'positive' : 'negative'));
  return [...rules.detections, ...rules.correlations].flatMap((rule) => {
    const lacks = (['positive', 'negative'] as const).filter((kind) => rule.standalone && shown.get(rule)?.has(kind) !== true);
    return lacks.length === 0 ? [] : [{ rule, lacks }];
  });
}

function isPositive({ expected }: RuleTest): boolean {
  return expected.kind === 'matches' ? expected.matches : expected.count > 0;
}
