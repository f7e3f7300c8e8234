import { setTimeout as sleep } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Act } from '../../contracts/trail.ts';
import { CONSOLE_SETTINGS } from '../console/config.ts';
import type { ConsoleConfig } from '../console/config.ts';
import { ConsoleError } from '../console/errors.ts';
import { isPersonRole, may } from '../console/people.ts';
import { consoleServer } from '../console/server.ts';
import { auditFolders } from './audit-folders.ts';
import { AUDIT_PATHS } from './audit-paths.ts';
import { addAuditRoutes } from './audit-routes.ts';
import { auditService } from './audit-service.ts';
import { ago, letters, NOW, openPlantedStore } from './planted-rows.ts';
import type { PlantedStore } from './planted-rows.ts';

const CONFIG: ConsoleConfig = { ...Object.fromEntries(Object.entries(CONSOLE_SETTINGS).map(([name, setting]) => [name, setting.default])), page_rows: 50 } as ConsoleConfig; // each setting with its default

let store: PlantedStore;
let app: FastifyInstance;
let acts: Act[];
let lookedUp: unknown[];
let faults: unknown[];
let keysError: Error | undefined;
/** Whether the store was asked for rows before the trail was written. */
let shownBefore: boolean;

beforeAll(async () => {
  store = await openPlantedStore();
  await store.plant('accesses', [{ subject: letters('a'), actor: 'till', timestamp: ago(3) }, { subject: letters('a'), actor: 'mira', timestamp: ago(2) }, { subject: letters('b'), actor: 'other', timestamp: ago(2) }]);
  await store.plant('acts', Array.from({ length: 60 }, (_, i) => ({ actor: 'till', action: `act-${i}`, timestamp: ago(2) })));
});
afterAll(() => store[Symbol.asyncDispose]());

beforeEach(() => {
  acts = [];
  lookedUp = [];
  faults = [];
  keysError = undefined;
  shownBefore = false;
  let asked = false;
  const client = Object.create(store.reader, { query: { value: (...args: Parameters<typeof store.reader.query>) => ((asked ||= args[0].query.includes('accesses')), store.reader.query(...args)) } }) as typeof store.reader; // the same client, watched
  app = consoleServer({ config: CONFIG, paths: AUDIT_PATHS, onFault: (error) => faults.push(error) });
  addAuditRoutes(app, {
    pageRows: CONFIG.page_rows,
    // A role as token stands for whoever has it.
    admit: async (request, permission) => {
      const role = request.headers.authorization?.replace('Bearer ', '');
      if (!isPersonRole(role)) throw new ConsoleError('TQ-CONSOLE-01');
      if (!may(role, permission)) throw new ConsoleError('TQ-CONSOLE-02');
      return { name: `the-${role}`, role, address: request.ip };
    },
    audit: auditService({
      client, folders: auditFolders([]), now: () => NOW, sites: async () => ['_system', 'clinic', 'shop'],
      trail: {
        async write(act) {
          await sleep(20);
          shownBefore ||= asked;
          acts.push(act);
        },
      },
      async lookup(...asks) {
        lookedUp.push(asks);
        if (keysError !== undefined) throw keysError;
        return [{ site: 'clinic', token: letters('a') }];
      },
    }),
  });
});

function get(url: string, role = 'analyst', headers: Readonly<Record<string, string>> = {}) {
  return app.inject({ url, headers: { authorization: `Bearer ${role}`, ...headers } });
}

function post(name: string, payload: object | string, role = 'compliance') {
  return app.inject({ method: 'POST', url: `/v1/audit/${name}`, headers: { authorization: `Bearer ${role}`, 'content-type': 'application/json' }, payload });
}

test('the list says what each query asks and takes', async () => {
  const { queries } = (await get('/v1/audit')).json<{ queries: { name: string; parameters: object[] }[] }>();
  expect(queries.find(({ name }) => name === 'who-accessed-subject')).toMatchObject({ role: 'analyst', controls: expect.arrayContaining(['HIPAA §164.312(b)']), parameters: [{ name: 'subject', type: 'subjects', required: true }, { name: 'sites', default: '*', required: false }, { name: 'from' }, { name: 'to' }] });
});

