import type { Logsource, Place } from '../sigma/rule.ts';

/**
 * A test of a rule, as it stands in a `*.test.yml` beside the rule's file: a YAML list of
 *
 *     - title: twenty failures in three minutes
 *       rule: wp_login_brute_force           # id, name or title; not needed when the rule's file holds one rule
 *       given: { event.outcome: failure }    # fields of every event of the test
 *       scan: { class: [attack.sqli] }       # what signatures found in every event: rule, class, level, field, view
 *       logsource: any                       # or a log source; otherwise the mappings say what an event serves
 *       event: { user.name: anna }           # or `events`, a list
 *       matches: true                        # of each event; a correlation says what it `fires` instead
 *
 * An event is a map of fields, nested or dotted. Three keys of its top are the test's own: `at` (`90s`, from the start;
 * a second after the event before when neither it nor `@timestamp` is given), `times` and `every` (so many such events,
 * so far apart, `{n}` in their texts counted from 1).
 *
 * `fires` is a list of `{ at: index of the completing event, group: { field: text } }`, each part optional, or a count.
 */
export interface RuleTest {
  readonly place: Place;
  readonly title: string;
  /** undefined: the only rule of the file beside it. */
  readonly rule: string | undefined;
  readonly events: readonly TestEvent[];
  readonly logsource: 'any' | Logsource | undefined;
  readonly expected: Expectation;
}

export type Expectation =
  | { readonly kind: 'matches'; readonly matches: boolean }
  | { readonly kind: 'fires'; readonly count: number; readonly fires: readonly ExpectedFinding[] };

export interface ExpectedFinding {
  readonly at: number | undefined;
  readonly group: Readonly<Record<string, string>>;
}

export interface TestEvent {
  readonly event: Readonly<Record<string, unknown>>;
  /** Unix ms. */
  readonly timestamp: number;
}

/** The file of tests beside a rule file, or undefined when the file is none of rules. */
export function testFileOf(ruleFile: string): string | undefined {
  return isTestFile(ruleFile) || !RULE_FILE.test(ruleFile) ? undefined : ruleFile.replace(RULE_FILE, '.test.yml');
}

export function isTestFile(file: string): boolean {
  return TEST_FILE.test(file);
}

/** The rule file a file of tests stands beside, without its ending. */
export function testedStem(testFile: string): string {
  return testFile.replace(TEST_FILE, '');
}

const RULE_FILE = /\.ya?ml$/;
const TEST_FILE = /\.tests?\.ya?ml$/;
