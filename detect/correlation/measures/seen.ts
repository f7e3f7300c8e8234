import { createTally } from './distinct.ts';
import type { Measure } from './measure.ts';

/** Which rules were seen, as places among the correlation's rules. */
export type PlaceExpression =
  | { readonly kind: 'and' | 'or'; readonly of: readonly PlaceExpression[] }
  | { readonly kind: 'not'; readonly of: PlaceExpression }
  | { readonly kind: 'rule'; readonly place: number };

export function isTrue(expression: PlaceExpression, seen: (place: number) => boolean): boolean {
  switch (expression.kind) {
    case 'and': return expression.of.every((part) => isTrue(part, seen));
    case 'or': return expression.of.some((part) => isTrue(part, seen));
    case 'not': return !isTrue(expression.of, seen);
    case 'rule': return seen(expression.place);
    default: return expression satisfies never;
  }
}

/** Whether the rules that were seen, in whatever order, make an expression true. */
export function seenMeasure(expression: PlaceExpression): Measure {
  const { counts, ...tally } = createTally();
  return {
    ...tally,
    forward: false,
    holds: () => counts.size > 0 && isTrue(expression, (place) => counts.has(place)),
    value: () => counts.size,
  };
}
