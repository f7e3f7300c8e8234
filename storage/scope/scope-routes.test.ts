import { fastify } from 'fastify';
import type { FastifyInstance } from 'fastify';
import { describe, expect, test } from 'vitest';
import type { Act } from '../../contracts/trail.ts';
import { ConsoleError, problemBody, toConsoleError } from '../console/errors.ts';
import { createMemoryStore } from './memory-store.ts';
import { addScopeRoutes } from './scope-routes.ts';
import { SUITE_START, SUITE_MEMORY } from './scope-store.suite.ts';

const ASKER = { name: 'carla', role: 'compliance', address: '192.0.2.77' } as const;
const BODY = { site: 'shop', seed: { kind: 'address', value: '192.0.2.1' }, fromMs: SUITE_START, toMs: SUITE_START + 86_400_000 };

function serve(admitted = true): { readonly server: FastifyInstance; readonly acts: Act[]; readonly steps: string[] } {
  const [acts, steps]: [Act[], string[]] = [[], []];
  const store = createMemoryStore(SUITE_MEMORY);
  const server = fastify();
  server.setErrorHandler((error, _request, reply) => {
    const known = toConsoleError(error);
    return reply.code(known.status).send(problemBody(known));
  });
  addScopeRoutes(server, {
    store: { ...store, horizon: (site) => { steps.push('computed'); return store.horizon(site); } },
    admit: async (_request, permission) => { if (!admitted || permission !== 'scope') throw new ConsoleError('TQ-CONSOLE-02'); return ASKER; },
    trail: { write: async (act) => { steps.push('written'); acts.push(act); } },
  });
  return { server, acts, steps };
}

describe('POST /v1/scope', () => {
  test('answers with a report, after the question stands on the trail', async () => {
    const { server, acts, steps } = serve();
    const answer = await server.inject({ method: 'POST', url: '/v1/scope', payload: BODY });
    expect(answer.statusCode).toBe(200);
    expect(answer.json()).toMatchObject({ v: 1, request: { site: 'shop', leastConfidence: 0.5 }, treeSize: 8 });
    expect(steps).toEqual(['written', 'computed']);
    expect(acts).toMatchObject([{ action: 'scope-computed', actor: ASKER, target: { kind: 'site', name: 'shop' }, about: { scope: { seed: 'address' } } }]);
    // Whose address it is, is nobody's business on the trail.
    expect(JSON.stringify(acts)).not.toContain('192.0.2.1"');
  });

  test('answers nobody who may not, and writes nothing', async () => {
    const { server, steps } = serve(false);
    expect((await server.inject({ method: 'POST', url: '/v1/scope', payload: BODY })).statusCode).toBe(403);
    expect(steps).toEqual([]);
  });

  test.each([
    ['a wrong question', { ...BODY, fromMs: 'x' }, 422, /Unix milliseconds/], ['no object', [1], 422, /is an object/], ['an alert that is none', { ...BODY, seed: { kind: 'alert', value: 'alert_none' } }, 422, /no such alert/], ['a site that told nothing', { ...BODY, site: 'other' }, 422, /nothing is stored/],
  ])('says what is wrong with %s', async (_what, payload, status, detail) => {
    const answer = await serve().server.inject({ method: 'POST', url: '/v1/scope', payload });
    expect([answer.statusCode, answer.json().detail]).toEqual([status, expect.stringMatching(detail)]);
  });
});
