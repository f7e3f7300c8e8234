import { shown } from '../rule-text.ts';
import type { ResolvedCorrelation } from './resolved.ts';

/**
 * Correlations across sites are looked at where all observations with one value of `group-by` come together: so there
 * has to be a value, and what they refer to has to be looked at in the same place.
 */
export function checkScopes(correlations: readonly ResolvedCorrelation[]): void {
  const byDraft = new Map(correlations.map((correlation) => [correlation.draft, correlation]));
  for (const { draft, rules, written, groupBy } of correlations) {
    const { text, head: { options, span } } = draft;
    const deployment = options.scope === 'deployment';
    if (deployment && groupBy.length === 0) text.report(span, 'a correlation with `scope: deployment` needs a `group-by`', 'what is the same across sites, like source.ip');
    for (const [index, rule] of rules.entries()) {
      const other = rule.kind === 'correlation' ? byDraft.get(rule) : undefined;
      if (other === undefined) continue;
      const otherDeployment = other.draft.head.options.scope === 'deployment';
      if (deployment !== otherDeployment) {
        text.report(written[index] ?? span, `\`${shown(other.id)}\` looks at ${sitesOf(otherDeployment)}, this correlation at ${sitesOf(deployment)}`, 'give both the same `scope`');
      } else if (deployment && !sameNames(groupBy, other.groupBy)) {
        text.report(written[index] ?? span, `\`${shown(other.id)}\` has another \`group-by\``, 'correlations across sites that refer to each other group by the same fields');
      }
    }
  }
}

function sitesOf(deployment: boolean): string {
  return deployment ? 'all sites together' : 'each site alone';
}

function sameNames(a: ResolvedCorrelation['groupBy'], b: ResolvedCorrelation['groupBy']): boolean {
  return a.length === b.length && a.every(({ name }, index) => name === b[index]?.name);
}