test('a run is on the trail, by whom and with what, before the store is asked for a row', async () => {
  const answer = await get(`/v1/audit/who-accessed-subject?subject=${letters('a')}&sites=clinic&from=7d&reason=ticket+7`);
  expect([answer.statusCode, shownBefore]).toEqual([200, false]);
  expect(acts).toEqual([{
    action: 'audit-query-run', category: ['data_access'], outcome: 'unknown', reason: 'ticket 7', target: { kind: 'query', name: 'who-accessed-subject' }, actor: { name: 'the-analyst', role: 'analyst', address: '127.0.0.1' },
    about: { query_sha256: expect.stringMatching(/^[0-9a-f]{64}$/), parameters: { subject: [letters('a')], sites: ['clinic'], from: '2026-11-14T00:00:00.000Z', to: '2026-11-21T00:00:00.000Z' }, format: 'ndjson', limit: 50 },
  }]);
  const lines = answer.body.trimEnd().split('\n').map((line): unknown => JSON.parse(line));
  expect(lines).toMatchObject([{ actor: 'till' }, { actor: 'mira' }, { footer: { rows: 2, checkpoints: [{ site: '_system' }, { site: 'clinic', note: 'note of clinic\n' }] } }]);
});

test.each([['text/csv', 'at,site,leaf'], ['text/html', '<!doctype html>'], ['application/json', '{"columns":'], ['text/plain', 'AT '], ['application/x-ndjson', '{"at":'], ['*/*', '{"at":']])('Accept: %s', async (accept, start) => {
  const answer = await get(`/v1/audit/who-accessed-subject?subject=${letters('a')}`, 'analyst', { accept });
  expect(answer.body.slice(0, start.length)).toBe(start);
  expect(answer.headers).toMatchObject({ 'content-type': expect.stringContaining(accept === '*/*' ? 'application/x-ndjson' : accept), 'cache-control': 'no-store', 'x-content-type-options': 'nosniff' });
});

test('pages go on where the one before ended, to the last', async () => {
  const seen: unknown[] = [];
  let next: string | undefined;
  do {
    const { rows, footer } = (await get(`/v1/audit/all-by-actor?actor=till&format=json&limit=25${next === undefined ? '' : `&after=${next}`}`)).json<{ rows: { action: string }[]; footer: { next?: string } }>();
    seen.push(...rows.map(({ action }) => action));
    next = footer.next;
  } while (next !== undefined);
  expect(seen).toEqual(Array.from({ length: 60 }, (_, i) => `act-${i}`));
  expect(acts.map(({ about }) => about?.['later_page'])).toEqual([undefined, true, true]);
});

describe('an identifier', () => {
  const identifier = { kind: 'email', value: 'jane@example.com' };

  test('is made tokens of by the keys role, of the sites asked for, and stands nowhere else', async () => {
    const answer = await post('who-accessed-subject', { identifier, reason: 'she asked', parameters: { sites: 'clinic' } });
    expect(answer.body.split('\n').map((line) => /"actor":"(\w+)"/.exec(line)?.[1]).filter(Boolean)).toEqual(['till', 'mira']);
    expect(lookedUp).toEqual([['email', 'jane@example.com', ['clinic'], 'she asked']]);
    expect(acts).toMatchObject([{ reason: 'she asked', about: { identifier: 'email', parameters: { subject: [letters('a')] } } }]);
    expect(JSON.stringify(acts) + answer.body).not.toContain('jane');
  });

  test('on all sites is looked up on theirs, not on our own', async () => {
    await post('who-accessed-subject', { identifier, reason: 'x' });
    expect(lookedUp).toEqual([['email', 'jane@example.com', ['clinic', 'shop'], 'x']]);
  });

  test.each<[string, object, string, string]>([
    ['of an analyst', { identifier, reason: 'x' }, 'analyst', 'TQ-CONSOLE-02'],
    ['without a reason', { identifier }, 'compliance', 'TQ-CONSOLE-07'],
    ['beside tokens', { identifier, reason: 'x', parameters: { subject: letters('a') } }, 'compliance', 'TQ-CONSOLE-07'],
    ['of an unknown kind', { identifier: { kind: 'name', value: 'x' }, reason: 'x' }, 'compliance', 'TQ-CONSOLE-07'],
    ['of our own site', { identifier, reason: 'x', parameters: { sites: '_system' } }, 'compliance', 'TQ-CONSOLE-07'],
    ['beside a wrong parameter', { identifier, reason: 'x', parameters: { from: 'x' } }, 'compliance', 'TQ-CONSOLE-07'],
  ])('%s is refused before it is looked up', async (_what, body, role, code) => {
    const answer = await post('who-accessed-subject', body, role);
    expect([answer.json<{ code: string }>().code, lookedUp, acts]).toEqual([code, [], []]);
    expect(answer.body).not.toContain('jane');
  });

  test('of a query about no person is refused', async () => {
    expect((await post('alerts-raised', { identifier, reason: 'x' })).json()).toMatchObject({ status: 422, detail: expect.stringContaining('alerts-raised asks about no person') });
  });

  test('in an address is refused', async () => {
    expect((await get('/v1/audit/who-accessed-subject?identifier=jane@example.com', 'compliance')).json()).toMatchObject({ status: 422 });
  });

  test.each([['TQ-KEYS-06', 429, '60'], ['TQ-KEYS-03', 422, undefined], ['TQ-KEYS-10', 503, '1']])('what the keys role says (%s) is said on', async (code, status, wait) => {
    keysError = Object.assign(new Error('keys'), { code, retryable: code === 'TQ-KEYS-10' });
    const answer = await post('who-accessed-subject', { identifier, reason: 'x' });
    expect([answer.statusCode, answer.headers['retry-after']]).toEqual([status, wait]);
    expect(acts).toEqual([]);
  });
});

