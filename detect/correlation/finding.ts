import { hash } from 'node:crypto';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { Level } from '../../contracts/pack.ts';
import { letters } from '../rows/letters.ts';
import type { CorrelationRule } from '../sigma/rule.ts';

/** What a correlation found. `id` depends on what was found alone, so that whoever finds it again gives it the same. */
export interface CorrelationFinding {
  readonly id: string;
  readonly rule: CorrelationRule;
  /** The site it is about; `_system` of a correlation across sites. */
  readonly site: string;
  /** Values it is grouped by, under the names the rule groups by. */
  readonly group: Readonly<Record<string, string>>;
  /** Unix ms: of the event that completed it, and of the first and last one counted. */
  readonly timestamp: number;
  readonly start: number;
  readonly end: number;
  /** Whether what completed it came behind the watermark. */
  readonly late: boolean;
  /** What the condition compares. */
  readonly value: number;
  /** How many entries were counted. */
  readonly events: number;
  /** The last events counted, at most 256, in order of time, each once. Of a finding of another correlation: the event that completed it. */
  readonly evidence: readonly { readonly site: string; readonly leaf: number }[];
}

/** Sites and leaves named in a line. */
const MOST_NAMED = 20;

/** `place`: the stretch of time, or the start of the window, which no other finding of the rule and group has. */
export function findingId({ id, timespanMs }: CorrelationRule, site: string, key: string, place: number): string {
  return `finding_${letters(hash('sha256', `tourniquet/finding/v2\n${id}\n${timespanMs}\n${site}\n${place}\n${key}\n`, 'buffer'))}`;
}

/** `event.severity` of each level, as SIEMs number them. */
const SEVERITY: Readonly<Record<Level, number>> = { informational: 0, low: 21, medium: 47, high: 73, critical: 99 };

/** Level of a severity: the highest it reaches. */
function levelOf(severity: unknown): Level {
  const number = typeof severity === 'number' ? severity : 0;
  let level: Level = 'informational';
  // Keys of the table are levels, in rising order.
  for (const [name, least] of Object.entries(SEVERITY)) if (number >= least) level = name as Level;
  return level;
}

/** Parts of an event that a finding fills itself, whatever its rule groups by. */
const OWN = new Set(['@timestamp', 'event', 'rule', 'tourniquet']);

/**
 * A finding as an event, in ECS:
 *
 *     @timestamp                         of the event that completed it
 *     event.kind                         "alert": this is what makes the event an alert when it is staged
 *     event.category|action|outcome      "intrusion_detection", "correlation", "unknown"
 *     event.id                           the finding's id; the alert's id follows from it
 *     event.severity                     0, 21, 47, 73, 99: informational to critical
 *     event.start, event.end             of the first and last event counted
 *     rule.id|name|version|category      the rule, the sealed rule set, and the class of what it finds
 *     source.ip and others               what it is grouped by, under the rule's own names (dotted)
 *     tourniquet.correlation             type, by (names), group (values in that order), value and events (counts),
 *                                        late, sites (when it is about several), leaves (of the last events counted)
 */
export function findingLine(finding: CorrelationFinding, ruleVersion: string): string {
  const { id, rule, site, group, timestamp, start, end, late, value, events, evidence } = finding;
  const time = (ms: number): string => new Date(ms).toISOString();
  const named = Object.entries(group).filter(([name]) => !OWN.has(name.split('.')[0] ?? ''));
  const about = site === SYSTEM_SITE ? { sites: [...new Set(evidence.map((one) => one.site))].slice(0, MOST_NAMED) } : { leaves: evidence.slice(-MOST_NAMED).map(({ leaf }) => leaf) };
  return JSON.stringify({
    ...Object.fromEntries(named),
    '@timestamp': time(timestamp),
    event: { kind: 'alert', category: ['intrusion_detection'], action: 'correlation', outcome: 'unknown', id, severity: SEVERITY[rule.level], start: time(start), end: time(end) },
    rule: { id: rule.id, name: rule.title, version: ruleVersion, category: rule.options.class },
    tourniquet: { correlation: { type: rule.type, by: Object.keys(group), group: Object.values(group), value, events, late, ...about } },
  });
}

/** What an alert takes from an event that is a finding. */
export interface SystemAlert {
  /** `event.id`; empty when the event has none. */
  readonly id: string;
  readonly rule: string;
  readonly rule_version: string;
  readonly title: string;
  readonly level: Level;
  readonly class: string;
  /** The field it is grouped by first; empty when there is none. */
  readonly field: string;
  readonly late: boolean;
  /** Values it is grouped by. */
  readonly group: readonly string[];
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be asked for a key; what comes back is checked where it is used.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

function texts(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value];
  return Array.isArray(value) ? value.filter((one) => typeof one === 'string') : [];
}

/** Reads an event with `event.kind: "alert"` and a `rule.id`, nested as `findingLine` writes it; any other is none. */
export function systemAlert(line: unknown): SystemAlert | undefined {
  const { event: about, rule: named, tourniquet } = fields(line);
  const event = fields(about);
  const rule = fields(named);
  if (event['kind'] !== 'alert' || text(rule['id']) === '') return undefined;
  const correlation = fields(fields(tourniquet)['correlation']);
  return {
    id: text(event['id']), rule: text(rule['id']), rule_version: text(rule['version']), title: text(rule['name']),
    level: levelOf(event['severity']), class: text(rule['category']), field: texts(correlation['by'])[0] ?? '',
    late: correlation['late'] === true, group: texts(correlation['group']),
  };
}
