import { WHOLE_HISTORY } from '../correlation/config.ts';
import { createCorrelations } from '../correlation/correlations.ts';
import { SITE_FIELD } from '../correlation/observed-text.ts';
import { createObserver } from '../correlation/observer.ts';
import type { FieldValue } from '../sigma/event/field-value.ts';
import type { Surroundings } from '../sigma/naive/matches.ts';
import { matches } from '../sigma/naive/matches.ts';
import type { CorrelationRule, DetectionRule, Logsource, SigmaRules } from '../sigma/rule.ts';
import { consider } from './consideration.ts';
import { shortName } from './rule-named.ts';
import type { TestEvent } from './rule-test.ts';

/** What a correlation found in a list of events. */
export interface Fired {
  /** Index of the event that completed it. */
  readonly at: number;
  readonly group: Readonly<Record<string, string>>;
}

export interface Replayed {
  readonly fired: readonly Fired[];
  /** By name of each detection rule it rests on: indexes of the events that matched. */
  readonly matched: ReadonlyMap<string, readonly number[]>;
}

/** Site of events that do not say one in `tourniquet.site`. */
const ONE_SITE = 'test';

/** Runs one correlation, and those it refers to, over events in their order; at the end of them time has run out. */
export function replay(rules: SigmaRules, rule: CorrelationRule, events: readonly TestEvent[], logsource: 'any' | Logsource | undefined, surroundings: Surroundings): Replayed {
  const { correlations, detections } = partsOf(rules, rule);
  const alone = correlations.map((one) => ({ ...one, standalone: one.id === rule.id }));
  const observer = createObserver(alone);
  const run = createCorrelations(alone, WHOLE_HISTORY);
  const matched = new Map(detections.map((base) => [shortName(base), [] as number[]]));
  const fired: Fired[] = [];
  for (const [index, { event, timestamp }] of events.entries()) {
    for (const base of detections) {
      if (!consider(base, event, logsource, surroundings).considered || !matches(base, event, surroundings)) continue;
      matched.get(shortName(base))?.push(index);
      const read = (field: string): FieldValue | undefined => surroundings.mappings.fieldPath(field, base.logsource).read(event);
      const site = String(read(SITE_FIELD) ?? ONE_SITE);
      for (const told of observer.observe(base.id, site, read)) {
        const found = run.observe({ ...told, site, leaf: index, timestamp, received_at: timestamp, rule: base.id });
        fired.push(...found.map(({ group }) => ({ at: index, group })));
      }
    }
  }
  fired.push(...run.finish().map(({ group, evidence }) => ({ at: Math.max(...evidence.map(({ leaf }) => leaf)), group })));
  return { fired, matched };
}

/** The correlation with all it rests on; referred ones first. */
function partsOf(rules: SigmaRules, rule: CorrelationRule): { readonly correlations: readonly CorrelationRule[]; readonly detections: readonly DetectionRule[] } {
  const wanted = new Set([rule.id]);
  // A correlation stands after those it refers to.
  for (const one of rules.correlations.toReversed()) if (wanted.has(one.id)) for (const id of one.rules) wanted.add(id);
  return { correlations: rules.correlations.filter(({ id }) => wanted.has(id)), detections: rules.detections.filter(({ id }) => wanted.has(id)) };
}

export function printFired({ at, group }: Fired): string {
  return [`a finding at event ${at}`, ...Object.entries(group).map(([field, text]) => `${field} ${text}`)].join(', ');
}
