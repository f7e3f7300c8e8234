import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { openNote, parseCheckpoint } from '../../contracts/checkpoint.ts';
import type { Checkpoint } from '../../contracts/checkpoint.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import { verifyConsistency, verifyInclusion } from '../../contracts/proof.ts';
import { hashesOnLevel, tilePath } from '../../contracts/tile.ts';
import { CONSOLE_SETTINGS } from '../console/config.ts';
import type { ConsoleConfig } from '../console/config.ts';
import { consoleServer } from '../console/server.ts';
import { createLedgerReader } from './ledger-reader.ts';
import type { LedgerReader } from './ledger-reader.ts';
import { addLogRoutes, LOG_PATHS } from './log-routes.ts';
import { KEYS, openTestLedger } from './test-ledger.ts';
import type { StoredTree, TestLedger } from './test-ledger.ts';
import { formatTlogProof, parseTlogProof, verifyTlogProof } from './tlog-proof.ts';

const SIZE = 70_000;
// Every setting has a default of its own type.
const CONFIG = Object.fromEntries(Object.entries(CONSOLE_SETTINGS).map(([name, setting]) => [name, setting.default])) as unknown as ConsoleConfig;
const verifiers = verifiersAt(KEYS);
let ledger: TestLedger;
let reader: LedgerReader;
let server: FastifyInstance;
let tree: StoredTree;

function serverOf(over: LedgerReader): FastifyInstance {
  const app = consoleServer({ config: CONFIG, paths: LOG_PATHS });
  addLogRoutes(app, { reader: over });
  return app;
}

beforeAll(async () => {
  ledger = await openTestLedger();
  reader = createLedgerReader({ client: ledger.client, keys: async () => KEYS });
  server = serverOf(reader);
  tree = await ledger.store('shop', SIZE + 10, [300, SIZE]);
});
afterAll(async () => {
  await server.close();
  await ledger[Symbol.asyncDispose]();
});

const get = (path: string) => server.inject({ method: 'GET', url: path });

