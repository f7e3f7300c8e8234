import type { Level } from '../../contracts/pack.ts';
import type { ObservationKey } from '../../contracts/observation.ts';

/** What a correlation found. `id` depends on what was found alone, so that whoever finds it again gives it the same. */
export interface Finding {
  readonly id: string;
  readonly rule: CorrelationRule;
  readonly by: ObservationKey;
  readonly value: string;
  /** Unix ms: of the observation that completed it, and of the first and last one counted. */
  readonly timestamp: number;
  readonly start: number;
  readonly end: number;
  /** Those that were counted. */
  readonly sites: readonly string[];
}

export interface CorrelationRule {
  /** `tourniquet.correlation.<name>`; never reused. */
  readonly id: string;
  readonly title: string;
  readonly level: Level;
  readonly class: string;
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

/**
 * A finding as an event of the `_system` site, in ECS:
 *
 *     @timestamp                         of the observation that completed it
 *     event.kind                         "alert": this is what makes the event an alert when it is staged
 *     event.category|action|outcome      "intrusion_detection", "correlation", "unknown"
 *     event.id                           the finding's id; the alert's id follows from it
 *     event.severity                     0, 21, 47, 73, 99: informational to critical
 *     event.start, event.end             of the first and last observation counted
 *     rule.id|name|version|category      the rule, its version, and the class of what it finds
 *     source.ip                          what was correlated by
 *     tourniquet.correlation.by|sites    the key, and the sites that were counted
 */
export function findingLine({ id, rule, by, value, timestamp, start, end, sites }: Finding, version: string): string {
  const time = (ms: number): string => new Date(ms).toISOString();
  return JSON.stringify({
    '@timestamp': time(timestamp),
    event: { kind: 'alert', category: ['intrusion_detection'], action: 'correlation', outcome: 'unknown', id, severity: SEVERITY[rule.level], start: time(start), end: time(end) },
    rule: { id: rule.id, name: rule.title, version, category: rule.class },
    source: { ip: value },
    tourniquet: { correlation: { by, sites } },
  });
}

/** What an alert takes from an event of the `_system` site. */
export interface SystemAlert {
  /** `event.id`; empty when the event has none. */
  readonly id: string;
  readonly rule: string;
  readonly rule_version: string;
  readonly title: string;
  readonly level: Level;
  readonly class: string;
  /** The field it is about; empty when that is not known. */
  readonly field: string;
}

function fields(value: unknown): Readonly<Record<string, unknown>> {
  // Any object may be asked for a key; what comes back is checked where it is used.
  return typeof value === 'object' && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** Reads an event with `event.kind: "alert"` and a `rule.id`, nested as `findingLine` writes it; any other is none. */
export function systemAlert(line: unknown): SystemAlert | undefined {
  const { event: about, rule: named, tourniquet } = fields(line);
  const event = fields(about);
  const rule = fields(named);
  if (event['kind'] !== 'alert' || text(rule['id']) === '') return undefined;
  return {
    id: text(event['id']), rule: text(rule['id']), rule_version: text(rule['version']), title: text(rule['name']),
    level: levelOf(event['severity']), class: text(rule['category']), field: text(fields(fields(tourniquet)['correlation'])['by']),
  };
}
