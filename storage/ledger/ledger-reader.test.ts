import { createHash, generateKeyPairSync } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { leafHash } from '../../contracts/leaf.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import { proofRanges, rangeRoot, verifyConsistency, verifyInclusion } from '../../contracts/proof.ts';
import { signRedaction } from '../../contracts/redaction.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { EMPTY_TREE, growTiles } from '../../contracts/tile.ts';
import { createLedgerReader } from './ledger-reader.ts';
import type { LedgerReader } from './ledger-reader.ts';
import { KEYS, lineOf, openTestLedger, RECEIVED_MS } from './test-ledger.ts';
import type { StoredTree, TestLedger } from './test-ledger.ts';
import { createTileLevels, foldHashes } from './tile-levels.ts';
import type { Append } from './tile-levels.ts';

let ledger: TestLedger;
beforeAll(async () => {
  ledger = await openTestLedger();
});
afterAll(() => ledger[Symbol.asyncDispose]());

const append: Append = (frontier, hashes) => Array.from({ length: hashes.length / 32 }, (_, i) => hashes.subarray(i * 32, i * 32 + 32)).reduce(appendLeaf, frontier);

/** A fresh one remembers nothing. */
const readerOf = (): LedgerReader => createLedgerReader({ client: ledger.client, keys: async () => KEYS });
const tamper = (statement: string): Promise<string> => ledger.sql(`${statement} SETTINGS mutations_sync = 2`);
const proofOf = (tree: StoredTree, from: number, to: number, size: number): readonly Buffer[] => proofRanges(from, to, size).map((range) => rangeRoot(range, tree.subtree));

async function expectProofs(reader: LedgerReader, tree: StoredTree, sizes: readonly number[], seed: number): Promise<void> {
  const random = seededRandom(seed);
  for (const size of sizes) {
    const leaves = [0, size - 1, ...Array.from({ length: 20 }, () => random.between(0, size - 1))];
    const proofs = await reader.inclusionProofs(tree.site, leaves, size);
    expect(proofs).toEqual(leaves.map((leaf) => ({ leaf, leafHash: tree.leaves[leaf], path: proofOf(tree, leaf, leaf + 1, size) })));
    for (const { leaf, leafHash: hash, path } of proofs) expect(verifyInclusion(hash, leaf, size, path, tree.root(size))).toBe(true);
    const from = random.between(1, size);
    const proof = await reader.consistencyProof(tree.site, from, size);
    expect(proof).toEqual(proofOf(tree, 0, from, size));
    expect(verifyConsistency(from, tree.root(from), size, tree.root(size), proof)).toBe(true);
    expect(await reader.rootAt(tree.site, size)).toEqual(tree.root(size));
  }
}

