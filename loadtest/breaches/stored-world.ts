import { createClient } from '@clickhouse/client';
import type { StageBlock } from '../../contracts/stage.ts';
import type { InsertFence } from '../../contracts/store.ts';
import type { Engine } from '../../detect/engine.ts';
import { createStage } from '../../detect/stage.ts';
import { createGroupStore } from '../../storage/client/group-store.ts';
import type { Arrived, World } from './world.ts';

const KEY_BYTES = 32;
const BLOCK_LINES = 100;

export interface StoredWorld {
  /** Where each event of the world stands in the site's tree. */
  readonly leaves: ReadonlyMap<Arrived, number>;
}

/** Runs of events of one provenance, as blocks hold them. */
function runs(arrived: readonly Arrived[]): readonly (readonly Arrived[])[] {
  const found: Arrived[][] = [];
  for (const one of arrived) {
    const last = found.at(-1);
    if (last !== undefined && last[0]?.provenance === one.provenance && last.length < BLOCK_LINES) last.push(one);
    else found.push([one]);
  }
  return found;
}

/** Stages and stores a world as a worker does, as the first group of a partition; the writer's password is `w`. */
export async function storeWorld({ site, arrived }: World, engine: Engine, url: string, partition: number): Promise<StoredWorld> {
  const group = createStage(engine).begin();
  const leaves = new Map<Arrived, number>();
  const blocks: object[] = [];
  const next = { plugin: 0, gateway: 0 };
  let leaf = 0;
  for (const [position, own] of runs(arrived).entries()) {
    const provenance = own[0]?.provenance ?? 'plugin';
    const receivedAtMs = own.reduce((ms, one) => Math.max(ms, one.receivedAtMs), 0);
    const place = { site, stream: provenance === 'plugin' ? 'audit' : 'access', epoch: provenance === 'plugin' ? 1 : 0, partition, position };
    const block: StageBlock = {
      ...place, firstSeq: next[provenance], skipLines: 0, receivedAtMs, provenance, firstLeaf: leaf, body: Buffer.from(own.map(({ event }) => `${JSON.stringify(event)}\n`).join('')), nonces: false, rejects: new Map(),
      keys: { site, epoch: 1, token: Buffer.alloc(KEY_BYTES, 1), deadLetter: Buffer.alloc(KEY_BYTES, 2) },
    };
    const { stored } = group.add(block);
    if (stored !== own.length) throw new Error(`${own.length - stored} events of ${site} are no lines that can be stored`);
    blocks.push({ ...place, first_seq: next[provenance], lines: own.length, stored, received_at: new Date(receivedAtMs).toISOString(), provenance, first_leaf: leaf, head: provenance === 'plugin' ? 'head' : '' });
    for (const one of own) leaves.set(one, leaf++);
    next[provenance] += own.length;
  }
  const fence: InsertFence = { kind: 'uncommitted', range: { partition, first: 0, last: blocks.length } };
  await using store = createGroupStore({ url, user: 'writer', password: 'w' });
  for (const [i, rows] of group.finish().entries()) await store.insert(`${site}-${i}`, rows, fence);
  await using writer = createClient({ url, username: 'writer', password: 'w', database: 'tourniquet' });
  const settings = { date_time_input_format: 'best_effort' } as const;
  await writer.insert({ table: 'blocks', format: 'JSONEachRow', values: blocks, clickhouse_settings: settings });
  const committed_at = new Date(arrived.at(-1)?.receivedAtMs ?? 0).toISOString();
  await writer.insert({ table: 'commits', format: 'JSONEachRow', values: [{ partition, last: blocks.length, committed_at, rules: engine.ruleSet.version, sites: [site], tree_sizes: [leaf] }], clickhouse_settings: settings });
  return { leaves };
}
