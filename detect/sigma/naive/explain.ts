import { textsOf } from '../event/field-path.ts';
import type { EventObject, FieldValue } from '../event/field-value.ts';
import { scalarsOf, textOf } from '../event/field-value.ts';
import type { Condition, DetectionRule, Match } from '../rule.ts';
import { matchHolds } from './matches.ts';
import type { Surroundings } from './matches.ts';

/** Why a rule matches an event or not: one node a condition, in the rule's order. Plain data. */
export interface Explanation {
  readonly node: Condition['kind'];
  /** As the author wrote it; of and, or and not without a name: what they are. */
  readonly label: string;
  readonly matched: boolean;
  /** Of a test: what it looked at. */
  readonly looked?: LookedAt;
  readonly of: readonly Explanation[];
}

export interface LookedAt {
  /** undefined: a keyword, which looks at every value of the event. */
  readonly field: string | undefined;
  /** Names under which the field was looked for, its own first. */
  readonly names: readonly string[];
  /** The value's texts: the first few, each cut. undefined: the event has no such field. */
  readonly found: readonly string[] | undefined;
  /** Values there are. */
  readonly values: number;
}

/** Of a text, in units. */
const MOST_UNITS = 120;
const MOST_VALUES = 5;

export function explain(rule: DetectionRule, event: EventObject, surroundings: Surroundings): Explanation {
  return explainCondition(rule.condition, rule, event, surroundings);
}

function explainCondition(condition: Condition, rule: DetectionRule, event: EventObject, surroundings: Surroundings): Explanation {
  switch (condition.kind) {
    case 'and':
    case 'or': {
      const of = condition.of.map((one) => explainCondition(one, rule, event, surroundings));
      const matched = condition.kind === 'and' ? of.every((one) => one.matched) : of.some((one) => one.matched);
      return { node: condition.kind, label: condition.label ?? (condition.kind === 'and' ? 'all of' : 'any of'), matched, of };
    }
    case 'not': {
      const inner = explainCondition(condition.of, rule, event, surroundings);
      return { node: 'not', label: condition.label ?? 'not', matched: !inner.matched, of: [inner] };
    }
    case 'match':
      return { node: 'match', label: condition.written, matched: matchHolds(condition, rule, event, surroundings), looked: lookedAt(condition, rule, event, surroundings), of: [] };
    default:
      return condition satisfies never;
  }
}

function lookedAt({ field }: Match, rule: DetectionRule, event: EventObject, { mappings }: Surroundings): LookedAt {
  if (field === undefined) return { field, names: [], ...shown(textsOf(event)) };
  const path = mappings.fieldPath(field, rule.logsource);
  return { field, names: path.names, ...shown(path.read(event)) };
}

function shown(value: FieldValue | undefined): Pick<LookedAt, 'found' | 'values'> {
  const values = scalarsOf(value);
  const texts = values.slice(0, MOST_VALUES).map((scalar) => textOf(scalar) ?? 'null');
  return { found: value === undefined ? undefined : texts.map((text) => (text.length > MOST_UNITS ? `${text.slice(0, MOST_UNITS)}…` : text)), values: values.length };
}
