import type { Observation } from '../contracts/observation.ts';
import type { Level } from '../contracts/pack.ts';
import { systemAlert } from './correlation/finding.ts';
import type { Engine } from './engine.ts';
import { withScan } from './scan-fields.ts';
import type { Seen } from './scan-fields.ts';
import { lineHits, NO_HITS, scanned } from './scanner.ts';
import type { LineHits } from './scanner.ts';

/** A stored event with what signatures found in it when it came. */
export interface HuntedEvent {
  readonly site: string;
  readonly leaf: number;
  /** Unix ms. */
  readonly receivedAtMs: number;
  /** Unix ms, as the event says. */
  readonly timestampMs: number;
  readonly provenance: string;
  /** As stored: masked. */
  readonly line: string;
  readonly seen: readonly Seen[];
}

/** A Sigma rule that matched. */
export interface HuntMatch {
  readonly site: string;
  readonly leaf: number;
  /** Event time, Unix ms: never later than the receipt. */
  readonly timestampMs: number;
  readonly rule: string;
  readonly level: Level;
  readonly class: string;
  readonly field: string;
  readonly view: string;
}

/** What Sigma rules say of stored events: in order of the events, exactly what the stage said when they came under the same rules. */
export interface HuntResult {
  /** Of rules that raise matches of their own. */
  readonly matches: readonly HuntMatch[];
  readonly observations: readonly Observation[];
}

/** Judges stored events, some hundreds a call. */
export function judgeStored(engine: Engine, events: readonly HuntedEvent[]): HuntResult {
  const body = Buffer.from(events.map(({ line }) => `${line}\n`).join(''));
  const { scanner } = engine;
  const processed = scanned(scanner, body);
  const byLine = new Map(Array.from(lineHits(scanner, processed), (found) => [found.line, found]));
  const result: { readonly matches: HuntMatch[]; readonly observations: Observation[] } = { matches: [], observations: [] };
  for (const [i, event] of events.entries()) judgeOne(engine, event, byLine.get(i) ?? NO_HITS, result);
  return result;
}

function judgeOne(engine: Engine, { site, leaf, receivedAtMs, timestampMs: saidMs, provenance, line, seen }: HuntedEvent, hits: LineHits, into: { readonly matches: HuntMatch[]; readonly observations: Observation[] }): void {
  if (!engine.concerns(hits, seen)) return;
  // The stage stored it, so it is an object.
  const event = JSON.parse(line) as Readonly<Record<string, unknown>>;
  // A finding must not find itself.
  if (provenance === 'system' && systemAlert(event) !== undefined) return;
  const timestampMs = Math.min(saidMs, receivedAtMs);
  const { matches, told } = engine.judge(withScan(event, seen), hits);
  for (const { rule, field, view } of matches) {
    if (rule.standalone) into.matches.push({ site, leaf, timestampMs, rule: rule.id, level: rule.level, class: rule.options.class, field, view });
    for (const observed of told(rule, site)) into.observations.push({ ...observed, site, leaf, timestamp: timestampMs, received_at: receivedAtMs, rule: rule.id });
  }
}
