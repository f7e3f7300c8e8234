import { SITE_FIELD } from '../correlation/observed-text.ts';
import { windowTest } from '../correlation/window-test.ts';
import { DetectError } from '../errors.ts';
import type { CorrelationRule, Problem } from '../sigma/rule.ts';

/** Correlations that read well and that the engine cannot do. `correlations`: each after those it refers to. */
export function correlationProblems(correlations: readonly CorrelationRule[]): readonly Problem[] {
  const byId = new Map(correlations.map((rule) => [rule.id, rule]));
  return correlations.flatMap((rule) => [...conditionProblems(rule), ...rule.rules.flatMap((id) => groupProblems(rule, byId.get(id)))]);
}

function conditionProblems(rule: CorrelationRule): readonly Problem[] {
  try {
    windowTest(rule, false);
    return [];
  } catch (error) {
    if (!(error instanceof DetectError)) throw error;
    return [{ place: rule.place, message: error.message }];
  }
}

/** A finding has no fields but those its correlation groups by, and, unless it is across sites, its site: by any other it would be in no group, ever. */
function groupProblems({ place, title, groupBy, options }: CorrelationRule, counted: CorrelationRule | undefined): readonly Problem[] {
  if (counted === undefined) return [];
  const known = counted.groupBy.map(({ name }) => name);
  return groupBy.flatMap(({ name, of }) => {
    const field = Object.hasOwn(of, counted.id) ? (of[counted.id] ?? name) : name;
    if (known.includes(field) || (field === SITE_FIELD && options.scope === 'site')) return [];
    const hint = `add ${field} to the group-by of "${counted.title}", or group "${title}" by ${known.join(', ') || 'nothing'}`;
    return [{ place, message: `"${title}" groups by ${field}, which the correlation "${counted.title}" does not group by: none of its findings would be counted`, hint }];
  });
}
