import type { KeyedRules, KeyedRun, KeyedStage } from '../../contracts/keyed-stage.ts';
import type { CorrelationRule } from '../sigma/rule.ts';
import type { CorrelationLimits } from './config.ts';
import { createCorrelations } from './correlations.ts';
import type { Correlations } from './correlations.ts';
import { findingLine } from './finding.ts';
import type { CorrelationFinding } from './finding.ts';
import { createForest } from './forest.ts';
import type { MemorySnapshot } from './snapshot.ts';

/** Of what is remembered and how ids are made: raised with each change that an older memory does not fit. */
const CODE = 1;

/** The correlations of a sealed rule set; `order` as `KeyedRules` has it. Rejects while the set cannot be read. */
export type LoadCorrelations = (ruleSet: string) => Promise<{ readonly order: number; readonly correlations: readonly CorrelationRule[] }>;

interface ReadyRules extends KeyedRules {
  readonly correlations: readonly CorrelationRule[];
}

interface StageSnapshot {
  /** Order of the set in use; null before any was. */
  readonly order: number | null;
  readonly memory: MemorySnapshot | null;
}

/** The second stage of the pipeline: `createCorrelations` behind `contracts/keyed-stage.ts`. */
export function createCorrelationStage(load: LoadCorrelations, limits: CorrelationLimits): KeyedStage {
  const { latenessMs, idleMs, groups, bytes } = limits;
  return {
    version: `correlation/${CODE}/${latenessMs}/${idleMs}/${groups}/${bytes}`,
    async rules(version): Promise<ReadyRules> {
      const { order, correlations } = await load(version);
      createForest(correlations);
      return { version, order, correlations };
    },
    // Written by `snapshot` below under the same version.
    begin: (snapshot) => beginRun(limits, snapshot as StageSnapshot | undefined),
  };
}

function beginRun(limits: CorrelationLimits, snapshot: StageSnapshot | undefined): KeyedRun {
  let { order, memory: remembered } = snapshot ?? { order: null, memory: null };
  let inUse: { readonly version: string; readonly correlations: Correlations } | undefined;

  const lines = (version: string, findings: readonly CorrelationFinding[]) => findings.map((finding) => ({ site: finding.site, line: findingLine(finding, version) }));
  return {
    use(rules) {
      // Made by `rules` above.
      const { correlations, version } = rules as ReadyRules;
      if (inUse?.version === version || (order !== null && rules.order < order)) return;
      order = rules.order;
      if (inUse === undefined) inUse = { version, correlations: createCorrelations(correlations, limits, remembered ?? undefined) };
      else {
        inUse.correlations.use(correlations);
        inUse = { version, correlations: inUse.correlations };
      }
      remembered = null;
    },
    observe: (observation) => (inUse === undefined ? [] : lines(inUse.version, inUse.correlations.observe(observation))),
    advance: (receivedAtMs) => (inUse === undefined ? [] : lines(inUse.version, inUse.correlations.advance(receivedAtMs))),
    snapshot: (): StageSnapshot => ({ order, memory: inUse?.correlations.snapshot() ?? remembered }),
    counts: () => inUse?.correlations.counts() ?? { groups: 0, bytes: 0, waiting: 0, late: remembered?.late ?? 0, evicted: remembered?.evicted ?? 0 },
  };
}
