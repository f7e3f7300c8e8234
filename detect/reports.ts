import type { Alert } from '../contracts/alert.ts';
import { ALERT_LEVELS } from '../contracts/alert.ts';
import type { Observation } from '../contracts/observation.ts';
import type { Level } from '../contracts/pack.ts';
import type { StageBlock } from '../contracts/stage.ts';
import type { SystemAlert } from './correlation/finding.ts';
import type { EventColumns } from './derivation/v1/event-columns.ts';
import type { Judgement } from './engine.ts';
import type { Detection, Rule } from './mask/exact-match.ts';
import { alertGroup, USUAL } from './rows/alert-group.ts';
import { alertId } from './rows/alert-id.ts';
import { clickhouseTime } from './rows/json-rows.ts';
import type { MonthRows } from './rows/month-rows.ts';
import type { Seen } from './scan-fields.ts';
import type { Rule as SigmaRule } from './sigma/rule.ts';

/** Units of a field's name that are stored: keys can be as long as a line. */
const MOST_FIELD_UNITS = 256;

/** What a block's lines gave rise to: rows of `matches` and `alerts`, and observations. */
export interface Reports {
  readonly block: StageBlock;
  readonly out: MonthRows;
  readonly receivedAt: string;
  /** The sealed rule set. */
  readonly rules: string;
  readonly observations: Observation[];
  alerts: number;
}

/** A line that matched: its index in the block, its leaf, and its columns after masking. */
export interface ReportedLine {
  readonly index: number;
  readonly leaf: number;
  readonly columns: EventColumns;
}

interface Match {
  readonly engine: 'pack' | 'sigma' | 'correlation';
  readonly rule: string;
  readonly rule_version: string;
  readonly level: Level;
  readonly class: string;
  readonly field: string;
  readonly view: string;
}

/** What an alert says beside its match. */
interface About extends Pick<Alert, 'title' | 'late' | 'group' | 'quiet_s' | 'back_off' | 'quiet_most_s'> {
  /** The alert is about the line's leaf, or about an id. */
  readonly subject: number | { readonly id: string };
}

/** A row of `matches`. */
function reportMatch({ block, out, receivedAt }: Reports, { leaf, columns }: ReportedLine, match: Match, spans: number): void {
  const { site, partition, position } = block;
  const { engine, rule, rule_version, level, class: matchClass, field, view } = match;
  // Each property by its name: rows are many, and copying objects takes longer than all the rest of them.
  out.matches.push({ site, leaf, received_at: receivedAt, timestamp: clickhouseTime(columns.timestamp), partition, position, engine, rule, rule_version, level, class: matchClass, field, view, spans: Math.min(spans, 0xffff) });
}

/** A row of `matches`, and one of `alerts` when the level raises them. */
function reportRule(reports: Reports, line: ReportedLine, match: Match, about: () => About): void {
  reportMatch(reports, line, match, 1);
  const { rule, rule_version, level, class: matchClass, field } = match;
  if (!ALERT_LEVELS.includes(level)) return;
  reports.alerts++;
  const { block, out, receivedAt } = reports;
  const { site, partition, position } = block;
  const { index, leaf, columns } = line;
  const { subject, title, late, group, quiet_s, back_off, quiet_most_s } = about();
  out.alerts.push({
    id: alertId(site, subject, rule), site, leaf, received_at: receivedAt, timestamp: clickhouseTime(columns.timestamp), partition, position, rule, rule_version, level, class: matchClass, field,
    source_ip: columns.source_ip, stream: block.stream, epoch: block.epoch, seq: block.firstSeq + index, title, late, group, quiet_s, back_off, quiet_most_s,
  });
}

/** Detections of one rule in one line, in order of the rules. */
function byRule(detections: readonly Detection[]): readonly (readonly [Rule, readonly Detection[]])[] {
  const [first] = detections;
  if (first === undefined) return [];
  if (detections.every(({ rule }) => rule === first.rule)) return [[first.rule, detections]];
  return [...Map.groupBy(detections, (d) => d.rule)].toSorted(([a], [b]) => a.index - b.index);
}

/** Each signature that hit the line, as Sigma rules see it too. It says what is there; whether that is worth an alert is for rules to say. */
export function reportDetections(reports: Reports, line: ReportedLine, detections: readonly Detection[]): readonly Seen[] {
  return byRule(detections).map(([{ signature }, found]) => {
    const { id: rule, level, class: matchClass } = signature;
    const seen = { rule, level, class: matchClass, field: (found[0]?.field ?? '').slice(0, MOST_FIELD_UNITS), view: found[0]?.view ?? '' };
    reportMatch(reports, line, { engine: 'pack', rule_version: reports.rules, ...seen }, found.length);
    return seen;
  });
}

/** Each Sigma rule the event matches, and what correlations want to know of it. */
export function reportJudgement(reports: Reports, line: ReportedLine, { matches, read, told }: Judgement): void {
  const { site, receivedAtMs } = reports.block;
  for (const { rule, field, view } of matches) {
    if (rule.standalone) {
      const match = { engine: 'sigma', rule: rule.id, rule_version: reports.rules, level: rule.level, class: rule.options.class, field: field.slice(0, MOST_FIELD_UNITS), view } as const;
      reportRule(reports, line, match, () => {
        const suppress = rule.options.suppress ?? USUAL;
        return { subject: line.leaf, title: rule.title, late: 0, ...alertGroup(site, rule.id, suppress.by.map((name) => read(rule, name)), suppress) };
      });
    }
    const timestamp = Math.min(line.columns.timestamp, receivedAtMs);
    for (const observed of told(rule, site)) reports.observations.push({ ...observed, site, leaf: line.leaf, timestamp, received_at: receivedAtMs, rule: rule.id });
  }
}

/** A finding of the second stage that came back as an event. `rule`: as this rule set has it, if it does. */
export function reportFinding(reports: Reports, line: ReportedLine, { id, title, late, group, ...match }: SystemAlert, rule: SigmaRule | undefined): void {
  reportRule(reports, line, { engine: 'correlation', view: '', ...match }, () => ({
    subject: id === '' ? line.leaf : { id }, title, late: late ? 1 : 0, ...alertGroup(reports.block.site, match.rule, group, rule?.options.suppress ?? USUAL),
  }));
}
