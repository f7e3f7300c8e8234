import type { EventObject } from '../sigma/event/field-value.ts';
import { considered } from '../sigma/event/routing.ts';
import type { Served } from '../sigma/event/routing.ts';
import type { Surroundings } from '../sigma/naive/matches.ts';
import { matches } from '../sigma/naive/matches.ts';
import type { DetectionRule, Logsource } from '../sigma/rule.ts';

/** Whether a rule is asked about an event at all, and why. */
export interface Consideration {
  readonly considered: boolean;
  readonly because: string;
}

/** `fixed`: what the event serves, said by a person; otherwise the mappings say it. */
export function consider(rule: DetectionRule, event: EventObject, fixed: 'any' | Logsource | undefined, surroundings: Surroundings): Consideration {
  const served: Served = fixed === undefined ? surroundings.mappings.served(event) : fixed === 'any' ? 'any' : [fixed];
  const asked = printLogsource(rule.logsource);
  if (served === 'any') return { considered: true, because: 'every rule is considered' };
  const matchesEmpty = served === undefined && matches(rule, {}, surroundings);
  const answer = considered(served, rule.logsource, matchesEmpty);
  if (served === undefined) {
    return { considered: answer, because: answer ? 'no mapping knows the event: every rule is considered that asks for something' : 'no mapping knows the event, and the rule would match an event without any field' };
  }
  const list = served.map((one) => printLogsource(one)).join('; ');
  return { considered: answer, because: answer ? `the event serves ${asked}` : `the rule asks for ${asked}, the event serves ${list}` };
}

/** `category: webserver, product: nginx`. */
export function printLogsource({ category, product, service }: Logsource): string {
  const parts = [['category', category], ['product', product], ['service', service]].filter(([, value]) => value !== undefined);
  return parts.length === 0 ? 'any log source' : parts.map(([key, value]) => `${key}: ${value}`).join(', ');
}
