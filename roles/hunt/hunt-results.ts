import { BY_SITE } from '../../contracts/observation.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { StoredFinding, StoredMatch } from '../../storage/query/stored-matches.ts';
import type { HuntMatch } from '../../detect/hunt.ts';
import type { Correlator, HuntFinding } from './correlator.ts';
import { readPart } from './hunt-directory.ts';
import type { HuntPlan } from './hunt-plan.ts';

/**
 * Against the record: `same`, it was found live too; `missing`, it was not, since the rule was not there or another;
 * `extra`, it is on record only. `ruleVersion` is the rule set on record.
 */
export type HuntResult =
  | { readonly kind: 'judged'; readonly events: number }
  | Told;

export type Told =
  | ({ readonly kind: 'match'; readonly match: HuntMatch } & Recorded)
  | { readonly kind: 'match'; readonly match: StoredMatch; readonly record: 'extra'; readonly ruleVersion: string }
  | ({ readonly kind: 'finding'; readonly finding: HuntFinding } & Recorded)
  | { readonly kind: 'finding'; readonly finding: StoredFinding; readonly record: 'extra'; readonly ruleVersion: string };

type Recorded = { readonly record: 'missing' } | { readonly record: 'same'; readonly ruleVersion: string };

export interface ResultsDeps {
  readonly directory: string;
  readonly plan: HuntPlan;
  /** A correlator that knows nothing yet. */
  readonly correlator: () => Correlator;
  /** What correlations of the hunted rules found live in the times of the plan. */
  readonly onRecord: readonly StoredFinding[];
}

/** Everything a hunt whose tasks are all done found, in order of site and leaf; what is about several sites comes last. */
export function* huntResults({ directory, plan, correlator, onRecord }: ResultsDeps): Generator<HuntResult> {
  const recorded = new Map(onRecord.map((finding) => [finding.id, finding]));
  const judge = createJudge(plan, recorded);
  const shared: Observation[] = [];
  let site = '';
  let own = correlator();
  for (const [task] of plan.tasks.entries()) {
    for (const record of readPart(directory, task)) {
      switch (record.kind) {
        case 'judged':
          yield record;
          break;
        case 'match':
          yield { kind: 'match', match: record.match, ...recordedAs(record.onRecord) };
          break;
        case 'extra':
          yield { kind: 'match', match: record.match, record: 'extra', ruleVersion: record.match.ruleVersion };
          break;
        case 'observation': {
          const { observation } = record;
          if (observation.by !== BY_SITE) {
            shared.push(observation);
            break;
          }
          if (observation.site !== site) {
            yield* judge(own.advance(plan.startedAtMs));
            site = observation.site;
            own = correlator();
          }
          yield* judge(own.advance(observation.received_at));
          yield* judge(own.observe(observation));
          break;
        }
        default:
          record satisfies never;
      }
    }
  }
  yield* judge(own.advance(plan.startedAtMs));
  // One site alone says nothing of what is correlated across sites.
  if (plan.asked.site === '') yield* judge(acrossSites(correlator(), shared, plan.startedAtMs));
  for (const finding of recorded.values()) yield { kind: 'finding', finding, record: 'extra', ruleVersion: finding.ruleVersion };
}

/** Observations of several sites, in the order they were received in. */
function* acrossSites(correlator: Correlator, observations: readonly Observation[], endMs: number): Generator<HuntFinding> {
  for (const observation of observations.toSorted((a, b) => a.received_at - b.received_at)) {
    yield* correlator.advance(observation.received_at);
    yield* correlator.observe(observation);
  }
  yield* correlator.advance(endMs);
}

/** Findings of the plan's times against the record, each once. */
function createJudge({ times }: HuntPlan, recorded: Map<string, StoredFinding>): (findings: Iterable<HuntFinding>) => Generator<Told> {
  return function* judge(findings) {
    for (const finding of findings) {
      if (finding.timestampMs < times.fromMs || finding.timestampMs >= times.toMs) continue;
      yield { kind: 'finding', finding, ...recordedAs(recorded.get(finding.id)?.ruleVersion ?? null) };
      recorded.delete(finding.id);
    }
  };
}

function recordedAs(ruleVersion: string | null): Recorded {
  return ruleVersion === null ? { record: 'missing' } : { record: 'same', ruleVersion };
}
