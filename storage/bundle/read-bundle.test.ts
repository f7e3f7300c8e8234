import { afterAll, beforeAll, beforeEach, expect, test, vi } from 'vitest';
import { rmSync } from 'node:fs';
import { leafHash } from '../../contracts/leaf.ts';
import { signExpiry } from '../../contracts/expiry.ts';
import { ed25519PrivateKey } from '../../contracts/block.ts';
import { checkpointText, signNote } from '../../contracts/checkpoint.ts';
import { appendLeaf, EMPTY_FRONTIER, rootOf } from '../../contracts/merkle.ts';
import { signRedaction } from '../../contracts/redaction.ts';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { ScopeDeed, ScopeReport } from '../../contracts/scope.ts';
import { createLedgerReader } from '../ledger/ledger-reader.ts';
import { openTestLedger, RECEIVED_MS } from '../ledger/test-ledger.ts';
import type { TestLedger } from '../ledger/test-ledger.ts';
import { breachInput, DEPLOYMENT, KEY, SITE, TOKEN_KEY, verifierOf } from './bundle-fixture.ts';
import { readBundle } from './read-bundle.ts';
import type { BundleSources } from './read-bundle.ts';
import { noticeKeyOf } from './recipients.ts';
import { verifyBundle } from './verifier/verify.mjs';
import { layDown, written } from './written-fixture.ts';
import type { Files } from './written-fixture.ts';

const LEAVES = 1_400;
const RETENTION = ed25519PrivateKey(Buffer.alloc(32, 3));
const KEYS = [{ verifier: verifierOf(KEY), fromMs: 0, untilMs: undefined, announcement: undefined }];
const RULES = createRuleSet({ signatures: [], sigma: [], mappings: [], placeholders: {} });

let store: TestLedger;
beforeAll(async () => {
  store = await openTestLedger();
});
afterAll(() => store[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const table of ['events', 'checkpoints', 'redactions', 'expired_leaves', 'expiries', 'blocks', 'nodes']) await store.sql(`TRUNCATE TABLE ${table}`);
});

function sources(): BundleSources {
  return {
    client: store.client, ledger: createLedgerReader({ client: store.client, keys: async () => KEYS }), ruleSet: async () => RULES,
    keys: {
      checkpointVerifier: async () => verifierOf(KEY), checkpointVerifiers: async () => KEYS, expiryVerifier: async () => verifierOf(RETENTION, `${DEPLOYMENT}-retention`),
      signStatement: async (kind, site, body) => signNote(`${DEPLOYMENT}\n${kind}\n${site}\n${body}`, DEPLOYMENT, KEY), noticeKey: async () => noticeKeyOf(TOKEN_KEY), newestEpoch: async () => 1,
    },
  };
}

function quoted(text: string): string {
  return `'${text.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`;
}

interface Row {
  readonly site: string;
  readonly provenance: 'plugin' | 'system';
  readonly lines: readonly string[];
}

function hashesOf({ site, provenance, lines }: Row): readonly Buffer[] {
  return lines.map((line, seq) => leafHash({ site, stream: 'web', epoch: 1, receivedAtMs: RECEIVED_MS, provenance, derivation: 1, seq }, Buffer.from(line)));
}

async function put(row: Row, sizes: readonly number[]): Promise<readonly Buffer[]> {
  const hashes = hashesOf(row);
  const json = row.lines.map((line, leaf) => JSON.stringify({ site: row.site, leaf, stream: 'web', epoch: 1, seq: leaf, received_at: new Date(RECEIVED_MS).toISOString().slice(0, -1).replace('T', ' '), provenance: row.provenance, derivation: 1, tier: 'standard', line }));
  await store.sql(`INSERT INTO events FORMAT JSONEachRow ${json.join('\n')}`);
  for (const size of sizes) {
    const root = rootOf(hashes.slice(0, size).reduce(appendLeaf, EMPTY_FRONTIER));
    const note = signNote(checkpointText({ origin: `${DEPLOYMENT}/${row.site}`, size, root, extensions: [] }), DEPLOYMENT, KEY);
    await store.sql(`INSERT INTO checkpoints VALUES (${quoted(row.site)}, ${size}, ${quoted(root.toString('base64'))}, fromUnixTimestamp64Milli(${RECEIVED_MS}, 'UTC'), ${quoted(note)})`);
  }
  return hashes;
}