async function checkpointOf(site: string): Promise<Checkpoint> {
  const answer = await get(`/log/${site}/checkpoint`);
  expect(answer.headers).toMatchObject({ 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-cache' });
  const checkpoint = parseCheckpoint(openNote(answer.body, verifiers)?.text ?? '');
  if (checkpoint === undefined) throw new Error('the checkpoint does not open');
  return checkpoint;
}

/** All that a client of the specification does: every hash of every level of the tree that the checkpoint names. */
async function tilesOf(site: string, size: number): Promise<readonly (readonly Buffer[])[]> {
  const levels: Buffer[][] = [];
  for (let level = 0; hashesOnLevel(level, size) > 0; level++) {
    const hashes: Buffer[] = [];
    for (let first = 0; first < hashesOnLevel(level, size); first += 256) {
      const tile = { level, index: first / 256, width: Math.min(256, hashesOnLevel(level, size) - first) };
      const answer = await get(`/log/${site}/tile/${tilePath(tile)}`);
      expect([answer.statusCode, answer.headers['content-type'], answer.rawPayload.length]).toEqual([200, 'application/octet-stream', tile.width * 32]);
      expect(answer.headers['cache-control']).toContain('immutable');
      for (let at = 0; at < answer.rawPayload.length; at += 32) hashes.push(answer.rawPayload.subarray(at, at + 32));
    }
    levels.push(hashes);
  }
  return levels;
}

const rootOfHashes = (hashes: readonly Buffer[]): Buffer => rootOf(hashes.reduce(appendLeaf, EMPTY_FRONTIER));

test('a client derives the signed root from tiles alone, on every level', async () => {
  const checkpoint = await checkpointOf('shop');
  expect(checkpoint.size).toBe(SIZE);
  const levels = await tilesOf('shop', checkpoint.size);
  expect(levels.map((hashes) => hashes.length)).toEqual([70_000, 273, 1]);
  expect(rootOfHashes(levels[0] ?? [])).toEqual(checkpoint.root);
  for (const [level, hashes] of levels.entries()) {
    if (level === 0) expect(hashes).toEqual(tree.leaves.slice(0, SIZE));
    else for (const [i, hash] of hashes.entries()) expect(hash).toEqual(rootOfHashes((levels[level - 1] ?? []).slice(i * 256, (i + 1) * 256)));
  }
});

test('partial tiles of earlier checkpoints stay there', async () => {
  expect((await get('/log/shop/tile/0/001.p/44')).rawPayload).toEqual(Buffer.concat(tree.leaves.slice(256, 300)));
  expect((await get('/log/shop/tile/1/000.p/1')).rawPayload).toEqual(tree.subtree({ level: 8, index: 0 }));
});

test.each([
  ['past the checkpoint', '/log/shop/tile/0/273'], ['wider than the checkpoint', '/log/shop/tile/0/273.p/113'], ['of an empty level', '/log/shop/tile/3/000.p/1'], ['of the highest level', '/log/shop/tile/63/000'],
  ['of width 0', '/log/shop/tile/0/000.p/0'], ['not in the form of the specification', '/log/shop/tile/0/1'], ['that would be an entry bundle', '/log/shop/tile/entries/000'], ['of a site that is none', '/log/nobody/tile/0/000'],
  ['of no name', '/log/Shop%20A/tile/0/000'], ['of a number beyond all', '/log/shop/tile/0/x999/x999/x999/x999/999'],
])('a tile %s is 404', async (_what, path) => {
  const answer = await get(path);
  expect([answer.statusCode, answer.headers['content-type']]).toEqual([404, 'application/problem+json; charset=utf-8']);
  expect(answer.headers['cache-control']).toBe('no-store');
});

test('proofs are given as JSON and hold', async () => {
  const inclusion: { leaf_hash: string; root: string; proof: string[]; size: number; checkpoint: string } = (await get('/log/shop/proof/inclusion?leaf=69999')).json();
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  expect(inclusion.size).toBe(SIZE);
  expect(verifyInclusion(bytes(inclusion.leaf_hash), 69_999, SIZE, inclusion.proof.map(bytes), bytes(inclusion.root))).toBe(true);
  expect(parseCheckpoint(openNote(inclusion.checkpoint, verifiers)?.text ?? '')?.root).toEqual(bytes(inclusion.root));
  const earlier: typeof inclusion = (await get('/log/shop/proof/inclusion?leaf=7&size=299')).json();
  expect(verifyInclusion(tree.leaves[7] ?? Buffer.alloc(0), 7, 299, earlier.proof.map(bytes), tree.root(299))).toBe(true);
  expect(parseCheckpoint(openNote(earlier.checkpoint, verifiers)?.text ?? '')?.size).toBe(300);
  const consistency: { root: string; proof: string[] } = (await get('/log/shop/proof/consistency?from=300')).json();
  expect(verifyConsistency(300, tree.root(300), SIZE, bytes(consistency.root), consistency.proof.map(bytes))).toBe(true);
});

test.each([
  ['/log/shop/proof/inclusion', 422], ['/log/shop/proof/inclusion?leaf=-1', 422], ['/log/shop/proof/inclusion?leaf=1e3', 422], ['/log/shop/proof/inclusion?leaf=1&leaf=2', 422], ['/log/shop/proof/inclusion?leaf=300&size=300', 422],
  ['/log/shop/proof/inclusion?leaf=0&size=0', 422], ['/log/shop/proof/inclusion?leaf=0&size=70001', 404], ['/log/shop/proof/inclusion?leaf=70000', 422], ['/log/nobody/proof/inclusion?leaf=0', 404],
  ['/log/shop/proof/consistency?to=5', 422], ['/log/shop/proof/consistency?from=9&to=5', 422], ['/log/shop/proof/consistency?from=9&to=999999999999999', 404], ['/log?after=_other', 422], ['/log/shop/entries', 404],
])('%s is %d', async (path, status) => {
  const answer = await get(path);
  expect(answer.statusCode).toBe(status);
  expect(answer.json()).toMatchObject({ status });
});

test('sites are listed with what their newest checkpoint says', async () => {
  expect((await get('/log')).json()).toEqual({ sites: [{ site: 'shop', size: SIZE, root: tree.root(SIZE).toString('base64') }] });
  expect((await get('/log?after=shop')).json()).toEqual({ sites: [] });
});

test('what does not fit the checkpoint is no answer', async () => {
  await ledger.store('broken', 300, [300]);
  await ledger.sql("ALTER TABLE events UPDATE line = '{}' WHERE site = 'broken' AND leaf = 8 SETTINGS mutations_sync = 2");
  const answer = await get('/log/broken/tile/0/000');
  expect(answer.statusCode).toBe(500);
  expect(answer.body).not.toContain('leaf');
});

test('only so many answers are computed at a time, and only so many wait', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((resolve) => {
    release = resolve;
  });
  const busy = serverOf({ ...reader, checkpoint: async (site) => held.then(() => reader.checkpoint(site)) });
  const answers = Array.from({ length: 80 }, () => busy.inject({ method: 'GET', url: '/log/shop/checkpoint' }));
  const refused = await Promise.race(answers);
  expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '1']);
  release();
  const statuses = (await Promise.all(answers)).map((answer) => answer.statusCode);
  expect([statuses.filter((status) => status === 200).length, statuses.filter((status) => status === 503).length]).toEqual([68, 12]);
  await busy.close();
});

test('a proof and its checkpoint travel as one text that is checked offline', async () => {
  const { note } = (await reader.checkpoint('shop')) ?? { note: '' };
  const proof = await reader.inclusionProof('shop', 4_711);
  const text = formatTlogProof(proof, note);
  expect(text.split('\n').slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', 'index 4711']);
  expect(parseTlogProof(text)).toEqual({ leaf: 4_711, path: proof.path, note });
  expect(verifyTlogProof(text, proof.leafHash, 'log.example/shop', verifiers)).toBe(true);
  expect(verifyTlogProof(text.replace('\n', '\nextra aGVsbG8=\n'), proof.leafHash, 'log.example/shop', verifiers)).toBe(true);
  for (const [from, to] of [['index 4711', 'index 4712'], ['index 4711', 'index 04711'], ['@v1', '@v2'], ['\n70000\n', '\n70001\n'], ['\n\n', '\n'], ['log.example/shop\n', 'log.example/clinic\n']] as const) {
    expect(verifyTlogProof(text.replace(from, to), proof.leafHash, 'log.example/shop', verifiers)).toBe(false);
  }
  expect(verifyTlogProof(text, tree.leaves[0] ?? proof.leafHash, 'log.example/shop', verifiers)).toBe(false);
  expect(verifyTlogProof(text, proof.leafHash, 'log.example/clinic', verifiers)).toBe(false);
  expect(verifyTlogProof(text, proof.leafHash, 'log.example/shop', [])).toBe(false);
});
