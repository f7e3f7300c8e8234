import type { Expression } from '../../native/binding.ts';
import type { Mappings } from '../mappings/mapping.ts';
import type { Condition, DetectionRule } from '../rule.ts';
import { expressionOf } from './atom.ts';
import { EVERY_TEXT } from './event-values.ts';
import type { Slot, ViewsOf } from './event-values.ts';
import { createEvaluator } from './evaluator.ts';
import type { SigmaEvaluator, Watch } from './evaluator.ts';
import type { Program } from './leaf.ts';
import { compileLocator } from './located.ts';
import type { Locator } from './located.ts';
import { invert } from './postings.ts';
import type { Postings } from './postings.ts';
import { compileCondition } from './program.ts';
import { FieldSlots } from './slots.ts';
import { triggersOf } from './triggers.ts';
import type { Audience, Triggers } from './triggers.ts';

/** Rules made ready: immutable but for programs that are compiled when a rule is first evaluated. */
export interface SigmaPlan {
  readonly rules: readonly DetectionRule[];
  /** For the one Hyperscan database; hits name them by their index here. */
  readonly atoms: readonly Expression[];
  readonly triggers: Triggers;
  /** An evaluator with working memory of its own. `watch` is told of each evaluation, which makes them slower. */
  evaluator(watch?: Watch): SigmaEvaluator;
}

/** What an evaluator uses of a plan. */
export interface PlanTables {
  readonly rules: readonly DetectionRule[];
  readonly triggers: Triggers;
  readonly rulesOfAtom: Postings;
  readonly slots: FieldSlots;
  program(rule: number): Program;
  locator(rule: number): Locator;
}

export interface PlanOptions {
  readonly mappings: Mappings;
  /** The readings of a text that `decoded` matches look at, the text itself first. */
  readonly viewsOf: ViewsOf;
  /**
   * What is known beforehand of the `served` that `match` will be given: always this list; or always what the mappings
   * say of the event (`mapped`). Then less has to be looked for. By default, `any`, nothing is known.
   */
  readonly audience?: Audience;
}

export function createPlan(rules: readonly DetectionRule[], options: PlanOptions): SigmaPlan {
  return planWith(rules, triggersOf(rules, options.mappings, options.audience ?? 'any'), options);
}

/** The plan of rules whose triggers are known. Throws a RangeError when the triggers are those of other rules. */
export function planWith(rules: readonly DetectionRule[], triggers: Triggers, { mappings, viewsOf }: PlanOptions): SigmaPlan {
  if (triggers.atomsOfRule.starts.length !== rules.length + 1) throw new RangeError('a plan needs the triggers of its own rules');
  const lineAtoms = triggers.atoms.filter((atom) => atom.kind !== 'scan');
  const rulesOfAtom = invert(triggers.atomsOfRule, triggers.atoms.length);
  const slots = new FieldSlots(mappings, viewsOf);
  const slotOf = (rule: number): ((field: string | undefined) => Slot) => {
    const logsource = rules[rule]?.logsource ?? {};
    return (field) => (field === undefined ? EVERY_TEXT : slots.slotOf(field, logsource));
  };
  const conditionOf = (rule: number): Condition => rules[rule]?.condition ?? NEVER;
  const programs: (Program | undefined)[] = Array.from({ length: rules.length });
  const locators: (Locator | undefined)[] = Array.from({ length: rules.length });
  const tables: PlanTables = {
    rules, triggers, rulesOfAtom, slots,
    program: (rule) => (programs[rule] ??= compileCondition(conditionOf(rule), slotOf(rule))),
    locator: (rule) => (locators[rule] ??= compileLocator(conditionOf(rule), slotOf(rule))),
  };
  return { rules, atoms: lineAtoms.map(expressionOf), triggers, evaluator: (watch) => createEvaluator(tables, watch) };
}

const NEVER: Condition = { kind: 'or', of: [], place: { file: '', line: 1, column: 1, length: 1 } };