describe('proofs', () => {
  test.each([
    ['with a root stored for each full tile', 70_000, 0, 0, [1, 2, 255, 256, 257, 512, 65_535, 65_536, 65_537, 69_999, 70_000]],
    ['whose first roots of tiles were not stored yet', 4_000, 9, 0, [300, 2_304, 2_305, 4_000]],
    ['without stored roots', 4_000, 1_000, 0, [257, 4_000]],
    ['whose first nodes came without roots of runs', 4_000, 0, 7, [300, 1_700, 4_000]],
  ])('of a tree %s are those of the definition', async (what, count, nodesFrom, runsFrom, sizes) => {
    const tree = await ledger.store(what.replaceAll(' ', '-'), count, [1, 300, Math.floor(count * 0.9), count], nodesFrom, runsFrom);
    const reader = readerOf();
    await expectProofs(reader, tree, sizes, 7);
    // Again, out of what is remembered.
    await expectProofs(reader, tree, [count], 8);
  });

  test('read the runs around their leaves alone where the roots of runs are stored, and with the leaves their rows', async () => {
    const tree = await ledger.store('runs', 3_000, [3_000], 0, 3);
    const leaves = [0, 17, 800, 801, 1_900, 2_300, 2_815, 2_900, 2_999];
    const queries: string[] = [];
    const counting = new Proxy(ledger.client, { get: (client, name) => (name === 'exec' ? (asked: { readonly query: string }) => (queries.push(asked.query), client.exec(asked)) : Reflect.get(client, name)) });
    const proven = (await Array.fromAsync(createLedgerReader({ client: counting, keys: async () => KEYS }).provenLeaves('runs', leaves, 3_000))).flat();
    expect(proven.map(({ row: _row, ...proof }) => proof)).toEqual(leaves.map((leaf) => ({ leaf, leafHash: tree.leaves[leaf], path: proofOf(tree, leaf, leaf + 1, 3_000) })));
    expect(proven.map(({ row }) => row)).toEqual(leaves.map((seq) => ({ envelope: { stream: 'web', epoch: 1, seq, receivedAtMs: RECEIVED_MS, provenance: 'plugin', derivation: 1 }, line: lineOf(seq) })));
    const runs = [...new Set([800, 801, 1_900, 2_300, 2_815].map((leaf) => Math.floor(leaf / 16)))].join(',');
    expect(queries.filter((query) => query.includes('FROM events')).map((query) => /intDiv\(leaf, \d+\) IN \([^)]*\)/.exec(query)?.[0])).toEqual([`intDiv(leaf, 16) IN (${runs})`, 'intDiv(leaf, 256) IN (0,11)']);
    expect(await Array.fromAsync(readerOf().provenLeaves('runs', [], 3_000))).toEqual([]);
  });

  test('hold where stored roots of runs are wrong, by the leaves', async () => {
    const tree = await ledger.store('wrong-runs', 3_000, [3_000]);
    await tamper("ALTER TABLE nodes UPDATE roots = base64Encode(repeat('x', 512)) WHERE site = 'wrong-runs' AND tile IN (2, 5)");
    const leaves = [1, 300, 600, 900, 1_400, 2_000];
    expect((await readerOf().inclusionProofs('wrong-runs', leaves, 3_000)).map(({ path }) => path)).toEqual(leaves.map((leaf) => proofOf(tree, leaf, leaf + 1, 3_000)));
  });

  test('of a tree of millions go through every level of tiles, each computed from the one below', async () => {
    await ledger.sql("INSERT INTO nodes SELECT 'millions', number, base64Encode(SHA256(toString(number))), '', now64(3), 0, number FROM numbers(65800)");
    const nodes = Buffer.concat(Array.from({ length: 65_792 }, (_, i) => createHash('sha256').update(String(i)).digest()));
    const roots = growTiles(EMPTY_TREE, nodes, append).roots.map(({ hash }) => hash);
    const levels = createTileLevels(ledger.client, append);
    expect(await levels.hashes('millions', 3, 0, 1)).toEqual(foldHashes(Buffer.concat(roots.slice(0, 256)), append));
    expect(await levels.hashes('millions', 2, 255, 257)).toEqual(Buffer.concat(roots.slice(255)));
    expect(await levels.hashes('millions', 1, 65_000, 65_792)).toEqual(nodes.subarray(65_000 * 32));
  });

  test('come in the order asked for, with repeats, and none for nothing', async () => {
    const tree = await ledger.store('orders', 600, [600]);
    expect((await readerOf().inclusionProofs('orders', [5, 599, 5, 0], 600)).map(({ leaf, leafHash: hash }) => [leaf, hash])).toEqual([5, 599, 5, 0].map((leaf) => [leaf, tree.leaves[leaf]]));
    expect(await readerOf().inclusionProofs('orders', [], 600)).toEqual([]);
    expect(await readerOf().consistencyProof('orders', 0, 600)).toEqual([]);
    expect(await readerOf().consistencyProof('orders', 600, 600)).toEqual([]);
    expect(await readerOf().inclusionProof('orders', 599)).toMatchObject({ leaf: 599, path: proofOf(tree, 599, 600, 600) });
  });

  test('roots of subtrees of any level are given', async () => {
    const tree = await ledger.store('subtrees', 3_000, [3_000]);
    for (const [level, index] of [[0, 2_999], [3, 10], [7, 3], [8, 10], [10, 1], [11, 0]] as const) expect(await readerOf().subtreeRoot('subtrees', level, index)).toEqual(tree.subtree({ level, index }));
    await expect(readerOf().subtreeRoot('subtrees', 12, 0)).rejects.toMatchObject({ code: 'TQ-LEDGER-02' });
  });
});

test('the newest checkpoint, and the smallest of at least a size', async () => {
  const tree = await ledger.store('marks', 400, [100, 300, 400]);
  const reader = readerOf();
  expect(await reader.checkpoint('marks')).toMatchObject({ site: 'marks', size: 400, root: tree.root(400), signedAtMs: RECEIVED_MS });
  expect(await reader.checkpoint('marks', 101)).toMatchObject({ size: 300 });
  expect(await reader.checkpoint('marks', 401)).toBeUndefined();
  expect((await reader.sites('mark')).slice(0, 1)).toMatchObject([{ site: 'marks', size: 400 }]);
  expect((await reader.sites('marks')).map(({ site }) => site)).not.toContain('marks');
});