async function putSite(): Promise<readonly Buffer[]> {
  const lines = Array.from({ length: LEAVES }, (_, i) => `{"n":${i},"text":"it\\u0027s 'caf\u00e9' \\\\ ${i}"}`);
  await store.sql(`INSERT INTO blocks (site, stream, epoch, first_seq, lines, stored, dead, masked_spans, received_at, provenance, partition, position, first_leaf, previous_head, head)
    SELECT '${SITE}', 'web', 1, number * 100, 100, 100, 0, 0, fromUnixTimestamp64Milli(${RECEIVED_MS}, 'UTC'), 'plugin', 0, number, number * 100, concat('h', toString(number)), concat('h', toString(number + 1)) FROM numbers(14)`);
  return put({ site: SITE, provenance: 'plugin', lines }, [1_350, LEAVES]);
}

/** What the lines above say of who did what. */
const NOBODY = { actor: '', session: '', address: '', category: '', action: '', outcome: '' } as const;

/** Deeds on some leaves, of nobody in particular. */
function reportOf(leaves: readonly number[], treeSize = 1_350): ScopeReport {
  const { report } = breachInput({ seed: 1, deeds: 2, persons: 1 });
  const [deed] = report.deeds;
  if (deed === undefined) throw new Error('the breach has deeds');
  const deeds = leaves.map((leaf): ScopeDeed => ({ ...deed, ...NOBODY, leaf, receivedAtMs: RECEIVED_MS, atMs: RECEIVED_MS, classes: [], fields: [], destination: '', records: 0, subjects: 0 }));
  return {
    ...report, treeSize, deeds, subjects: [], links: [], classes: [], fields: [], jurisdictions: [], destinations: [], unnamedRecords: 0, firstMs: RECEIVED_MS, lastMs: RECEIVED_MS, takenOver: undefined, gaps: [],
    rules: [{ version: RULES.version, fromMs: 0, toMs: 1 }], coverage: { receivedFromMs: RECEIVED_MS, receivedToMs: RECEIVED_MS + 1, blocks: 14, lines: 1_400, stored: 1_400, deadLetters: 0, missingLines: 0, eventsCounted: 1_400 },
  };
}

async function bundleOf(report: ScopeReport): Promise<Files> {
  return written(await readBundle(sources(), report));
}

