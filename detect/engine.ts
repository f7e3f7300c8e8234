import type { RuleSet } from '../contracts/rule-set.ts';
import type { ToldObservation } from './correlation/observer.ts';
import { documentCues, passageFinder } from './documents/document-rules.ts';
import type { FindPassages } from './documents/document-rules.ts';
import { loadNative } from './native/binding.ts';
import type { Native } from './native/binding.ts';
import { compileSigma } from './rule-set/compile-sigma.ts';
import { maskedHits } from './masked-hits.ts';
import type { MaskedLine } from './mask/mask-line.ts';
import { createScanner } from './scanner.ts';
import type { LineHits, Scanner } from './scanner.ts';
import { someScanText } from './scan-fields.ts';
import type { Seen } from './scan-fields.ts';
import type { FieldValue } from './sigma/event/field-value.ts';
import type { Served } from './sigma/event/routing.ts';
import type { EvaluationCounts, SigmaMatch } from './sigma/plan/evaluator.ts';
import type { CorrelationRule, DetectionRule, Rule } from './sigma/rule.ts';
import { timeSlices } from './time-slices.ts';

type Fields = Readonly<Record<string, unknown>>;

/** A rule set made ready. Belongs to the thread that made it. */
export interface Engine {
  readonly ruleSet: RuleSet;
  readonly scanner: Scanner;
  readonly detections: readonly DetectionRule[];
  readonly correlations: readonly CorrelationRule[];
  /** Passages of registered documents in a line; none without the fingerprint key. */
  readonly passages: FindPassages;
  /** A Sigma rule by its id. */
  rule(id: string): Rule | undefined;
  /** Some rules look at every event, whatever its line holds. */
  readonly everyLine: boolean;
  /** Whether an event has to be judged: atoms were hit, rules ask for what signatures saw, or some rules look at every event. */
  concerns(hits: LineHits, seen: readonly Seen[]): boolean;
  /** Atoms that may be hit in a line after it was masked: at least those that are. `hits`: of the line before. */
  maskedHits(masked: MaskedLine, hits: LineHits): LineHits;
  /** Judges an event by all Sigma rules. `hits`: at least those of its JSON text as it stands. */
  judge(event: Fields, hits: LineHits): Judgement;
  /** Since the engine was made. */
  counts(): EvaluationCounts;
}

/** What Sigma rules say of one event. */
export interface Judgement {
  readonly matches: readonly SigmaMatch[];
  /** A field of the event by its name in a rule. */
  read(rule: DetectionRule, field: string): FieldValue | undefined;
  /** What correlations want to know of a match of the rule. */
  told(rule: DetectionRule, site: string): readonly ToldObservation[];
}

export interface EngineOptions {
  /** The addon; loaded, and built when it never was, if not given. */
  readonly native?: Native;
  /** Where compiled rules are kept for the next start; made when missing. Only we may write there. */
  readonly cacheDirectory?: string | undefined;
  /** What every event serves, whatever it looks like. By default its fields tell. */
  readonly served?: Served;
  /** 32 bytes under which documents were registered; without it none is recognised. */
  readonly fingerprintKey?: Uint8Array;
  /** Asked for a set whose rules are not in the cache: may put them there, or reject with what is wrong with them. */
  readonly compileAside?: () => Promise<void>;
}

/**
 * Throws TQ-DETECT-07 with every problem of the set's Sigma rules and mappings, and what `Native.compile` throws. What is
 * in the cache is opened in slices of time.
 */
export async function createEngine(ruleSet: RuleSet, { native: given, cacheDirectory, served: fixed, fingerprintKey, compileAside }: EngineOptions = {}): Promise<Engine> {
  const native = given ?? (await loadNative());
  const pause = timeSlices();
  const { detections, correlations, mappings, plan, observer } = await compileSigma(ruleSet, { cacheDirectory, served: fixed, compileAside });
  await pause();
  const scanner = createScanner([...ruleSet.signatures, ...documentCues(ruleSet.documents)], plan.atoms, native, cacheDirectory, ruleSet.fields);
  await pause();
  const evaluator = plan.evaluator();
  const byId = new Map<string, Rule>([...detections, ...correlations].map((rule) => [rule.id, rule]));
  const everyLine = evaluator.needsEveryLine(fixed ?? 'any');
  return {
    ruleSet, scanner, detections, correlations, everyLine,
    passages: passageFinder(ruleSet.documents, fingerprintKey, scanner.rules.length),
    rule: (id) => byId.get(id),
    concerns: (hits, seen) => everyLine || hits.atoms.length > 0 || someScanText(seen, evaluator.concernsScan),
    maskedHits: maskedHits(scanner, plan.triggers.atoms),
    judge(event, hits) {
      const read = (rule: DetectionRule, field: string): FieldValue | undefined => mappings.fieldPath(field, rule.logsource).read(event);
      return {
        matches: evaluator.match(event, hits.atoms, fixed ?? mappings.served(event)),
        read,
        told: (rule, site) => observer.observe(rule.id, site, (field) => read(rule, field)),
      };
    },
    counts: () => evaluator.counts(),
  };
}
