import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatAnnouncedKeys, verifiersAt } from '../../contracts/announced-key.ts';
import { verifyConsistency, verifyInclusion } from '../../contracts/proof.ts';
import { KEYS, lineOf, openTestLedger } from '../../storage/ledger/test-ledger.ts';
import type { StoredTree, TestLedger } from '../../storage/ledger/test-ledger.ts';
import { verifyTlogProof } from '../../storage/ledger/tlog-proof.ts';
import { tourniquet } from '../command-fixture.ts';

let ledger: TestLedger;
let keys: Server;
let home: string;
let tree: StoredTree;

beforeAll(async () => {
  ledger = await openTestLedger();
  tree = await ledger.store('shop', 700, [300, 600]);
  keys = createServer((_request, response) => response.setHeader('content-type', 'application/json').end(JSON.stringify({ checkpoint: formatAnnouncedKeys(KEYS), expiry: KEYS[0]?.verifier })));
  await new Promise<void>((resolve) => keys.listen(0, '127.0.0.1', resolve));
  home = await mkdtemp(path.join(tmpdir(), 'tourniquet-proof-'));
  await writeFile(path.join(home, 'password'), 'r', { mode: 0o600 });
  // A TCP server's address is an AddressInfo.
  await writeFile(path.join(home, 'tourniquet.yaml'), `addresses:\n  storage: ${ledger.url}\n  keys: http://127.0.0.1:${(keys.address() as AddressInfo).port}\nsecrets:\n  storage_reader: file:${home}/password\n`);
});
afterAll(async () => {
  keys.close();
  await ledger[Symbol.asyncDispose]();
  await rm(home, { recursive: true, force: true });
});

test('an event is shown with its envelope and a proof that anyone can check', async () => {
  const { out, code, err } = await tourniquet(home, ['proof', 'shop/257']);
  expect([code, err]).toEqual([0, '']);
  expect(out).toContain('Envelope    stream web, epoch 1, sequence 257, received 2026-11-20T10:00:00.000Z, provenance plugin, derivation 1');
  expect(out).toContain(`Line        ${lineOf(257)}\n`);
  const leaf = tree.leaves[257] ?? Buffer.alloc(0);
  expect(out).toContain(leaf.toString('base64'));
  expect(verifyTlogProof(out.slice(out.indexOf('c2sp.org/')), leaf, 'log.example/shop', verifiersAt(KEYS))).toBe(true);
});

test('the same as JSON, in the first checkpoint of at least a size', async () => {
  const { out } = await tourniquet(home, ['proof', 'shop/257', '--size', '10', '--json']);
  const said: { size: number; state: string; leaf_hash: string; proof: string[]; line: string } = JSON.parse(out);
  expect(said).toMatchObject({ size: 300, holds: true, state: 'stored', line: lineOf(257), envelope: { stream: 'web', seq: 257 } });
  const bytes = (text: string): Buffer => Buffer.from(text, 'base64');
  expect(verifyInclusion(bytes(said.leaf_hash), 257, 300, said.proof.map(bytes), tree.root(300))).toBe(true);
});

test('two trees are shown to be one history', async () => {
  const { out, code } = await tourniquet(home, ['proof', '--site', 'shop', '--json', '--consistency', '299', '600']);
  const said: { proof: string[] } = JSON.parse(out);
  expect([code, said]).toMatchObject([0, { from: 299, to: 600, holds: true, root: tree.root(600).toString('base64') }]);
  expect(verifyConsistency(299, tree.root(299), 600, tree.root(600), said.proof.map((hash) => Buffer.from(hash, 'base64')))).toBe(true);
  expect((await tourniquet(home, ['proof', '--site', 'shop', '--consistency', '299', '600'])).out).toContain('Holds: the earlier tree is the beginning of the later one.');
});

test.each([
  ['no event', ['proof'], 2, 'SITE/LEAF'], ['a leaf that is no number', ['proof', 'shop/x'], 2, 'SITE/LEAF'], ['one size', ['proof', '--site', 'shop', '--consistency', '5'], 2, 'two sizes'],
  ['no site', ['proof', '--consistency', '5', '6'], 2, '--site'], ['sizes the wrong way round', ['proof', '--site', 'shop', '--consistency', '6', '5'], 2, 'first size'],
  ['a leaf without a checkpoint yet', ['proof', 'shop/650'], 1, 'the newest signed checkpoint of shop is of 600 leaves'], ['a site that is none', ['proof', 'nobody/0'], 1, 'no checkpoint of a site nobody is signed'],
])('%s is refused with a word', async (_what, args, code, word) => {
  const finished = await tourniquet(home, args);
  expect(finished.code).toBe(code);
  expect(finished.err).toContain(word);
});

test('where rows were changed there is no proof, and the error says where', async () => {
  await ledger.sql("ALTER TABLE events UPDATE line = '{}' WHERE site = 'shop' AND leaf = 5 SETTINGS mutations_sync = 2");
  const { code, err, out } = await tourniquet(home, ['proof', 'shop/6']);
  expect([code, out]).toEqual([1, '']);
  expect(err).toContain('TQ-LEDGER-04: site shop, tile 0');
});
