import type { Observation } from '../../contracts/observation.ts';
import type { Level } from '../../contracts/pack.ts';
import type { CorrelationConfig } from '../../detect/correlation/config.ts';
import { limitsOf, WHOLE_HISTORY } from '../../detect/correlation/config.ts';
import { createCorrelations } from '../../detect/correlation/correlations.ts';
import type { CorrelationFinding } from '../../detect/correlation/finding.ts';
import type { CorrelationRule } from '../../detect/sigma/rule.ts';

/** What a correlation found in stored history. */
export interface HuntFinding {
  /** As live: of the same events always the same. */
  readonly id: string;
  /** `_system` when it is about several. */
  readonly site: string;
  /** Event time, Unix ms: of the newest event it is made of. */
  readonly timestampMs: number;
  readonly rule: string;
  readonly level: Level;
  readonly class: string;
  readonly late: boolean;
  /** The last events it is made of. */
  readonly events: readonly { readonly site: string; readonly leaf: number }[];
}

/** The correlations of a hunt, over observations in order of receipt. */
export interface Correlator {
  observe(observation: Observation): readonly HuntFinding[];
  /** Time has come to there: closes windows. */
  advance(receivedAtMs: number): readonly HuntFinding[];
}

/** With the lateness and idle time of the live stage, whose memory may be smaller: what it forgot for lack of room is found here. */
export function createHuntCorrelator(rules: readonly CorrelationRule[], config: CorrelationConfig): Correlator {
  const { latenessMs, idleMs } = limitsOf(config);
  const correlations = createCorrelations(rules, { ...WHOLE_HISTORY, latenessMs, idleMs });
  let advancedMs = -Infinity;
  return {
    observe: (observation) => correlations.observe(observation).map((finding) => huntFinding(finding)),
    advance(receivedAtMs) {
      if (receivedAtMs <= advancedMs) return [];
      advancedMs = receivedAtMs;
      return correlations.advance(receivedAtMs).map((finding) => huntFinding(finding));
    },
  };
}

function huntFinding({ id, site, rule, timestamp, late, evidence }: CorrelationFinding): HuntFinding {
  return { id, site, timestampMs: timestamp, rule: rule.id, level: rule.level, class: rule.options.class, late, events: evidence };
}
