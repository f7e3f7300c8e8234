import { ALERT_LEVELS } from '../../contracts/alert.ts';
import type { Alert } from '../../contracts/alert.ts';
import type { SiteKeys } from '../../contracts/keys.ts';
import type { Observation } from '../../contracts/observation.ts';
import type { Level } from '../../contracts/pack.ts';
import { rowsOf } from '../../contracts/reference-data.ts';
import type { StageBlock, StageGroup } from '../../contracts/stage.ts';
import { CORRELATION_SETTINGS, limitsOf } from '../../detect/correlation/config.ts';
import { createCorrelations } from '../../detect/correlation/correlations.ts';
import type { CorrelationFinding } from '../../detect/correlation/finding.ts';
import type { Engine } from '../../detect/engine.ts';
import { alertGroup, USUAL } from '../../detect/rows/alert-group.ts';
import { createStage } from '../../detect/stage.ts';
import { MINUTE } from './clock.ts';
import type { Placed } from './timeline.ts';

/** How an alert is grouped with others. */
export type Grouping = Pick<Alert, 'group' | 'quiet_s' | 'back_off' | 'quiet_most_s'>;

/** What a rule, correlation or signature said, with the events it rests on. */
export interface Finding {
  /** A rule's name, its id where it has none; a signature's id. */
  readonly rule: string;
  readonly level: Level;
  /** Unix ms, of the event that completed it. */
  readonly at: number;
  readonly evidence: readonly Placed[];
  /** Of a finding that raised an alert. */
  readonly alert?: Grouping;
}

/** A deployment under watch: events go in by day, what was found comes out. */
export interface Watch {
  see(events: readonly Placed[]): readonly Finding[];
  finish(): readonly Finding[];
}

/** What a row of `matches` or `alerts` says where it stands and what raised it. */
interface MatchRow {
  readonly site: string;
  readonly leaf: number;
  readonly rule: string;
  readonly level: Level;
}

const { lateness_s, idle_s, groups, bytes } = CORRELATION_SETTINGS;
const LIMITS = limitsOf({ lateness_s: lateness_s.default, idle_s: idle_s.default, groups: groups.default, bytes: bytes.default });
/** What a site ships at once. */
const SLICE_MS = 5 * MINUTE;
const KEY_BYTES = 32;
const NO_REJECTS: StageBlock['rejects'] = new Map();

function keysOf(site: string): SiteKeys {
  return { site, epoch: 1, token: Buffer.alloc(KEY_BYTES, 1), deadLetter: Buffer.alloc(KEY_BYTES, 2) };
}

/** The events of each site, as it had them, in the order of their leaves. */
type Leaves = Map<string, Placed[]>;

/** Stores what one site ships; returns what the second stage is told. */
function ship(group: StageGroup, leaves: Leaves, site: string, events: readonly Placed[]): readonly Observation[] {
  const before = leaves.get(site) ?? [];
  const firstLeaf = before.length;
  const body = Buffer.from(events.map(({ event }) => `${JSON.stringify(event)}\n`).join(''));
  const outcome = group.add({
    site, stream: 'scenario', epoch: 1, firstSeq: firstLeaf, skipLines: 0, receivedAtMs: events.at(-1)?.at ?? 0, provenance: 'plugin', partition: 0, position: firstLeaf, firstLeaf,
    body, nonces: false, rejects: NO_REJECTS, keys: keysOf(site),
  });
  if (outcome.stored !== events.length) throw new Error(`${events.length - outcome.stored} events of ${site} are no lines that can be stored`);
  leaves.set(site, before);
  for (const event of events) before.push(event);
  return outcome.observations;
}

function placeOf({ site, leaf, rule }: MatchRow): string {
  return `${site}/${leaf}/${rule}`;
}

/** The whole way of an event as live: signatures on the raw line, masking, rules on what is stored, correlations across all sites. */
export function createWatch(engine: Engine): Watch {
  const stage = createStage(engine);
  const correlations = createCorrelations(engine.correlations, LIMITS);
  const leaves: Leaves = new Map();
  const nameOf = (rule: string): string => engine.rule(rule)?.name ?? rule;
  const eventAt = (site: string, leaf: number): readonly Placed[] => leaves.get(site)?.slice(leaf, leaf + 1) ?? [];

  function correlated({ rule, site, group, timestamp, evidence }: CorrelationFinding): Finding {
    const raised = ALERT_LEVELS.includes(rule.level);
    const alert = raised ? { alert: alertGroup(site, rule.id, Object.values(group), rule.options.suppress ?? USUAL) } : {};
    return { rule: rule.name ?? rule.id, level: rule.level, at: timestamp, evidence: evidence.flatMap((one) => eventAt(one.site, one.leaf)), ...alert };
  }

  function matched(stored: ReturnType<StageGroup['finish']>): readonly Finding[] {
    // Rows as the stage writes them.
    const rows = <Row>(table: string) => stored.filter((one) => one.table === table).flatMap(({ data }) => rowsOf(data.toString()) as Row[]);
    const alerts = new Map(rows<Alert>('alerts').map((alert) => [placeOf(alert), alert]));
    return rows<MatchRow>('matches').map((match) => {
      const evidence = eventAt(match.site, match.leaf);
      const alert = alerts.get(placeOf(match));
      return { rule: nameOf(match.rule), level: match.level, at: evidence[0]?.at ?? 0, evidence, ...(alert === undefined ? {} : { alert }) };
    });
  }

  return {
    see(events) {
      const found: Finding[] = [];
      const group = stage.begin();
      for (const slice of Map.groupBy(events, ({ at }) => Math.floor(at / SLICE_MS)).values()) {
        const observations = [...Map.groupBy(slice, ({ site }) => site)].flatMap(([site, own]) => ship(group, leaves, site, own));
        for (const one of observations.toSorted((a, b) => a.timestamp - b.timestamp)) found.push(...correlations.observe(one).map(correlated));
      }
      return [...found, ...matched(group.finish())].toSorted((a, b) => a.at - b.at);
    },
    finish: () => correlations.finish().map(correlated),
  };
}
