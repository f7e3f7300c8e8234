import type { CorrelationLimits } from './correlation/config.ts';
import { CORRELATION_SETTINGS, WHOLE_HISTORY } from './correlation/config.ts';
import { createCorrelations } from './correlation/correlations.ts';
import type { CorrelationFinding } from './correlation/finding.ts';
import { parseTimestamp } from './derivation/v1/timestamp.ts';
import type { Engine, Judgement } from './engine.ts';
import type { ScanCorrelation } from './scan.ts';

/** Correlations over the lines of one scan, in the order of the lines. */
export interface ScanCorrelations {
  /** What the matches of a line's event complete. */
  observe(line: number, event: Readonly<Record<string, unknown>>, judgement: Judgement): readonly ScanCorrelation[];
  finish(): readonly ScanCorrelation[];
}

/** As late as live, with more memory; no time passes but that of the events. */
const LIMITS: CorrelationLimits = { ...WHOLE_HISTORY, latenessMs: CORRELATION_SETTINGS.lateness_s.default * 1_000 };
/** All lines are of one site. */
const SITE = 'scan';

function resultOf({ rule, group, start, end, late, value, evidence }: CorrelationFinding): ScanCorrelation {
  const lines = [...new Set(evidence.map(({ leaf }) => leaf))].toSorted((a, b) => a - b);
  return { kind: 'correlation', lines, rule: rule.id, level: rule.level, class: rule.options.class, title: rule.title, group, value, start: new Date(start).toISOString(), end: new Date(end).toISOString(), late };
}

export function createScanCorrelations({ correlations }: Engine): ScanCorrelations {
  const run = createCorrelations(correlations, LIMITS);
  let newest = 0;
  return {
    observe(line, event, { matches, told }) {
      const found: ScanCorrelation[] = [];
      const said = event['@timestamp'];
      const parsed = typeof said === 'string' ? parseTimestamp(said) : Number.NaN;
      // An event that names no time happened when the one before did.
      const timestamp = parsed >= 0 ? parsed : newest;
      newest = Math.max(newest, timestamp);
      for (const { rule } of matches) {
        for (const observed of told(rule, SITE)) found.push(...run.observe({ ...observed, site: SITE, leaf: line, timestamp, received_at: newest, rule: rule.id }).map(resultOf));
      }
      return found;
    },
    finish: () => run.finish().map(resultOf),
  };
}
