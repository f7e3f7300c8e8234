import type { SigmaPlan } from '../sigma/plan/plan.ts';
import { costOf, RULE_BUDGET } from '../sigma/plan/profile.ts';
import type { Problem } from '../sigma/rule.ts';

/** Rules that would be evaluated for too many events, or cost too much: by their text alone, `profile` measures. */
export function triggerAdvice(plan: SigmaPlan): readonly Problem[] {
  return plan.rules.flatMap((rule, index): readonly Problem[] => {
    const { share, nsPerEvent, atoms } = costOf(plan, index);
    if (atoms === 0) return [{ place: rule.place, message: 'nothing in a line tells whether the rule can match: it is evaluated for every event', hint: 'ask for a text or a field that the event must have' }];
    if (share > RULE_BUDGET.share) return [{ place: rule.place, message: `the rule is likely to be evaluated for ${Math.round(share * 100)}% of web events: nothing in it is rare`, hint: 'ask for a longer or rarer text beside' }];
    return nsPerEvent > RULE_BUDGET.nsPerEvent ? [{ place: rule.place, message: `the rule is likely to add ${nsPerEvent} ns to every event`, hint: 'ask for a rarer text, or fewer regular expressions' }] : [];
  });
}
