import { expect, test } from 'vitest';
import { Session } from 'chdb';
import type { InsertFence } from '../../contracts/store.ts';
import { StoreRefusal, StoreUnavailable } from '../../contracts/store.ts';
import { refusal, startFakeServer } from './fake-server.ts';
import { createGroupStore } from './group-store.ts';
import { REFUSALS } from './store-error.ts';

const ROW = { table: 'gaps', tier: '', rows: 1, format: 'JSONEachRow', data: Buffer.from('{"site":"a"}\n') } as const;
const OPEN: InsertFence = { kind: 'uncommitted', range: { partition: 1, first: 1, last: 1 } };

async function insertAgainst(answer: Parameters<typeof startFakeServer>[0]): Promise<Error> {
  await using server = await startFakeServer(answer);
  await using store = createGroupStore({ url: server.url, user: 'writer', password: 'w' });
  return await store.insert('t', ROW, OPEN).then(() => new Error('stored'), (error: unknown) => (error instanceof Error ? error : new Error(String(error))));
}

// Status and code as HTTPHandler's exceptionCodeToHTTPStatus and ErrorCodes.cpp of ClickHouse pair them.
test.each([
  [401, 194, 'REQUIRED_PASSWORD', 'unavailable'],
  [403, 516, 'AUTHENTICATION_FAILED', 'unavailable'],
  [403, 192, 'UNKNOWN_USER', 'unavailable'],
  [403, 497, 'ACCESS_DENIED', 'unavailable'],
  [404, 60, 'UNKNOWN_TABLE', 'unavailable'],
  [404, 81, 'UNKNOWN_DATABASE', 'unavailable'],
  [404, 115, 'UNKNOWN_SETTING', 'unavailable'],
  [500, 164, 'READONLY', 'unavailable'],
  [500, 252, 'TOO_MANY_PARTS', 'unavailable'],
  [500, 241, 'MEMORY_LIMIT_EXCEEDED', 'unavailable'],
  [500, 243, 'NOT_ENOUGH_SPACE', 'unavailable'],
  [500, 242, 'TABLE_IS_READ_ONLY', 'unavailable'],
  [500, 285, 'TOO_FEW_LIVE_REPLICAS', 'unavailable'],
  [500, 286, 'UNSATISFIED_QUORUM_FOR_PREVIOUS_WRITE', 'unavailable'],
  [500, 319, 'UNKNOWN_STATUS_OF_INSERT', 'unavailable'],
  [500, 254, 'NO_ACTIVE_REPLICAS', 'unavailable'],
  [500, 225, 'NO_ZOOKEEPER', 'unavailable'],
  [500, 999, 'KEEPER_EXCEPTION', 'unavailable'],
  [503, 202, 'TOO_MANY_SIMULTANEOUS_QUERIES', 'unavailable'],
  [408, 159, 'TIMEOUT_EXCEEDED', 'unavailable'],
  [503, 209, 'SOCKET_TIMEOUT', 'unavailable'],
  [500, 473, 'DEADLOCK_AVOIDED', 'unavailable'],
  [500, 1002, 'UNKNOWN_EXCEPTION', 'unavailable'],
  [400, 117, 'INCORRECT_DATA', 'refused'],
  [400, 27, 'CANNOT_PARSE_INPUT_ASSERTION_FAILED', 'refused'],
  [400, 41, 'CANNOT_PARSE_DATETIME', 'refused'],
  [400, 53, 'TYPE_MISMATCH', 'refused'],
  [500, 469, 'VIOLATED_CONSTRAINT', 'refused'],
] as const)('status %i with code %i, %s, makes an insert %s', async (status, code, type, outcome) => {
  const error = await insertAgainst(() => refusal(status, code, type));
  expect(error).toBeInstanceOf(outcome === 'refused' ? StoreRefusal : StoreUnavailable);
  expect(error.message).toContain(`ClickHouse code ${code}, ${type}`);
  expect(error.message).not.toContain('marker-of-a-person');
  if (error instanceof StoreRefusal) expect([error.code, error.cause]).toEqual([code, undefined]);
});

test.each([[502, '<html>Bad Gateway</html>'], [404, 'Not Found'], [403, ''], [200, ''], [200, '<html>Welcome</html>']])('what is no ClickHouse and answers %i with "%s" stored nothing, and refused nothing', async (status, body) => {
  expect(await insertAgainst(() => ({ status, body }))).toBeInstanceOf(StoreUnavailable);
});

test.each(['', '{}', '{"n":"many"}', '{"n":null}'])('a count that says "%s" is none', async (body) => {
  await using server = await startFakeServer(() => ({ body, headers: { 'X-ClickHouse-Server-Display-Name': 'a' } }));
  await using store = createGroupStore({ url: server.url, user: 'writer', password: 'w' });
  await expect(store.count('gaps', OPEN.range, 0, 0)).rejects.toBeInstanceOf(StoreUnavailable);
});

test('a wrong password, a missing database and a missing table say what to do', async () => {
  expect((await insertAgainst(() => refusal(403, 516, 'AUTHENTICATION_FAILED'))).message).toContain('secrets.storage_writer');
  for (const [code, type] of [[81, 'UNKNOWN_DATABASE'], [60, 'UNKNOWN_TABLE']] as const) expect((await insertAgainst(() => refusal(404, code, type))).message).toContain('tourniquet migrate');
});

test('every code that refuses has the name the engine gives it', () => {
  using session = new Session();
  for (const [code, name] of REFUSALS) expect(String(session.query(`SELECT errorCodeToName(${code})`, 'TSVRaw')).trim()).toBe(name);
});
