import type { Expression } from './expression.ts';

/**
 * Whether a filter's condition names what is left out (`selection`, as the specification's example) or what stays
 * (`not selection`, as pySigma's). `mixed` could be read either way.
 */
export type FilterSense = 'leaves out' | 'keeps' | 'mixed';

export function filterSense(expression: Expression): FilterSense {
  switch (expression.kind) {
    case 'name':
    case 'of':
      return 'leaves out';
    case 'not':
      return expression.of.kind === 'not' ? 'mixed' : 'keeps';
    case 'and':
    case 'or': {
      const [first, ...others] = expression.of.map(filterSense);
      return first !== undefined && others.every((sense) => sense === first) ? first : 'mixed';
    }
    default:
      return expression satisfies never;
  }
}