test.each([
  ['an unknown site', 'nobody', [0], 1, 'TQ-LEDGER-01'], ['a size beyond the newest checkpoint', 'bounds', [0], 41, 'TQ-LEDGER-02'], ['a leaf past the size', 'bounds', [20], 20, 'TQ-LEDGER-06'],
  ['half a leaf', 'bounds', [0.5], 20, 'TQ-LEDGER-06'], ['a size of nothing', 'bounds', [], 0, 'TQ-LEDGER-06'], ['a size that is no number', 'bounds', [], Number.NaN, 'TQ-LEDGER-06'],
])('%s has no proof', async (_what, site, leaves, size, code) => {
  if (site === 'bounds' && await readerOf().checkpoint('bounds') === undefined) await ledger.store('bounds', 50, [40]);
  await expect(readerOf().inclusionProofs(site, leaves, size)).rejects.toMatchObject({ code });
});

test('checkpoints that nobody signed are passed over, as long as they are few', async () => {
  const tree = await ledger.store('forged', 40, [20]);
  const stranger = generateKeyPairSync('ed25519').privateKey;
  for (const size of [30, 35, 40]) await ledger.sign(tree, size, stranger);
  expect(await readerOf().checkpoint('forged')).toMatchObject({ size: 20 });
  expect(await readerOf().inclusionProofs('forged', [7], 20)).toHaveLength(1);
  await expect(readerOf().inclusionProofs('forged', [7], 30)).rejects.toMatchObject({ code: 'TQ-LEDGER-02' });
  await ledger.sql("INSERT INTO checkpoints SELECT site, size + arrayJoin(range(40)) + 1, root, signed_at, note FROM checkpoints WHERE site = 'forged' AND size = 40");
  await expect(readerOf().checkpoint('forged')).rejects.toMatchObject({ code: 'TQ-LEDGER-05' });
});

test('proofs hold for a redacted line, before and after its row is changed', async () => {
  const tree = await ledger.store('redacted', 600, [600]);
  const line = '{"n":"⟦redacted⟧"}';
  const redactedHash = leafHash({ site: 'redacted', stream: 'web', epoch: 1, receivedAtMs: RECEIVED_MS, provenance: 'plugin', derivation: 1, seq: 300 }, Buffer.from(line));
  const note = signRedaction({ origin: 'log.example/redacted', leaf: 300, leafHash: tree.leaves[300] ?? redactedHash, redactedHash, redactedAtMs: RECEIVED_MS }, 'log.example', generateKeyPairSync('ed25519').privateKey);
  await ledger.sql(`INSERT INTO redactions SELECT 'redacted', 300, now64(3), base64Decode('${Buffer.from(note).toString('base64')}')`);
  await expectProofs(readerOf(), tree, [301, 600], 1);
  await tamper(`ALTER TABLE events UPDATE line = '${line}' WHERE site = 'redacted' AND leaf = 300`);
  expect(lineOf(300)).not.toBe(line);
  await expectProofs(readerOf(), tree, [301, 600], 1);
  expect(await readerOf().inclusionProof('redacted', 300, 600)).toMatchObject({ leafHash: tree.leaves[300] });
});

test('proofs hold while rows expire and afterwards', async () => {
  const tree = await ledger.store('expired', 700, [500, 700]);
  const gone = [3, 4, 255, 256, 511, 699];
  for (const tile of new Set(gone.map((leaf) => Math.floor(leaf / 256)))) {
    const offsets = gone.filter((leaf) => Math.floor(leaf / 256) === tile).map((leaf) => leaf % 256);
    const hashes = Buffer.concat(offsets.map((offset) => tree.leaves[tile * 256 + offset] ?? Buffer.alloc(0)));
    await ledger.sql(`INSERT INTO expired_leaves SELECT 'expired', ${tile}, [${offsets.join(',')}], base64Decode('${hashes.toString('base64')}'), 'x', now64(3)`);
  }
  await expectProofs(readerOf(), tree, [500, 700], 2);
  await tamper(`ALTER TABLE events DELETE WHERE site = 'expired' AND leaf IN (${gone.join(',')})`);
  await expectProofs(readerOf(), tree, [500, 700], 2);
  expect(await readerOf().inclusionProof('expired', 255, 700)).toMatchObject({ leafHash: tree.leaves[255] });
  expect(await readerOf().tile('expired', { level: 0, index: 1, width: 256 })).toEqual(Buffer.concat(tree.leaves.slice(256, 512)));
});

