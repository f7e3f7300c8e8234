import { isIP } from 'node:net';
import { ALERT_LEVELS } from '../contracts/alert.ts';
import { SYSTEM_SITE } from '../contracts/names.ts';
import type { Observation } from '../contracts/observation.ts';
import type { Level } from '../contracts/pack.ts';
import type { StageBlock } from '../contracts/stage.ts';
import type { SystemAlert } from './correlation/finding.ts';
import type { EventColumns } from './derivation/v1/event-columns.ts';
import type { Detection, Rule } from './mask/exact-match.ts';
import { alertId } from './rows/alert-id.ts';
import { clickhouseTime } from './rows/json-rows.ts';
import type { MonthRows } from './rows/month-rows.ts';

/** Units of a field's name that are stored: keys can be as long as a line. */
const MOST_FIELD_UNITS = 256;

/** What a block's lines gave rise to: rows of `matches` and `alerts`, and observations. */
export interface Reports {
  readonly block: StageBlock;
  readonly out: MonthRows;
  readonly receivedAt: string;
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
  readonly rule: string;
  readonly rule_version: string;
  readonly level: Level;
  readonly class: string;
  readonly field: string;
}

/** Detections of one rule in one line, in order of the rules. */
function byRule(detections: readonly Detection[]): readonly (readonly [Rule, readonly Detection[]])[] {
  return [...Map.groupBy(detections, (d) => d.rule)].toSorted(([a], [b]) => a.index - b.index);
}

/** A row of `matches`, and one of `alerts` when the level raises them. The alert is about the leaf, or about an id. */
function reportMatch(reports: Reports, { index, leaf, columns }: ReportedLine, match: Match, spans: number, title: string, about: number | { readonly id: string }): void {
  const { block, out, receivedAt } = reports;
  const row = { site: block.site, leaf, received_at: receivedAt, timestamp: clickhouseTime(columns.timestamp), partition: block.partition, position: block.position, ...match };
  out.matches.push({ ...row, spans: Math.min(spans, 0xffff) });
  if (!ALERT_LEVELS.includes(match.level)) return;
  reports.alerts++;
  out.alerts.push({ id: alertId(block.site, about, match.rule), ...row, title, source_ip: columns.source_ip, stream: block.stream, epoch: block.epoch, seq: block.firstSeq + index });
}

/** Each signature that hit the line; what has a source address is told to the second stage, unless it is our own. */
export function reportDetections(reports: Reports, line: ReportedLine, detections: readonly Detection[], packVersion: string): void {
  const { site, receivedAtMs } = reports.block;
  const { source_ip: value, timestamp } = line.columns;
  const observed = site !== SYSTEM_SITE && isIP(value) !== 0;
  for (const [{ signature }, found] of byRule(detections)) {
    const { id: rule, level, class: matchClass } = signature;
    const match = { rule, rule_version: packVersion, level, class: matchClass, field: (found[0]?.field ?? '').slice(0, MOST_FIELD_UNITS) };
    reportMatch(reports, line, match, found.length, signature.title, line.leaf);
    if (observed) reports.observations.push({ by: 'source.ip', value, site, leaf: line.leaf, timestamp: Math.min(timestamp, receivedAtMs), received_at: receivedAtMs, rule, level, class: matchClass });
  }
}

/** A finding of the second stage that came back as an event. */
export function reportFinding(reports: Reports, line: ReportedLine, { id, title, ...match }: SystemAlert): void {
  reportMatch(reports, line, match, 1, title, id === '' ? line.leaf : { id });
}
