import type { DataFlow, DataFlowStatement } from '../../contracts/data-flow.ts';
import { ScopeError } from '../scope/compute-scope.ts';
import { scopeGaps } from '../scope/gaps.ts';
import type { ScopeStore, ScopeTimes, ScopeView } from '../scope/scope-store.ts';
import { placeOf } from './region.ts';

/** What was sent with personal data, as the store groups it. */
export type StoredFlow = Omit<DataFlow, 'place'>;

/** What the statement asks of the store beside what a scope asks. Flows come in no particular order. */
export interface FlowStore extends Pick<ScopeStore, 'horizon' | 'facts'> {
  flows(view: ScopeView, times: ScopeTimes): Promise<readonly StoredFlow[]>;
}

export interface DataFlowRequest extends ScopeTimes {
  readonly site: string;
  /** `isRegion`. */
  readonly region: string;
}

/** Rejects with a `ScopeError` for a site of which nothing is stored, or with what the store says. */
export async function computeDataFlow(store: FlowStore, { site, region, fromMs, toMs }: DataFlowRequest): Promise<DataFlowStatement> {
  const { treeSize, asOfMs } = await store.horizon(site);
  if (treeSize === 0) throw new ScopeError('no-such-site');
  const times = { fromMs, toMs };
  const [facts, stored] = await Promise.all([store.facts({ site, treeSize }, times), store.flows({ site, treeSize }, times)]);
  const gaps = scopeGaps(facts, times, { unnamed: 0, plain: undefined, leftOut: false });
  return {
    v: 1, site, region, fromMs, toMs, asOfMs, treeSize,
    flows: stored.map((flow) => ({ ...flow, place: placeOf(region, flow.said) })).toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1)),
    gaps,
    coverage: {
      receivedFromMs: facts.received.fromMs, receivedToMs: facts.received.toMs, ...facts.blocks, eventsCounted: facts.eventsCounted,
      missingLines: gaps.reduce((sum, { kind, count }) => (kind === 'lines-missing' ? sum + count : sum), 0),
    },
  };
}

function orderOf({ destination, said, how, plugin }: StoredFlow): string {
  return [destination, said, how, plugin].join('\n');
}
