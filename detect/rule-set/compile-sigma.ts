import { hash } from 'node:crypto';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { readCacheFile, writeCacheFile } from '../cache-file.ts';
import { createObserver } from '../correlation/observer.ts';
import type { Observer } from '../correlation/observer.ts';
import { detectError } from '../errors.ts';
import type { DetectError } from '../errors.ts';
import { correlationProblems } from '../rules/correlation-problems.ts';
import type { Served } from '../sigma/event/routing.ts';
import { printProblems } from '../sigma/language/print-problems.ts';
import { readRules } from '../sigma/language/read-rules.ts';
import type { Mappings } from '../sigma/mappings/mapping.ts';
import { openPlan, sealPlan } from '../sigma/plan/plan-cache.ts';
import type { CachedPlan } from '../sigma/plan/plan-cache.ts';
import { createPlan } from '../sigma/plan/plan.ts';
import type { PlanOptions, SigmaPlan } from '../sigma/plan/plan.ts';
import type { CorrelationRule, DetectionRule, Problem } from '../sigma/rule.ts';
import { viewsOf } from '../views/views.ts';
import { mappingsOf } from './known-mappings.ts';

/** The Sigma part of a rule set, made ready. */
export interface CompiledSigma {
  readonly detections: readonly DetectionRule[];
  readonly correlations: readonly CorrelationRule[];
  readonly mappings: Mappings;
  readonly plan: SigmaPlan;
  readonly observer: Observer;
}

export interface CompileOptions {
  readonly cacheDirectory?: string | undefined;
  /** What every event serves; by default the mappings tell. */
  readonly served?: Served | undefined;
  /** Asked for a set that is not in the cache: may put it there, or reject with what is wrong with it. */
  readonly compileAside?: (() => Promise<void>) | undefined;
}

/**
 * Throws TQ-DETECT-07 with every problem at once. What was made is kept in the cache for the next time; what comes from
 * there is opened in slices of time.
 */
export async function compileSigma(ruleSet: RuleSet, options: CompileOptions = {}): Promise<CompiledSigma> {
  const { mappings, problems } = await mappingsOf(ruleSet.mappings);
  if (problems.length > 0) throw rulesInvalid(ruleSet, problems);
  const { rules, plan } = await planOf(ruleSet, { mappings, viewsOf, audience: options.served ?? 'mapped' }, options);
  return { ...rules, mappings, plan, observer: createObserver(rules.correlations) };
}

async function planOf(ruleSet: RuleSet, options: PlanOptions, { cacheDirectory, compileAside }: CompileOptions): Promise<CachedPlan> {
  if (cacheDirectory === undefined) return makePlan(ruleSet, options);
  const version = `${ruleSet.version} for ${JSON.stringify(options.audience)}`;
  const name = `plan-${hash('sha256', version).slice(0, 32)}.bin`;
  const open = async (): Promise<CachedPlan | undefined> => {
    const kept = readCacheFile(cacheDirectory, name);
    return kept === undefined ? undefined : openPlan(kept, version, options);
  };
  const opened = (await open()) ?? (await compileAside?.().then(open));
  if (opened !== undefined) return opened;
  const made = makePlan(ruleSet, options);
  writeCacheFile(cacheDirectory, name, await sealPlan(made, version));
  return made;
}

function makePlan(ruleSet: RuleSet, options: PlanOptions): CachedPlan {
  const { rules, problems: readingProblems } = readRules(ruleSet.sigma, { placeholders: ruleSet.placeholders });
  const problems = [...readingProblems, ...correlationProblems(rules.correlations)];
  if (problems.length > 0) throw rulesInvalid(ruleSet, problems);
  return { rules, plan: createPlan(rules.detections, options) };
}

function rulesInvalid({ sigma, mappings }: RuleSet, problems: readonly Problem[]): DetectError {
  return detectError('rulesInvalid', `\n${printProblems(problems, [...sigma, ...mappings])}`);
}
