import { considered } from '../event/routing.ts';
import type { Served } from '../event/routing.ts';
import type { Mappings } from '../mappings/mapping.ts';
import type { Condition, DetectionRule } from '../rule.ts';
import { atomKey } from './atom.ts';
import type { Atom } from './atom.ts';
import { keyAtoms } from './key-atoms.ts';
import { cheapest } from './literal-atoms.ts';
import { createPostings } from './postings.ts';
import type { Postings } from './postings.ts';
import { triggerOf, union } from './trigger.ts';
import type { Trigger } from './trigger.ts';

/** What to look for in lines so that no rule is missed. Plain data: it goes into the plan's file. */
export interface Triggers {
  /** Those of kind `scan` stand last: they are looked for on the event. */
  readonly atoms: readonly Atom[];
  /** For each rule the indexes of its atoms: the rule holds only where one of them was found. */
  readonly atomsOfRule: Postings;
  /** Rules without a trigger: they can hold for any event. */
  readonly always: readonly number[];
  /** Rules that hold for an event without any field. */
  readonly empty: readonly number[];
  /** Rules that search all texts of an event, those of `scan.*` fields included, which no line holds. */
  readonly keyword: readonly number[];
}

/** What is known beforehand of what events serve: that, or that the mappings say it of each event. `any`: nothing. */
export type Audience = NonNullable<Served> | 'mapped';

/** Rules that no event is considered for have nothing to look for. */
export function triggersOf(rules: readonly DetectionRule[], mappings: Mappings, audience: Audience): Triggers {
  const always: number[] = [];
  const empty: number[] = [];
  const keyword: number[] = [];
  const found = rules.map((rule, index): readonly Atom[] => {
    if (holdsForNothing(rule.condition)) empty.push(index);
    if (audience !== 'mapped' && !considered(audience, rule.logsource, false)) return [];
    const trigger = triggerOf(rule.condition, (name) => mappings.fieldPath(name, rule.logsource)) ?? (audience === 'mapped' ? telling(rule, mappings) : undefined);
    if (trigger === undefined) always.push(index);
    if (hasKeyword(rule.condition)) keyword.push(index);
    return trigger ?? [];
  });
  const distinct = new Map(found.flat().map((atom) => [atomKey(atom), atom]));
  const atoms = [...distinct.values()].toSorted((a, b) => Number(a.kind === 'scan') - Number(b.kind === 'scan'));
  const indexOf = new Map(atoms.map((atom, index) => [atomKey(atom), index]));
  const lists = found.map((trigger) => [...new Set(trigger.map((atom) => indexOf.get(atomKey(atom)) ?? 0))].toSorted((a, b) => a - b)); // all are in it
  return { atoms, atomsOfRule: createPostings(lists), always, empty, keyword };
}

/** A rule that holds for the empty event is considered for known events only: these have fields that make them known. */
function telling({ condition, logsource }: DetectionRule, mappings: Mappings): Trigger | undefined {
  return !holdsForNothing(condition) ? undefined : union(mappings.tellingFields(logsource).map((fields) => cheapest(fields.map((field) => keyAtoms([field])))));
}

/** Whether the condition holds for an event that has no field. */
function holdsForNothing(condition: Condition): boolean {
  switch (condition.kind) {
    case 'match': return condition.test.kind === 'null' ? condition.field !== undefined : condition.test.kind === 'exists' && !condition.test.exists;
    case 'not': return !holdsForNothing(condition.of);
    case 'and': return condition.of.every(holdsForNothing);
    case 'or': return condition.of.some(holdsForNothing);
    default: return condition satisfies never;
  }
}

function hasKeyword(condition: Condition): boolean {
  if (condition.kind === 'match') return condition.field === undefined;
  return condition.kind === 'not' ? hasKeyword(condition.of) : condition.of.some(hasKeyword);
}
