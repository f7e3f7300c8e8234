import type { Told } from './hunt-results.ts';

/** Results by rule. */
export interface RuleCounts {
  readonly rule: string;
  readonly same: number;
  readonly missing: number;
  readonly extra: number;
  /** On record with another content of the rule. */
  readonly changed: number;
}

/**
 * A result as one JSON object: `leaves` of a finding about one site, `events` of one about several. `changed`: whether the
 * rule on record was another one; undefined when that is not known.
 */
export function jsonLine(result: Told, changed?: boolean): string {
  const { record } = result;
  const version = record === 'missing' ? {} : { rule_version: result.ruleVersion, ...(changed === undefined ? {} : { rule_changed: changed }) };
  if (result.kind === 'match') {
    const { site, leaf, timestampMs, rule, level, class: dataClass, field, view } = result.match;
    return JSON.stringify({ site, leaf, '@timestamp': timeOf(timestampMs), rule, level, class: dataClass, field, view, record, ...version });
  }
  const { site, timestampMs, rule, level, class: dataClass, id } = result.finding;
  const about = { '@timestamp': timeOf(timestampMs), rule, level, class: dataClass, id, record, ...version };
  if (result.record === 'extra') return JSON.stringify({ site, ...about });
  const { events, late } = result.finding;
  const alone = events.every((event) => event.site === site);
  return JSON.stringify({ site, ...(alone ? { leaves: events.map(({ leaf }) => leaf) } : { events }), ...about, late });
}

/** A result for people. */
export function textLine(result: Told): string {
  const { site, timestampMs, rule, level } = result.kind === 'match' ? result.match : result.finding;
  const place = result.kind === 'match' ? `${site}/${result.match.leaf}` : result.record === 'extra' ? site : `${site}: ${result.finding.events.length} events`;
  const remark = { same: '', missing: '  (not on record)', extra: '  (only on record)' }[result.record];
  return `${timeOf(timestampMs)}  ${level.padEnd(13)}  ${place}  ${rule}${remark}`;
}

function timeOf(ms: number): string {
  return new Date(ms).toISOString();
}

/** Counts results as they pass. */
export function createCounts(): { add(result: Told, changed?: boolean): void; all(): readonly RuleCounts[] } {
  const counts = new Map<string, { same: number; missing: number; extra: number; changed: number }>();
  return {
    add(result, changed) {
      const { rule } = result.kind === 'match' ? result.match : result.finding;
      const of = counts.get(rule) ?? { same: 0, missing: 0, extra: 0, changed: 0 };
      of[result.record]++;
      if (changed === true) of.changed++;
      counts.set(rule, of);
    },
    all: () => [...counts].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([rule, of]) => ({ rule, ...of })),
  };
}

/** Counts as a table, with what the words mean. */
export function countsTable(counts: readonly RuleCounts[], events: number): string {
  const width = Math.max(4, ...counts.map(({ rule }) => rule.length));
  const row = (rule: string, ...cells: readonly (string | number)[]): string => `${rule.padEnd(width)}${cells.map((cell) => String(cell).padStart(9)).join('')}\n`;
  const table = counts.length === 0 ? '' : row('RULE', 'FOUND', 'MISSING', 'EXTRA', 'CHANGED') + counts.map((c) => row(c.rule, c.same + c.missing, c.missing, c.extra, c.changed)).join('');
  const found = counts.reduce((n, c) => n + c.same + c.missing, 0);
  return `${table}${found} found in ${events} events. MISSING: not on record; EXTRA: on record, and not found now; CHANGED: on record, of the rule with another content.\n`;
}
