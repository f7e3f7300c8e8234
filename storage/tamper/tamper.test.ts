import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { TABLES } from '../../contracts/tables.ts';
import { keptCheckpoints } from '../verify/kept-checkpoints.ts';
import type { Problem } from '../verify/problem.ts';
import { verifyAll, verifySite } from '../verify/verification.ts';
import type { VerificationEvent, VerificationOptions } from '../verify/verification.ts';
import { CHECKPOINT_KEYS, EXPIRY_VERIFIERS, fillBase, openStore } from './base-store.ts';
import type { BaseStore, OpenStore } from './base-store.ts';
import { MANIPULATIONS } from './manipulations.ts';
import { TOY_DERIVATIONS } from './toy-trail.ts';

let root: string;
let base: BaseStore;
let store: OpenStore;

/** The engine works on a copy of the directory, and keeps the tables as they were under another name: starting it for each manipulation would take minutes. */
beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'tourniquet-tamper-'));
  {
    await using first = await openStore(join(root, 'base'));
    base = await fillBase(first);
  }
  await rm(join(root, 'base', 'spool'), { recursive: true });
  execFileSync('cp', ['-r', join(root, 'base'), join(root, 'copy')]);
  store = await openStore(join(root, 'copy'));
  await store.engine.command('CREATE DATABASE pristine ENGINE = Atomic');
  for (const table of Object.keys(TABLES)) await store.engine.command(`CREATE TABLE pristine.${table} AS ${table}; ALTER TABLE pristine.${table} ATTACH PARTITION ALL FROM ${table}`);
});
afterEach(async () => {
  await store.engine.command(Object.keys(TABLES).map((table) => `TRUNCATE TABLE ${table}; ALTER TABLE ${table} ATTACH PARTITION ALL FROM pristine.${table}`).join(';'));
});
afterAll(async () => {
  await store[Symbol.asyncDispose]();
  await rm(root, { recursive: true, force: true });
});

const options = (): VerificationOptions => ({ client: store.reader, checkpointKeys: CHECKPOINT_KEYS, expiryVerifiers: EXPIRY_VERIFIERS, derivations: TOY_DERIVATIONS });
const kept = (): Pick<VerificationOptions, 'kept'> => ({ kept: keptCheckpoints(base.notes.join(''), verifiersAt(CHECKPOINT_KEYS)) });
const problemsOf = (events: readonly VerificationEvent[]): readonly Problem[] => events.filter((e) => e.type === 'problem');

test('an untouched copy holds, with every checkpoint that was kept', async () => {
  const events = await Array.fromAsync(verifyAll({ ...options(), deep: true, ...kept() }));
  expect(problemsOf(events)).toEqual([]);
  expect(events.filter((e) => e.type === 'site')).toMatchObject([
    { site: '_deployment', ok: true, leaves: 8, attested: 8 }, { site: 'clinic', ok: true, leaves: 775, attested: 775, expired: 298 }, { site: 'shop', ok: true, leaves: 1512, attested: 1512, redacted: 1 },
  ]);
});

test.each(MANIPULATIONS.map((m) => [m.name, m] as const))('%s: found', async (_name, manipulation) => {
  const { kind, site, table = 'events', from, to, suspect, deep = false } = manipulation;
  await manipulation.run(store);
  const problems = problemsOf(await Array.fromAsync(verifySite(site === '' ? 'clinic' : site, { ...options(), deep, ...(manipulation.kept === true ? kept() : {}) })));
  expect(problems.filter((p) => p.site === site)).toContainEqual(expect.objectContaining({
    kind, table, ...(from === undefined ? {} : { fromLeaf: from }), ...(to === undefined ? {} : { toLeaf: to }), ...(suspect === undefined ? {} : { suspect }),
  }));
});
