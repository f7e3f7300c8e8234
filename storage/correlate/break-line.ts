import type { CorrelatorEvent } from './correlator-deps.ts';

/** Why equal findings can no longer be vouched for. */
export type Break = Extract<CorrelatorEvent, { readonly type: 'lost' | 'cut' | 'changed' }>;

const RULE = { id: 'tourniquet.correlation.break', version: '1', category: 'integrity' } as const;

/** Severities as SIEMs number them: high, or low for what an operator's change brings about. */
const WORDS = {
  lost: { severity: 73, name: 'Observations were lost before they were correlated: a correlation may be missed' },
  cut: { severity: 73, name: 'The log of observations was made anew or lost its end: a correlation may be missed' },
  changed: { severity: 21, name: 'Correlations began with an empty memory: settings or code changed, or its keys are gone' },
} as const satisfies Readonly<Record<Break['type'], { readonly severity: number; readonly name: string }>>;

/** The break as an event of the `_system` site, in ECS: an alert of its own when observations were lost. */
export function breakLine(reason: Break, epoch: number, nowMs: number): string {
  const { type, partition } = reason;
  const { severity, name } = WORDS[type];
  const range = type === 'lost' ? { from: reason.from, to: reason.to } : {};
  return JSON.stringify({
    '@timestamp': new Date(nowMs).toISOString(),
    event: { kind: 'alert', category: ['intrusion_detection'], action: 'correlation-break', outcome: 'failure', severity },
    rule: { ...RULE, name },
    tourniquet: { correlation: { break: type, partition, epoch, ...range } },
  });
}
