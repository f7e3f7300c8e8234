import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { engineOf } from '../../detect/engine-fixture.ts';
import { defaultStorageConfig } from '../../storage/config.ts';
import { computeDataFlow } from '../../storage/data-flow/compute-data-flow.ts';
import { createFlowStore } from '../../storage/data-flow/flow-store.ts';
import { startStorage } from '../../storage/engine/storage.ts';
import type { Storage } from '../../storage/engine/storage.ts';
import { createScopeStore } from '../../storage/scope/clickhouse-store.ts';
import { computeScope } from '../../storage/scope/compute-scope.ts';
import { judge, requestOf } from './judge-scope.ts';
import { storeWorld } from './stored-world.ts';
import { copiedSession } from './stories/copied-session.ts';
import { mailingPlugin } from './stories/mailing-plugin.ts';
import { rogueAdministrator } from './stories/rogue-administrator.ts';
import { worldOf } from './world.ts';
import type { World } from './world.ts';

const SEED = 11;

let directory: string;
let storage: Storage;
let reader: ClickHouseClient;
const worlds: World[] = [];

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-breaches-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', config: defaultStorageConfig() });
  const engine = await engineOf({ packs: [] });
  // Each on a site of its own.
  for (const story of [copiedSession, mailingPlugin, rogueAdministrator]) {
    const world = worldOf(story, SEED);
    await storeWorld(world, engine, storage.url, worlds.length);
    worlds.push(world);
  }
  reader = createClient({ url: storage.url, username: 'reader', password: 'r', database: 'tourniquet' });
});
afterAll(async () => {
  await reader.close();
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

describe('breaches that went through the stage into the store', () => {
  test.each([0, 1, 2])('world %i: every person the breach touched is found, and nobody else', async (index) => {
    const world = worlds[index];
    expect(world).toBeDefined();
    for (const ask of world?.asks.filter(({ seed }) => seed.kind !== 'alert') ?? []) {
      if (world === undefined) continue;
      const report = await computeScope(createScopeStore(reader), requestOf(world, ask));
      const { truth, found, wrong } = judge(world, ask, report);
      expect([world.story.name, ask.seed.kind, found, wrong]).toEqual([world.story.name, ask.seed.kind, truth.size, []]);
      expect(report.coverage.stored).toBe(report.coverage.eventsCounted);
      expect(report.coverage.missingLines).toBe(0);
      expect(report.treeSize).toBe(world.arrived.length);
      expect(report.subjects.every(({ evidence }) => evidence.length > 0)).toBe(true);
    }
  });

  test('the same question gives the same bytes', async () => {
    const [world] = worlds;
    const [ask] = world?.asks ?? [];
    if (world === undefined || ask === undefined) throw new Error('no world was stored');
    const store = createScopeStore(reader);
    expect(JSON.stringify(await computeScope(store, requestOf(world, ask)))).toBe(JSON.stringify(await computeScope(store, requestOf(world, ask))));
  });

  test('what a plugin sent abroad is stated, with how many persons', async () => {
    const world = worlds[1];
    if (world === undefined) throw new Error('no world was stored');
    const { site, fromMs, toMs } = world;
    const statement = await computeDataFlow(createFlowStore(reader), { site, region: 'declared', fromMs, toMs });
    const outside = statement.flows.filter(({ place }) => place === 'outside');
    expect(outside.map(({ destination, how, plugin, deeds, subjects, records }) => ({ destination, how, plugin, deeds, subjects, records }))).toEqual([
      { destination: 'collect.metrics.example', how: 'outbound', plugin: 'seo-booster-pro', deeds: 36, subjects: 1_440, records: 1_440 },
    ]);
    expect(statement.flows.filter(({ destination, place }) => destination === 'newsletter.mail.example' && place === 'inside')).toHaveLength(1);
    expect(statement.flows.filter(({ destination, place }) => destination === 'mx.bad.example' && place === 'unknown')).toHaveLength(1);
    expect(statement.flows.every(({ leaves }) => leaves.length > 0)).toBe(true);
  });
});