describe('what was tampered with has no proof, and the error says where', () => {
  test('a changed row', async () => {
    await ledger.store('changed', 1_300, [200, 700, 1_000, 1_300]);
    await tamper("ALTER TABLE events UPDATE line = '{}' WHERE site = 'changed' AND leaf = 800");
    const failed = readerOf().inclusionProofs('changed', [801], 1_300);
    await expect(failed).rejects.toMatchObject({ code: 'TQ-LEDGER-04' });
    await expect(failed).rejects.toThrow('tile 3, leaves 768 to 1023');
    // Proofs that the row is no part of are as good as before.
    expect(await readerOf().inclusionProofs('changed', [100, 1_250], 1_300)).toHaveLength(2);
  });

  test('a changed node, also once it was remembered, until it is mended', async () => {
    const tree = await ledger.store('node', 1_300, [500, 1_300]);
    const reader = readerOf();
    await tamper("ALTER TABLE nodes UPDATE hash = base64Encode(repeat('x', 32)) WHERE site = 'node' AND tile = 4");
    await expect(reader.inclusionProofs('node', [1], 1_300)).rejects.toThrow('tile 4, leaves 1024 to 1279');
    await tamper(`ALTER TABLE nodes UPDATE hash = '${tree.subtree({ level: 8, index: 4 }).toString('base64')}' WHERE site = 'node' AND tile = 4`);
    expect(await reader.inclusionProofs('node', [1], 1_300)).toHaveLength(1);
  });

  test.each([['garbage', "hash = 'x'"], ['nothing', "hash = ''"]])('a node of %s', async (what, change) => {
    const site = `node-${what}`;
    await ledger.store(site, 600, [600]);
    await tamper(`ALTER TABLE nodes UPDATE ${change} WHERE site = '${site}' AND tile = 1`);
    await expect(readerOf().inclusionProofs(site, [1], 600)).rejects.toThrow('tile 1, leaves 256 to 511');
  });

  test('a row that is gone, and one that stands twice', async () => {
    await ledger.store('gone', 300, [300]);
    await tamper("ALTER TABLE events DELETE WHERE site = 'gone' AND leaf = 33");
    await expect(readerOf().inclusionProof('gone', 40)).rejects.toThrow('TQ-LEDGER-03: site gone, leaf 33');
    await ledger.store('twice', 300, [300]);
    await ledger.sql("INSERT INTO events SELECT * FROM events WHERE site = 'twice' AND leaf = 41");
    await expect(readerOf().inclusionProof('twice', 40)).rejects.toThrow('TQ-LEDGER-03: site twice, leaf 41');
  });

  test('is not what rows are that only have to be brought level first', async () => {
    const tree = await ledger.store('lagging', 300, [300]);
    await ledger.sql('CREATE TABLE late AS events');
    await ledger.sql("INSERT INTO late SELECT * FROM events WHERE site = 'lagging' AND leaf >= 250");
    await tamper("ALTER TABLE events DELETE WHERE site = 'lagging' AND leaf >= 250");
    const bringLevel = async (): Promise<void> => void (await ledger.sql('INSERT INTO events SELECT * FROM late'));
    const reader = createLedgerReader({ client: ledger.client, keys: async () => KEYS, bringLevel });
    expect(await reader.inclusionProof('lagging', 299)).toMatchObject({ leafHash: tree.leaves[299] });
  });

  test('a root that was signed over other leaves', async () => {
    const tree = await ledger.store('resigned', 600, [300]);
    await ledger.sign(tree, 600, undefined, rootOf([Buffer.alloc(32)].reduce(appendLeaf, EMPTY_FRONTIER)));
    await expect(readerOf().inclusionProof('resigned', 1, 600)).rejects.toThrow('leaves 300 to 599, tiles 1 to 2');
    await expect(readerOf().tile('resigned', { level: 0, index: 1, width: 256 })).rejects.toMatchObject({ code: 'TQ-LEDGER-04' });
    expect(await readerOf().inclusionProof('resigned', 1, 300)).toMatchObject({ leaf: 1 });
  });
});
