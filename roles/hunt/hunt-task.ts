import type { ClickHouseClient } from '@clickhouse/client';
import type { Engine } from '../../detect/engine.ts';
import { judgeStored } from '../../detect/hunt.ts';
import { storedEvents } from '../../storage/query/stored-events.ts';
import type { EventTimes, LeafRange } from '../../storage/query/stored-events.ts';
import { storedMatches } from '../../storage/query/stored-matches.ts';
import type { Found, HuntRecord } from './hunt-directory.ts';
import type { HuntPlan } from './hunt-plan.ts';

/** Judges the events of a task and compares with what is on record. The same whenever it is done. */
export async function runTask(engine: Engine, client: ClickHouseClient, { times, correlates }: HuntPlan, ranges: readonly LeafRange[]): Promise<readonly HuntRecord[]> {
  const records: Found[] = [];
  let events = 0;
  for (const range of ranges) {
    const found: Found[] = [];
    for await (const batch of storedEvents(client, range, correlates ? undefined : times)) {
      const { matches, observations } = judgeStored(engine, batch);
      for (const match of matches) if (isWithin(times, match.timestampMs)) found.push({ kind: 'match', match, onRecord: null });
      if (correlates) for (const observation of observations) found.push({ kind: 'observation', observation });
      events += batch.length;
    }
    records.push(...await compared(engine, client, range, times, found));
  }
  return [{ kind: 'judged', events }, ...records];
}

function isWithin({ fromMs, toMs }: EventTimes, ms: number): boolean {
  return ms >= fromMs && ms < toMs;
}

/** Marks what is on record, adds what only is there, and puts all in order of leaf, matches first. */
async function compared(engine: Engine, client: ClickHouseClient, range: LeafRange, times: EventTimes, found: readonly Found[]): Promise<readonly Found[]> {
  const recorded = new Map((await storedMatches(client, range, times)).filter(({ rule }) => engine.rule(rule)?.kind === 'detection').map((match) => [`${match.leaf} ${match.rule}`, match]));
  const marked = found.map((record) => {
    if (record.kind !== 'match') return record;
    const key = `${record.match.leaf} ${record.match.rule}`;
    const onRecord = recorded.get(key)?.ruleVersion ?? null;
    recorded.delete(key);
    return { ...record, onRecord };
  });
  const extra = Array.from(recorded.values(), (match): Found => ({ kind: 'extra', match }));
  return [...marked, ...extra].toSorted((a, b) => leafOf(a) - leafOf(b) || ORDER[a.kind] - ORDER[b.kind] || byRule(a, b));
}

const ORDER = { match: 0, extra: 1, observation: 2 } as const;

function leafOf(record: Found): number {
  return record.kind === 'observation' ? record.observation.leaf : record.match.leaf;
}

/** Observations stay as they came. */
function byRule(a: Found, b: Found): number {
  if (a.kind === 'observation' || b.kind === 'observation') return 0;
  return a.match.rule < b.match.rule ? -1 : a.match.rule > b.match.rule ? 1 : 0;
}
