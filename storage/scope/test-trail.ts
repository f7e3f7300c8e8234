import type { ActColumns } from '../../contracts/acts.ts';
import { NO_FACTS } from './memory-store.ts';
import type { MemoryTrail } from './memory-store.ts';
import type { StoredAct } from './scope-store.ts';

export const MINUTE = 60_000;

/** One deed as a test tells it; what it leaves out is empty, a read of orders by default. */
export interface ToldDeed extends Partial<Omit<ActColumns, 'subjects'>> {
  /** Ms after the trail's start. */
  readonly at: number;
  /** Ms from the event to its receipt. */
  readonly lateMs?: number;
  readonly agent?: string;
  /** Names of persons; their tokens begin with them. */
  readonly people?: readonly string[];
}

const EMPTY: ActColumns = {
  actor: '', role: '', session: '', address: '', key: '', plugin: '', category: 'data_access', action: 'order-viewed', outcome: 'success', how: '', target_kind: '', target: '', destination: '', region: '',
  classes: [], fields: [], records: 0, subjects: 0, batch: '',
};

/** A person's token. */
export function personOf(name: string): string {
  return name.padEnd(24, 'p');
}

/** Deeds in the order told are leaves from 0 on. */
export function trailOf(site: string, startMs: number, told: readonly ToldDeed[]): MemoryTrail {
  const acts = told.map(({ at, lateMs = 0, agent: _agent, people = [], ...columns }, leaf): StoredAct => {
    const receivedAtMs = startMs + at + lateMs;
    return { ...EMPTY, ...columns, subjects: people.length, records: columns.records ?? people.length, leaf, atMs: Math.min(startMs + at, receivedAtMs), receivedAtMs, provenance: 'plugin' };
  });
  return {
    site, acts, facts: NO_FACTS, alerts: new Map(), rules: new Map(),
    subjects: new Map(told.map(({ people = [] }, leaf) => [leaf, people.map((name) => ({ subject: personOf(name), kind: 'customer', jurisdiction: 'DE' }))])),
    agents: new Map(told.map(({ agent = '' }, leaf) => [leaf, agent])),
  };
}
