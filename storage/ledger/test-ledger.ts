import { generateKeyPairSync } from 'node:crypto';
import type { KeyObject } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { checkpointText, formatVerifier, signNote } from '../../contracts/checkpoint.ts';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { leafHash } from '../../contracts/leaf.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import type { Subtree } from '../../contracts/proof.ts';
import { rangeRoot } from '../../contracts/proof.ts';
import { EMPTY_TREE, growTiles } from '../../contracts/tile.ts';
import { createGroupStore } from '../client/group-store.ts';
import { defaultStorageConfig } from '../config.ts';
import { DataDirectory } from '../engine/data-directory.ts';
import { Engine } from '../engine/engine.ts';
import { createHttpServer } from '../engine/http-server.ts';

export const RECEIVED_MS = Date.UTC(2026, 10, 20, 10);
const { privateKey, publicKey } = generateKeyPairSync('ed25519');
export const KEYS: readonly AnnouncedKey[] = [{ verifier: formatVerifier('log.example', publicKey), fromMs: 0, untilMs: undefined, announcement: undefined }];

export interface StoredTree {
  readonly site: string;
  /** Leaf hashes, computed beside the store. */
  readonly leaves: readonly Buffer[];
  root(size: number): Buffer;
  subtree(subtree: Subtree): Buffer;
}

/** A store whose rows a test writes by hand, and can change behind its back. */
export interface TestLedger extends AsyncDisposable {
  readonly client: ClickHouseClient;
  /** Of the store; its user `reader` has the password `r`. */
  readonly url: string;
  sql(statement: string): Promise<string>;
  /** Rows, nodes of the tiles from `nodesFrom` on, with the roots of runs of those from `runsFrom` on, and a checkpoint of each of `sizes`. */
  store(site: string, leaves: number, sizes: readonly number[], nodesFrom?: number, runsFrom?: number): Promise<StoredTree>;
  sign(tree: StoredTree, size: number, key?: KeyObject, root?: Buffer): Promise<void>;
}

export function lineOf(leaf: number): string {
  return `{"n":${leaf}}`;
}

function treeOf(site: string, count: number): StoredTree {
  const envelope = { site, stream: 'web', epoch: 1, receivedAtMs: RECEIVED_MS, provenance: 'plugin', derivation: 1 } as const;
  const leaves = Array.from({ length: count }, (_, seq) => leafHash({ ...envelope, seq }, Buffer.from(lineOf(seq))));
  const known = new Map<string, Buffer>();
  const subtree = ({ level, index }: Subtree): Buffer => {
    const key = `${level} ${index}`;
    const root = known.get(key) ?? rootOf(leaves.slice(index * 2 ** level, (index + 1) * 2 ** level).reduce(appendLeaf, EMPTY_FRONTIER));
    known.set(key, root);
    return root;
  };
  return { site, leaves, subtree, root: (size) => rangeRoot({ from: 0, to: size }, subtree) };
}

export async function openTestLedger(): Promise<TestLedger> {
  const root = await mkdtemp(join(tmpdir(), 'tourniquet-ledger-'));
  const directory = await DataDirectory.hold(root);
  const engine = await Engine.open(directory, defaultStorageConfig());
  const server = createHttpServer({ engine, spoolDirectory: directory.spool, maxBodyBytes: 1 << 28, credentials: [{ user: 'writer', password: 'w' }, { user: 'reader', password: 'r' }] });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const client = createClient({ url, username: 'reader', password: 'r' });
  const writer = createGroupStore({ url, user: 'writer', password: 'w' });
  const sql = (statement: string): Promise<string> => engine.command(statement);

  async function sign(tree: StoredTree, size: number, key = privateKey, signedRoot = tree.root(size)): Promise<void> {
    const note = signNote(checkpointText({ origin: `log.example/${tree.site}`, size, root: signedRoot, extensions: [] }), 'log.example', key);
    await writer.recordCheckpoint({ site: tree.site, size, root: signedRoot, signedAtMs: RECEIVED_MS, note });
  }

  async function store(site: string, count: number, sizes: readonly number[], nodesFrom = 0, runsFrom = 0): Promise<StoredTree> {
    const tree = treeOf(site, count);
    const received = new Date(RECEIVED_MS).toISOString();
    await sql(`INSERT INTO events (site, leaf, stream, epoch, seq, received_at, provenance, derivation, tier, line)
      SELECT '${site}', number, 'web', 1, number, fromUnixTimestamp64Milli(${RECEIVED_MS}, 'UTC'), 'plugin', 1, 'standard', concat('{"n":', toString(number), '}') FROM numbers(${count})`);
    const { roots } = growTiles(EMPTY_TREE, Buffer.concat(tree.leaves), (frontier, hashes) => {
      let grown = frontier;
      for (let at = 0; at < hashes.length; at += 32) grown = appendLeaf(grown, hashes.subarray(at, at + 32));
      return grown;
    });
    const rows = roots.filter(({ tile }) => tile >= nodesFrom).map(({ tile, hash, runs }) => JSON.stringify({ site, tile, hash: hash.toString('base64'), roots: tile >= runsFrom ? runs.toString('base64') : '', received_at: received, partition: 0, position: tile }));
    if (rows.length > 0) await writer.insert(`nodes/${site}`, { table: 'nodes', tier: 'standard', rows: rows.length, format: 'JSONEachRow', data: Buffer.from(rows.join('\n')) }, { kind: 'uncommitted', range: { partition: 0, first: 0, last: count } });
    for (const size of sizes) await sign(tree, size);
    return tree;
  }

  return {
    client, url, sql, store, sign,
    async [Symbol.asyncDispose]() {
      await client.close();
      await writer.close();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await engine.close();
      await directory[Symbol.asyncDispose]();
      await rm(root, { recursive: true, force: true });
    },
  };
}
