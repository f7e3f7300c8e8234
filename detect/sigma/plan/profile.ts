import type { EventObject } from '../event/field-value.ts';
import type { Served } from '../event/routing.ts';
import type { Condition, DetectionRule } from '../rule.ts';
import type { SigmaPlan } from './plan.ts';

/** What a rule did to a number of events. */
export interface RuleProfile {
  readonly rule: DetectionRule;
  /** Events it was evaluated for: those where one of its atoms was found. */
  readonly evaluated: number;
  readonly matched: number;
  readonly ns: number;
}

export interface ProfiledEvent {
  readonly event: EventObject;
  readonly hits: ArrayLike<number>;
  readonly served: Served;
}

/** Measures each rule over events; in the plan's order. The first evaluation of a rule, which compiles it, is part of it. */
export function profile(plan: SigmaPlan, events: Iterable<ProfiledEvent>): readonly RuleProfile[] {
  const totals = plan.rules.map((rule) => ({ rule, evaluated: 0, matched: 0, ns: 0 }));
  const evaluator = plan.evaluator((rule, matched, ns) => {
    const total = totals[rule];
    if (total === undefined) return;
    total.evaluated++;
    total.matched += matched ? 1 : 0;
    total.ns += ns;
  });
  for (const { event, hits, served } of events) evaluator.match(event, hits, served);
  return totals;
}

/** What a rule is likely to cost, from its text alone. */
export interface RuleCost {
  /** Texts to look for in each line; 0: it has no trigger and is evaluated for every event. */
  readonly atoms: number;
  /** Of events of web logs, how many are likely to make it be evaluated: 0 to 1. */
  readonly share: number;
  readonly tests: number;
  readonly regexes: number;
  readonly nsPerEvent: number;
}

/** Rough times of one test of an event that has the field. */
const TEST_NS = 60;
const REGEX_NS = 400;
/** Parsing an event that nothing else asks for. */
const PARSE_NS = 1000;

/** What one rule may add to an event before `lint` speaks of it, and how many of a thousand lines it may hit. */
export const RULE_BUDGET = { nsPerEvent: 500, share: 0.05 } as const;

/** The cost of rule number `rule` of the plan. */
export function costOf(plan: SigmaPlan, rule: number): RuleCost {
  const { atoms, atomsOfRule: { starts, items }, always } = plan.triggers;
  const own = [...items.subarray(starts[rule], starts[rule + 1])].map((atom) => atoms[atom]?.price ?? 1);
  const share = always.includes(rule) ? 1 : Math.min(1, own.reduce((sum, price) => sum + price, 0));
  const condition = plan.rules[rule]?.condition;
  const { tests, regexes } = condition === undefined ? { tests: 0, regexes: 0 } : testsOf(condition);
  return { atoms: own.length, share, tests, regexes, nsPerEvent: Math.round(share * (PARSE_NS + tests * TEST_NS + regexes * REGEX_NS)) };
}

function testsOf(condition: Condition): { readonly tests: number; readonly regexes: number } {
  if (condition.kind === 'match') return { tests: 1, regexes: condition.test.kind === 'regex' ? 1 : 0 };
  const inner = (condition.kind === 'not' ? [condition.of] : condition.of).map(testsOf);
  return { tests: inner.reduce((sum, one) => sum + one.tests, 0), regexes: inner.reduce((sum, one) => sum + one.regexes, 0) };
}