describe('refusals are problem details', () => {
  test.each<[string, () => ReturnType<typeof get>, number, string]>([
    ['nobody', () => get('/v1/audit', 'x'), 401, 'TQ-CONSOLE-01'],
    ['a query for compliance', () => get('/v1/audit/looks-behind-tokens'), 403, 'TQ-CONSOLE-02'],
    ['no such query', () => get('/v1/audit/nothing'), 404, 'TQ-CONSOLE-06'],
    ['a path for a name', () => get('/v1/audit/..%2F..%2Fstorage%2Ferrors'), 404, 'TQ-CONSOLE-06'],
    ['no such path', () => get('/v2'), 404, 'TQ-CONSOLE-05'],
    ['no parameter', () => get('/v1/audit/all-by-actor'), 422, 'TQ-CONSOLE-07'],
    ['an unknown parameter', () => get('/v1/audit/alerts-raised?x=1'), 422, 'TQ-CONSOLE-07'],
    ['a parameter twice', () => get('/v1/audit/all-by-actor?actor=a&actor=b'), 422, 'TQ-CONSOLE-07'],
    ['no such format', () => get('/v1/audit/alerts-raised?format=xml'), 422, 'TQ-CONSOLE-07'],
    ['too many rows', () => get('/v1/audit/alerts-raised?limit=51'), 422, 'TQ-CONSOLE-07'],
    ['no rows', () => get('/v1/audit/alerts-raised?limit=0'), 422, 'TQ-CONSOLE-07'],
    ['a wrong cursor', () => get('/v1/audit/alerts-raised?after=e30'), 422, 'TQ-CONSOLE-08'],
    ['no JSON', () => post('alerts-raised', '{'), 400, 'TQ-CONSOLE-04'],
    ['another body', () => post('alerts-raised', { sql: 'DROP TABLE acts' }), 400, 'TQ-CONSOLE-04'],
    ['a list for parameters', () => post('alerts-raised', { parameters: [] }), 400, 'TQ-CONSOLE-04'],
    ['a hostile name', () => post('alerts-raised', '{"__proto__":{"limit":1}}'), 400, 'TQ-CONSOLE-04'],
    ['too much', () => post('alerts-raised', { reason: 'x'.repeat(2_000_000) }), 413, 'TQ-CONSOLE-12'],
  ])('%s', async (_what, ask, status, code) => {
    const answer = await ask();
    expect([answer.statusCode, answer.headers['content-type'], answer.json<{ code: string; status: number }>()]).toEqual([status, 'application/problem+json; charset=utf-8', expect.objectContaining({ code, status, type: 'about:blank' })]);
    expect([acts, faults]).toEqual([[], []]);
  });

  test('a store that does not answer is the console\'s to report, and can be asked again', async () => {
    const gone = Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
    store.reader.query = () => Promise.reject(gone);
    const answer = await get('/v1/audit/alerts-raised').finally(() => {
      // The prototype's own method again.
      Reflect.deleteProperty(store.reader, 'query');
    });
    expect([answer.statusCode, answer.headers['retry-after'], faults]).toEqual([503, '1', [gone]]);
  });
});

test('text that looks like SQL is a value', async () => {
  const answer = await get(`/v1/audit/all-by-actor?actor=${encodeURIComponent("x' OR 1=1 --")}&format=json`);
  expect(answer.json()).toMatchObject({ rows: [] });
});

test('the document names every route', async () => {
  const { paths } = (await get('/openapi.json')).json<{ paths: Record<string, object> }>();
  expect(Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods)])).toEqual([['/healthz', ['get']], ['/openapi.json', ['get']], ['/v1/audit', ['get']], ['/v1/audit/{name}', ['get', 'post']]]);
});
