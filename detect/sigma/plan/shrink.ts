import type { Condition } from '../rule.ts';

/** The smallest condition that still fails, found by dropping parts as long as it does. */
export function shrinkCondition(condition: Condition, fails: (smaller: Condition) => boolean): Condition {
  const smaller = smallerConditions(condition).find(fails);
  return smaller === undefined ? condition : shrinkCondition(smaller, fails);
}

function smallerConditions(condition: Condition): readonly Condition[] {
  switch (condition.kind) {
    case 'match': return condition.decoded ? [{ ...condition, decoded: false }] : [];
    case 'not': return [condition.of, ...smallerConditions(condition.of).map((of) => ({ ...condition, of }))];
    case 'and': case 'or': return [
      ...condition.of,
      ...condition.of.map((_, i) => ({ ...condition, of: condition.of.toSpliced(i, 1) })),
      ...condition.of.flatMap((inner, i) => smallerConditions(inner).map((small) => ({ ...condition, of: condition.of.with(i, small) }))),
    ];
    default: return condition satisfies never;
  }
}

/** The same for the fields of an event. */
export function shrinkEvent(event: Readonly<Record<string, unknown>>, fails: (smaller: Readonly<Record<string, unknown>>) => boolean): Readonly<Record<string, unknown>> {
  for (const key of Object.keys(event)) {
    const smaller = Object.fromEntries(Object.entries(event).filter(([name]) => name !== key));
    if (fails(smaller)) return shrinkEvent(smaller, fails);
  }
  return event;
}
