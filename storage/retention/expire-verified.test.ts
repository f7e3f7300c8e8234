import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { formatVerifier } from '../../contracts/checkpoint.ts';
import { signExpiry } from '../../contracts/expiry.ts';
import { verifyInclusion } from '../../contracts/proof.ts';
import type { Act } from '../../contracts/trail.ts';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import type { Storage } from '../engine/storage.ts';
import { createLedgerReader } from '../ledger/ledger-reader.ts';
import { CHECKPOINT_KEYS, EXPIRY_KEY, EXPIRY_VERIFIERS, fillBase, openStore, REDACTED_LEAF } from '../tamper/base-store.ts';
import { TOY_DERIVATIONS } from '../tamper/toy-trail.ts';
import { verifyAll } from '../verify/verification.ts';
import type { VerificationEvent } from '../verify/verification.ts';
import { EXPIRY_STEPS, expirePartition } from './expire.ts';
import type { ExpiryDeps } from './expire.ts';
import { partitionStates, storedPartitions } from './partitions.ts';
import type { PartitionState } from './partitions.ts';
import { policyOf } from './policy.ts';

const FOREVER = { brief: '', standard: '', payment: '', health: '', trail: '' };
const NOW = Date.UTC(2035, 0);
/** Sites, leaves and what each is: of a chain, of plain lines, redacted, and of the deployment's log. */
const PROVED = [['shop', 700], ['shop', REDACTED_LEAF], ['clinic', 10], ['clinic', 500], ['_deployment', 3]] as const;

let directory: string;
let storage: Storage;
let retention: ClickHouseClient;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-expire-'));
  {
    await using store = await openStore(directory);
    await fillBase(store);
  }
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', retentionPassword: 't', config: defaultStorageConfig() });
  retention = createClient({ url: storage.url, username: 'retention', password: 't', database: 'tourniquet' });
});
afterAll(async () => {
  await retention.close();
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

function verified(): Promise<readonly VerificationEvent[]> {
  return Array.fromAsync(verifyAll({ client: retention, checkpointKeys: CHECKPOINT_KEYS, expiryVerifiers: EXPIRY_VERIFIERS, derivations: TOY_DERIVATIONS, deep: true }));
}

async function problems(): Promise<readonly string[]> {
  return (await verified()).filter((event) => event.type === 'problem').map(({ kind, message }) => `${kind}: ${message}`);
}

async function due(): Promise<PartitionState> {
  const { policy } = policyOf({ presets: [], keep: { ...FOREVER, standard: '1 year' } });
  const found = partitionStates(await storedPartitions(retention), policy, [], NOW).find(({ state }) => state === 'due');
  if (found === undefined) throw new Error('nothing is due');
  return found;
}

function deps(more: Partial<ExpiryDeps> = {}): ExpiryDeps {
  return {
    client: retention, holds: async () => [], verify: problems, nowMs: () => NOW, trail: { write: async (_act: Act) => undefined },
    keys: {
      checkpointVerifier: async () => CHECKPOINT_KEYS[0]?.verifier ?? '', checkpointVerifiers: async () => CHECKPOINT_KEYS, expiryVerifier: async () => formatVerifier('toy.example-retention', EXPIRY_KEY.publicKey),
      signExpiry: async (expiry) => signExpiry({ ...expiry, deployment: 'toy.example', expiredAtMs: NOW }, 'toy.example-retention', EXPIRY_KEY.privateKey),
    },
    ...more,
  };
}

/** Proofs of expired, redacted and other leaves, each checked against the site's newest checkpoint. */
async function proofs(): Promise<readonly boolean[]> {
  const ledger = createLedgerReader({ client: retention, keys: async () => CHECKPOINT_KEYS });
  return Promise.all(PROVED.map(async ([site, leaf]) => {
    const checkpoint = await ledger.checkpoint(site);
    if (checkpoint === undefined) return false;
    const { leafHash, path } = await ledger.inclusionProof(site, leaf, checkpoint.size);
    return verifyInclusion(leafHash, leaf, checkpoint.size, path, checkpoint.root);
  }));
}

test('the store verifies and proves at every step of an expiry, whatever step a kill comes before', async () => {
  expect([await problems(), await proofs()]).toEqual([[], PROVED.map(() => true)]);
  const partition = await due();
  expect(partition).toMatchObject({ tier: 'standard', month: 203002, sites: ['_deployment', 'clinic', 'shop'] });
  for (const killed of EXPIRY_STEPS.filter((step) => !/matches|alerts|dead_letters/.test(step))) {
    const onStep = (step: string): void => {
      if (step === killed) throw new Error('killed');
    };
    // What a kill left is found again, and gone on with.
    await expect(expirePartition(await due(), deps({ onStep, verify: async () => [] })), killed).rejects.toThrow('killed');
    expect([await problems(), await proofs()], killed).toEqual([[], PROVED.map(() => true)]);
  }
  await expirePartition(await due(), deps());
});

test('afterwards no row is left, and everything verifies as expired, proofs included', async () => {
  const answer = await retention.query({ query: 'SELECT count() AS n FROM events', format: 'JSONEachRow' });
  expect(await answer.json()).toEqual([{ n: 0 }]);
  const events = await verified();
  expect(events.filter(({ type }) => type === 'problem')).toEqual([]);
  expect(events.filter(({ type }) => type === 'site')).toMatchObject([
    { site: '_deployment', ok: true, leaves: 8, expired: 8 }, { site: 'clinic', ok: true, leaves: 775, expired: 775 }, { site: 'shop', ok: true, leaves: 1512, expired: 1512 },
  ]);
  expect(await proofs()).toEqual(PROVED.map(() => true));
});
