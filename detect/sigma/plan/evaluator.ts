import process from 'node:process';
import type { EventObject } from '../event/field-value.ts';
import { considered } from '../event/routing.ts';
import type { Served } from '../event/routing.ts';
import type { DetectionRule } from '../rule.ts';
import { EventValues } from './event-values.ts';
import type { Program } from './leaf.ts';
import type { PlanTables } from './plan.ts';
import { scanSearch } from './scan-search.ts';
import { scanTextsOf } from './scan-texts.ts';

export interface SigmaMatch {
  readonly rule: DetectionRule;
  /** The first field that made it match, as the rule names it; '' for a keyword, or when the rule says only what must not be. */
  readonly field: string;
  /** The decoded view it was found in; '' for the value as it is. */
  readonly view: string;
}

/** Since the evaluator was made. Each event adds the number of the plan's rules to `considered`, which is the sum of the three after it. */
export interface EvaluationCounts {
  readonly events: number;
  readonly considered: number;
  readonly evaluated: number;
  readonly skippedByTrigger: number;
  readonly skippedByLogsource: number;
  readonly matched: number;
}

export interface SigmaEvaluator {
  /**
   * Matches in the order of the plan's rules. `hits`: atoms found in the event's line, each once, in any order; undefined:
   * every rule is evaluated. What is left out of `hits` is taken as not in the line.
   */
  match(event: EventObject, hits: ArrayLike<number> | undefined, served: Served): readonly SigmaMatch[];
  /** Whether rules may match an event for this text of its `scan.*` fields. */
  concernsScan(text: string): boolean;
  /** Whether an event so served can match without any hit: then every line has to be parsed, else only those with hits or texts that `concernsScan`. */
  needsEveryLine(served: Served): boolean;
  counts(): EvaluationCounts;
}

/** Which rules are considered for events that serve the same. */
interface ConsideredRules {
  /** 1 for each rule that is. */
  readonly rules: Uint8Array;
  readonly size: number;
  /** Those of them without a trigger. */
  readonly always: readonly number[];
}

const NO_MATCHES: readonly SigmaMatch[] = [];

/** Told of each evaluation: the rule's index, its answer, and what it took. */
export type Watch = (rule: number, matched: boolean, ns: number) => void;

export function createEvaluator(tables: PlanTables, watch?: Watch): SigmaEvaluator {
  const { rules, rulesOfAtom: { starts, items } } = tables;
  const values = new EventValues(tables.slots);
  const consideredOf = consideredRules(tables);
  const scanned = scanSearch(tables);
  const counts = { events: 0, considered: 0, evaluated: 0, skippedByTrigger: 0, skippedByLogsource: 0, matched: 0 };
  /** The event at which a rule was last taken for a candidate. */
  const rounds = new Float64Array(rules.length);
  let round = 0;
  const matched: number[] = [];

  const evaluate = (rule: number): void => {
    counts.evaluated++;
    const matches = watch === undefined ? tables.program(rule)(values) : watched(tables.program(rule), values, rule, watch);
    if (matches) matched.push(rule);
  };
  const consider = (rule: number, audience: ConsideredRules): void => {
    if (rounds[rule] === round) return;
    rounds[rule] = round;
    if (audience.rules[rule] === 1) evaluate(rule);
  };
  const triggered = (event: EventObject, hits: ArrayLike<number>, audience: ConsideredRules): void => {
    for (let i = 0; i < hits.length; i++) {
      const atom = hits[i] ?? 0;
      for (let at = starts[atom] ?? 0; at < (starts[atom + 1] ?? 0); at++) consider(items[at] ?? 0, audience);
    }
    for (const text of scanTextsOf(event)) for (const rule of scanned(text)) consider(rule, audience);
    for (const rule of audience.always) consider(rule, audience);
  };
  const report = (rule: number): SigmaMatch => {
    const of = rules[rule] as DetectionRule; // it was evaluated
    const { field, view } = tables.locator(rule)(values);
    return { rule: of, field, view };
  };

  return {
    match(event, hits, served) {
      const audience = consideredOf(served);
      const before = counts.evaluated;
      matched.length = 0;
      round++;
      values.begin(event);
      if (hits === undefined) for (let rule = 0; rule < rules.length; rule++) consider(rule, audience);
      else triggered(event, hits, audience);
      const evaluated = counts.evaluated - before;
      counts.events++;
      counts.considered += rules.length;
      counts.skippedByTrigger += audience.size - evaluated;
      counts.skippedByLogsource += rules.length - audience.size;
      counts.matched += matched.length;
      return matched.length === 0 ? NO_MATCHES : matched.toSorted((a, b) => a - b).map(report);
    },
    concernsScan: (text) => scanned(text).length > 0,
    needsEveryLine: (served) => consideredOf(served).always.length > 0,
    counts: () => ({ ...counts }),
  };
}

function watched(program: Program, values: EventValues, rule: number, watch: Watch): boolean {
  const start = process.hrtime.bigint();
  const matches = program(values);
  watch(rule, matches, Number(process.hrtime.bigint() - start));
  return matches;
}

/** Equal lists of log sources are the same list: each is looked at once. */
function consideredRules(tables: PlanTables): (served: Served) => ConsideredRules {
  const { rules, triggers } = tables;
  const empty = new Set(triggers.empty);
  const lists = new WeakMap<object, ConsideredRules>();
  const build = (served: Served): ConsideredRules => {
    const flags = Uint8Array.from(rules, (rule, i) => (considered(served, rule.logsource, empty.has(i)) ? 1 : 0));
    return { rules: flags, size: flags.reduce((sum, flag) => sum + flag, 0), always: triggers.always.filter((rule) => flags[rule] === 1) };
  };
  let any: ConsideredRules | undefined;
  let unknown: ConsideredRules | undefined;
  return (served) => {
    if (served === 'any') return (any ??= build(served));
    if (served === undefined) return (unknown ??= build(served));
    let audience = lists.get(served);
    if (audience === undefined) lists.set(served, (audience = build(served)));
    return audience;
  };
}
