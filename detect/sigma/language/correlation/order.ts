import { shown } from '../rule-text.ts';
import type { ResolvedCorrelation } from './resolved.ts';

/** Correlations so that each stands after those it refers to, else in the order they were read. Circles are reported. */
export function inOrder(correlations: readonly ResolvedCorrelation[]): readonly ResolvedCorrelation[] {
  const byDraft = new Map(correlations.map((correlation) => [correlation.draft, correlation]));
  const referred = (correlation: ResolvedCorrelation): readonly ResolvedCorrelation[] => correlation.rules.flatMap((rule) => (rule.kind === 'correlation' ? (byDraft.get(rule) ?? []) : []));
  const ordered = new Set<ResolvedCorrelation>();
  const users = new Map<ResolvedCorrelation, ResolvedCorrelation[]>();
  const waitingFor = new Map<ResolvedCorrelation, number>();
  for (const correlation of correlations) {
    waitingFor.set(correlation, referred(correlation).length);
    for (const other of referred(correlation)) {
      const known = users.get(other);
      if (known === undefined) users.set(other, [correlation]);
      else known.push(correlation);
    }
  }
  let ready = correlations.filter((correlation) => waitingFor.get(correlation) === 0);
  while (ready.length > 0) {
    for (const correlation of ready) ordered.add(correlation);
    ready = ready.flatMap((correlation) => (users.get(correlation) ?? []).filter((user) => {
      const left = (waitingFor.get(user) ?? 0) - 1;
      waitingFor.set(user, left);
      return left === 0;
    }));
  }
  if (ordered.size < correlations.length) reportCircles(correlations.filter((correlation) => !ordered.has(correlation)), referred);
  return [...ordered];
}

/** What is left refers to something left: walking on from anywhere comes back. Each circle is told once. */
function reportCircles(left: readonly ResolvedCorrelation[], referred: (correlation: ResolvedCorrelation) => readonly ResolvedCorrelation[]): void {
  const among = new Set(left);
  const walked = new Set<ResolvedCorrelation>();
  for (const start of left) {
    const path: ResolvedCorrelation[] = [];
    let at: ResolvedCorrelation | undefined = start;
    while (at !== undefined && !walked.has(at)) {
      walked.add(at);
      path.push(at);
      at = referred(at).find((other) => among.has(other));
    }
    const from = at === undefined ? -1 : path.indexOf(at);
    if (from === -1) continue;
    const circle = path.slice(from).map(({ id }) => `\`${shown(id)}\``);
    at?.draft.text.report(at.draft.head.span, `correlations refer to each other in a circle: ${[...circle.slice(0, 10), circle[0]].join(' → ')}`, 'a correlation refers to what is known before it');
  }
}
