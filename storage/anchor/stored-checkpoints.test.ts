import { mkdtempSync, rmSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createGroupStore } from '../client/group-store.ts';
import { defaultStorageConfig } from '../config.ts';
import { DataDirectory } from '../engine/data-directory.ts';
import { Engine } from '../engine/engine.ts';
import { createHttpServer } from '../engine/http-server.ts';
import { storedCheckpoints } from './stored-checkpoints.ts';
import { checkpointOf } from './test-log.ts';

const opened = new AsyncDisposableStack();
let url: string;
beforeAll(async () => {
  const root = mkdtempSync(path.join(tmpdir(), 'tq-anchor-store-'));
  opened.defer(() => rmSync(root, { recursive: true, force: true }));
  const directory = opened.use(await DataDirectory.hold(root));
  const engine = await Engine.open(directory, defaultStorageConfig());
  opened.defer(() => engine.close());
  const server = createHttpServer({ engine, spoolDirectory: directory.spool, maxBodyBytes: 1 << 20, credentials: [{ user: 'writer', password: 'w' }, { user: 'reader', password: 'r' }] });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  opened.defer(async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  });
  // A TCP server's address is an AddressInfo.
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => opened.disposeAsync());

test('of each site the largest checkpoint is found, cosigned where it was, and roots by their size', async () => {
  await using store = createGroupStore({ url, user: 'writer', password: 'w' });
  const client = createClient({ url, username: 'reader', password: 'r', database: 'tourniquet' });
  opened.defer(() => client.close());
  const at = (n: number) => Date.UTC(2026, 0, n);
  const row = (site: string, size: number, signedAtMs: number, history?: string) => {
    const { root, note } = checkpointOf(site, size, history);
    return { site, size, root: Buffer.from(root, 'base64'), signedAtMs, note };
  };
  for (const checkpoint of [row('shop', 3, at(1)), row('shop', 9, at(2)), row('shop', 3, at(3), 'other'), row('clinic', 2, at(1))]) await store.recordCheckpoint(checkpoint);
  const cosigned = { ...row('shop', 9, at(3)), note: `${checkpointOf('shop', 9).note}\u2014 w1 ${Buffer.alloc(76).toString('base64')}\n` };
  for (let i = 0; i < 2; i++) await store.recordCosigned(cosigned);
  const stored = storedCheckpoints(client);
  expect(await stored.newest()).toEqual([checkpointOf('clinic', 2), { ...checkpointOf('shop', 9), note: cosigned.note }]);
  expect((await stored.newest(at(2))).map(({ site }) => site)).toEqual(['shop']);
  expect((await stored.rootsAt('shop', 3)).toSorted()).toEqual([checkpointOf('shop', 3).root, checkpointOf('shop', 3, 'other').root].toSorted());
  expect(await stored.rootsAt('shop', 9)).toEqual([checkpointOf('shop', 9).root]);
  expect(await stored.rootsAt('shop', 4)).toEqual([]);
  const answer = await client.query({ query: "SELECT count() AS n FROM checkpoints WHERE site = 'shop' AND size = 9", format: 'JSONEachRow' });
  expect(await answer.json()).toEqual([{ n: 2 }]);
});
