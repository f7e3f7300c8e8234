import { textsOf } from '../event/field-path.ts';
import type { EventObject } from '../event/field-value.ts';
import type { Mappings } from '../mappings/mapping.ts';
import type { Condition, DetectionRule, Match } from '../rule.ts';
import type { TestContext } from './match-test.ts';
import { passes } from './match-test.ts';

/** What the meaning of a rule rests on beside the rule and the event. */
export interface Surroundings {
  readonly mappings: Mappings;
  /** Decoded readings of a text, for the modifier `decoded`. */
  readonly views: (text: string) => readonly string[];
}

/** Whether the rule matches the event. Log sources are not looked at: that is routing's part. */
export function matches(rule: DetectionRule, event: EventObject, surroundings: Surroundings): boolean {
  return conditionHolds(rule.condition, (match) => matchHolds(match, rule, event, surroundings));
}

function conditionHolds(condition: Condition, holds: (match: Match) => boolean): boolean {
  switch (condition.kind) {
    case 'and': return condition.of.every((one) => conditionHolds(one, holds));
    case 'or': return condition.of.some((one) => conditionHolds(one, holds));
    case 'not': return !conditionHolds(condition.of, holds);
    case 'match': return holds(condition);
    default: return condition satisfies never;
  }
}

/** A keyword passes when any text of the event does. */
export function matchHolds(match: Match, rule: DetectionRule, event: EventObject, { mappings, views }: Surroundings): boolean {
  const read = (field: string): ReturnType<TestContext['other']> => mappings.fieldPath(field, rule.logsource).read(event);
  return passes(match.test, match.decoded, match.field === undefined ? textsOf(event) : read(match.field), { other: read, views });
}