function expectHolds(files: Files): void {
  const directory = layDown(files);
  try {
    expect(verifyBundle(directory, { keys: [verifierOf(KEY)] }).problems).toEqual([]);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function rowsOf(files: Files, name: string): readonly Record<string, unknown>[] {
  return String(files.get(name)).split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Record<string, unknown>); // rows of bundles are objects
}

test('lines, proofs, batches and checkpoints come out of the store, under the checkpoint of the computation', async () => {
  await putSite();
  const files = await bundleOf(reportOf([0, 1, 255, 256, 300, 1_349]));
  expectHolds(files);
  expect(rowsOf(files, 'evidence.ndjson').map(({ leaf }) => leaf)).toEqual([0, 1, 255, 256, 300, 1_349]);
  expect(rowsOf(files, 'checkpoints.ndjson')).toMatchObject([{ kind: 'computed', size: 1_350 }, { kind: 'newest', size: LEAVES }]);
  expect(rowsOf(files, 'coverage.ndjson')).toHaveLength(14);
});

test('thousands of leaves are read in pieces, and equal states of the store give equal bytes', async () => {
  await putSite();
  const report = reportOf(Array.from({ length: 1_350 }, (_, i) => i));
  const query = vi.spyOn(store.client, 'query');
  const files = await bundleOf(report);
  expect(query.mock.calls.length).toBeLessThan(40);
  query.mockRestore();
  expectHolds(files);
  expect(await bundleOf(report)).toEqual(files);
});

test('a redacted line stands there with its signed word', async () => {
  const hashes = await putSite();
  const line = '{"n":"\u27e6redacted\u27e7"}';
  const redactedHash = leafHash({ site: SITE, stream: 'web', epoch: 1, receivedAtMs: RECEIVED_MS, provenance: 'plugin', derivation: 1, seq: 30 }, Buffer.from(line));
  const note = signRedaction({ origin: `${DEPLOYMENT}/${SITE}`, leaf: 30, leafHash: hashes[30] ?? Buffer.alloc(0), redactedHash, redactedAtMs: RECEIVED_MS }, DEPLOYMENT, KEY);
  await store.sql(`INSERT INTO redactions VALUES ('${SITE}', 30, fromUnixTimestamp64Milli(${RECEIVED_MS}, 'UTC'), ${quoted(note)})`);
  await store.sql(`ALTER TABLE events UPDATE line = ${quoted(line)} WHERE leaf = 30 SETTINGS mutations_sync = 2`);
  const files = await bundleOf(reportOf([29, 30, 31]));
  expectHolds(files);
  expect(rowsOf(files, 'evidence.ndjson')[1]).toMatchObject({ leaf: 30, line, redaction: note });
});

test('a line that expired is named as expired, with the word of who dropped it', async () => {
  const hashes = await putSite();
  const id = 'q'.repeat(24);
  const word = signExpiry({ deployment: DEPLOYMENT, id, tier: 'brief', month: 202_611, rows: 256, digest: Buffer.alloc(32), policy: '30 days', expiredAtMs: RECEIVED_MS }, `${DEPLOYMENT}-retention`, RETENTION);
  const gone = Buffer.concat(hashes.slice(0, 256));
  await store.sql(`INSERT INTO expired_leaves SELECT '${SITE}', 0, range(256), unhex('${gone.toString('hex')}'), '${id}', fromUnixTimestamp64Milli(${RECEIVED_MS}, 'UTC')`);
  await store.sql(`INSERT INTO expiries VALUES ('${id}', 'brief', 202611, 256, fromUnixTimestamp64Milli(${RECEIVED_MS}, 'UTC'), ${quoted(word)})`);
  await store.sql('ALTER TABLE events DELETE WHERE leaf < 256 SETTINGS mutations_sync = 2');
  const files = await bundleOf(reportOf([5, 300]));
  expectHolds(files);
  expect(rowsOf(files, 'evidence.ndjson')).toMatchObject([{ leaf: 5, expired: id }, { leaf: 300, site: SITE }]);
  expect(rowsOf(files, 'expiries.ndjson')).toEqual([{ id, note: word }]);
});

test('the line of the deployment log that names the checkpoint comes along', async () => {
  const hashes = await putSite();
  const root = rootOf(hashes.slice(0, 1_350).reduce(appendLeaf, EMPTY_FRONTIER)).toString('base64');
  const lines = ['{}', JSON.stringify({ tourniquet: { checkpoints: [{ site: 'other', size: 1_350, root: 'x' }, { site: SITE, size: 1_350, root }] } }), '{"tourniquet":{"checkpoints":"no list"}}'];
  await put({ site: '_deployment', provenance: 'system', lines }, [3]);
  const files = await bundleOf(reportOf([7]));
  expectHolds(files);
  expect(rowsOf(files, 'checkpoints.ndjson')[2]).toMatchObject({ kind: 'deployment', size: 3, entry: { leaf: 1, site: '_deployment' } });
});

test('a row that was changed behind our back makes no bundle', async () => {
  await putSite();
  await store.sql("ALTER TABLE events UPDATE line = '{}' WHERE leaf = 300 SETTINGS mutations_sync = 2");
  await expect(bundleOf(reportOf([299, 301]))).rejects.toMatchObject({ code: 'TQ-LEDGER-04' });
});

test('a scope that no signed checkpoint covers makes no bundle yet', async () => {
  await putSite();
  await expect(bundleOf(reportOf([1], LEAVES + 1))).rejects.toMatchObject({ code: 'TQ-STORAGE-52', retryable: true });
});
