import type { Stage } from '../../contracts/stage.ts';
import { createEngine } from '../../detect/engine.ts';
import type { Native } from '../../detect/native/binding.ts';
import type { CorrelationRule } from '../../detect/sigma/rule.ts';
import { createStage } from '../../detect/stage.ts';
import type { PreparedRuleSet } from './prepared-rule-set.ts';
import { compileAside } from './rule-check.ts';

/** A rule set made ready. */
export interface CompiledRules {
  readonly stage: Stage;
  readonly correlations: readonly CorrelationRule[];
  figures(): RuleFigures;
}

/** What the rules did since they were made ready, in this process. */
export interface RuleFigures {
  readonly signatures: number;
  readonly sigma: number;
  readonly correlations: number;
  /** Events that Sigma rules judged, and how many rules were considered for each: as many as there are, else some are silently left out. */
  readonly judged: number;
  readonly considered_each: number;
  readonly evaluated: number;
  readonly matched: number;
}

export interface CompileOptions {
  readonly native: Native;
  readonly cacheDirectory: string;
  /** Without it registered documents are not recognised. */
  readonly fingerprintKey?: Uint8Array;
  readonly signal: AbortSignal;
}

/** A packed set above this, some hundred Sigma rules, is compiled in a process of its own: that takes seconds, and memory that is not given back. */
const LARGE_CHARS = 128 * 1024;

/** The detection stage of a rule set, opened from the cache. Rejects with what `createEngine` throws, in words. */
export async function compileRules({ ruleSet, packed }: PreparedRuleSet, { native, cacheDirectory, fingerprintKey, signal }: CompileOptions): Promise<CompiledRules> {
  const aside = packed.length > LARGE_CHARS ? { compileAside: () => compileAside({ cacheDirectory, packed }, signal) } : {};
  const engine = await createEngine(ruleSet, { native, cacheDirectory, ...(fingerprintKey === undefined ? {} : { fingerprintKey }), ...aside });
  return {
    stage: createStage(engine),
    correlations: engine.correlations,
    figures() {
      const { events, considered, evaluated, matched } = engine.counts();
      return {
        signatures: ruleSet.signatures.length, sigma: engine.detections.length, correlations: engine.correlations.length,
        judged: events, considered_each: events === 0 ? engine.detections.length : considered / events, evaluated, matched,
      };
    },
  };
}
