import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import fastify from 'fastify';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { Act } from '../../contracts/trail.ts';
import { ConsoleError } from '../console/errors.ts';
import { createMemoryStore } from '../scope/memory-store.ts';
import { SUITE_MEMORY, SUITE_START } from '../scope/scope-store.suite.ts';
import { breachInput, KEY, SITE, verifierOf } from './bundle-fixture.ts';
import type { BundleInput } from './bundle-input.ts';
import { addBundleRoutes } from './bundle-routes.ts';
import { verifyBundle } from './verifier/verify.mjs';
import { pickUp, written } from './written-fixture.ts';

const inputOf = (): BundleInput => breachInput({ seed: 4, deeds: 30, persons: 10 });
const BODY = { site: 'shop', seed: { kind: 'actor', value: 'admin' }, fromMs: SUITE_START, toMs: SUITE_START + 86_400_000 };

let folder: string;
let before: string | undefined;
let acts: Act[];
beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-routes-'));
  mkdirSync(path.join(folder, 'tmp'));
  // The route's own folders stand in the system's: counted, they must be gone afterwards.
  before = process.env['TMPDIR'];
  process.env['TMPDIR'] = path.join(folder, 'tmp');
  acts = [];
});
afterEach(() => {
  if (before === undefined) delete process.env['TMPDIR'];
  else process.env['TMPDIR'] = before;
  rmSync(folder, { recursive: true, force: true });
});

function serverOf(bundleOf: () => Promise<BundleInput> = async () => inputOf(), may = true): ReturnType<typeof fastify> {
  const server = fastify();
  addBundleRoutes(server, {
    bundleOf: async () => bundleOf(), store: createMemoryStore(SUITE_MEMORY),
    admit: async (_request, permission) => {
      if (!may || permission !== 'bundle') throw new ConsoleError('TQ-CONSOLE-02');
      return { name: 'ines', role: 'compliance', address: '192.0.2.1' };
    },
    trail: { write: async (act) => void acts.push(act) },
  });
  server.setErrorHandler((error, _request, reply) => reply.code(error instanceof ConsoleError ? error.status : 500).send({ code: error instanceof ConsoleError ? error.code : 'other' }));
  return server;
}

test('the archive holds the bundle, and both acts stood on the trail before', async () => {
  const server = serverOf();
  const answer = await server.inject({ method: 'POST', url: '/v1/bundle', payload: BODY });
  expect([answer.statusCode, answer.headers['content-type'], answer.headers['content-disposition']]).toEqual([200, 'application/x-tar', 'attachment; filename="shop-bundle.tar"']);
  expect(acts.map(({ action, actor }) => [action, actor?.name])).toEqual([['scope-computed', 'ines'], ['bundle-written', 'ines']]);
  writeFileSync(path.join(folder, 'a.tar'), answer.rawPayload);
  expect(spawnSync('tar', ['-xf', 'a.tar'], { cwd: folder })).toMatchObject({ status: 0 });
  const bundle = path.join(folder, `${SITE}-bundle`);
  expect(verifyBundle(bundle, { keys: [verifierOf(KEY)] }).problems).toEqual([]);
  expect(pickUp(bundle)).toEqual(new Map([...await written(inputOf())].toSorted(([a], [b]) => (a < b ? -1 : 1))));
  expect((await server.inject({ method: 'POST', url: '/v1/bundle', payload: BODY })).rawPayload.equals(answer.rawPayload)).toBe(true);
  await expect.poll(() => readdirSync(path.join(folder, 'tmp'))).toEqual([]);
  await server.close();
});

test('who may not gets nothing, and wrong questions are named', async () => {
  expect((await serverOf(undefined, false).inject({ method: 'POST', url: '/v1/bundle', payload: BODY })).statusCode).toBe(403);
  expect((await serverOf().inject({ method: 'POST', url: '/v1/bundle', payload: { ...BODY, seed: 'x' } })).json()).toEqual({ code: 'TQ-CONSOLE-07' });
  expect(acts).toEqual([]);
});

test('a bundle that cannot be made leaves nothing behind, and the next one is made', async () => {
  let isBroken = true;
  const server = serverOf(async () => (isBroken ? { ...inputOf(), evidence: (async function* () {})() } : inputOf()));
  for (let i = 0; i < 4; i++) expect((await server.inject({ method: 'POST', url: '/v1/bundle', payload: BODY })).statusCode).toBe(500);
  isBroken = false;
  await expect.poll(async () => (await server.inject({ method: 'POST', url: '/v1/bundle', payload: BODY })).statusCode).toBe(200);
  await expect.poll(() => readdirSync(path.join(folder, 'tmp'))).toEqual([]);
  await server.close();
});

test('two are made at a time, a third is told to wait', async () => {
  const made = Promise.withResolvers<undefined>();
  const server = serverOf(() => made.promise.then(inputOf));
  const two = [1, 2].map(() => server.inject({ method: 'POST', url: '/v1/bundle', payload: BODY }));
  await expect.poll(() => acts.filter(({ action }) => action === 'bundle-written').length).toBe(2);
  expect((await server.inject({ method: 'POST', url: '/v1/bundle', payload: BODY })).json()).toEqual({ code: 'TQ-CONSOLE-10' });
  made.resolve(undefined);
  expect((await Promise.all(two)).map(({ statusCode }) => statusCode)).toEqual([200, 200]);
  await expect.poll(async () => (await server.inject({ method: 'POST', url: '/v1/bundle', payload: BODY })).statusCode).toBe(200);
  await server.close();
});
