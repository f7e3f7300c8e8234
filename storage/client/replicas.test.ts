import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { expect, test } from 'vitest';
import type { InsertFence } from '../../contracts/store.ts';
import { StoreUnavailable } from '../../contracts/store.ts';
import { refusal, startFakeServer } from './fake-server.ts';
import type { Answer, Asked, FakeServer } from './fake-server.ts';
import { createGroupStore } from './group-store.ts';
import type { ClickHouseGroupStore } from './group-store.ts';
import { replicaUrls } from './replicas.ts';

const ROW = { table: 'gaps', tier: '', rows: 1, format: 'JSONEachRow', data: Buffer.from('{"site":"a"}\n') } as const;
const RANGE = { partition: 1, first: 5, last: 9 };
const UNCOMMITTED: InsertFence = { kind: 'uncommitted', range: RANGE };
const ROWS: InsertFence = { kind: 'rows', range: RANGE, receivedFromMs: 0, receivedToMs: 0, found: 0 };
const CLUSTER = { name: 'main', quorum: 'auto', quorumTimeoutMs: 20_000 };

function replica(name: string, answer: (asked: Asked) => Answer | undefined = () => ({})): Promise<FakeServer> {
  return startFakeServer((asked) => {
    const given = answer(asked);
    return given === undefined ? undefined : { body: asked.query.startsWith('SELECT') ? '{"n":3}\n' : '', ...given, headers: { 'X-ClickHouse-Server-Display-Name': name, ...given.headers } };
  });
}

function connect(servers: readonly FakeServer[], options: { readonly requestTimeoutMs?: number; readonly cluster?: typeof CLUSTER } = { cluster: CLUSTER }): ClickHouseGroupStore {
  return createGroupStore({ url: servers.map(({ url }) => url).join(', '), user: 'writer', password: 'w', ...options });
}

/** The first words of what a replica was asked, in order. */
function heads({ asked }: FakeServer): readonly string[] {
  return asked.map(({ query }) => query.split(/\s+/).slice(0, 4).join(' '));
}

test('addresses are split at commas', () => {
  expect(replicaUrls(' http://a:8123 ,http://b:8123,')).toEqual(['http://a:8123', 'http://b:8123']);
});

test('a call that hangs ends after the bound, as unavailable, and the next call goes to the next replica', async () => {
  await using first = await replica('a', () => undefined);
  await using second = await replica('b');
  await using store = connect([first, second], { requestTimeoutMs: 300 });
  await expect(store.insert('t', ROW, UNCOMMITTED)).rejects.toBeInstanceOf(StoreUnavailable);
  await store.insert('t', ROW, UNCOMMITTED);
  await store.probe(ROW);
  expect([first.asked.length, second.asked.length]).toEqual([1, 2]);
});

test('an upload that nobody reads ends after the bound too', async () => {
  const deaf = createServer((socket) => socket.pause().on('error', () => {}));
  await new Promise<void>((resolve) => deaf.listen(0, '127.0.0.1', resolve));
  // A TCP server's address is an AddressInfo.
  const url = `http://127.0.0.1:${(deaf.address() as AddressInfo).port}`;
  await using store = createGroupStore({ url, user: 'writer', password: 'w', requestTimeoutMs: 300 });
  await expect(store.insert('t', { ...ROW, data: Buffer.alloc(64 * 1024 * 1024) }, UNCOMMITTED)).rejects.toBeInstanceOf(StoreUnavailable);
  deaf.close();
});

test('calls that fail side by side move on by one replica together', async () => {
  await using first = await replica('a', () => refusal(500, 242, 'TABLE_IS_READ_ONLY'));
  await using second = await replica('b');
  await using third = await replica('c', () => refusal(500, 242, 'TABLE_IS_READ_ONLY'));
  await using store = connect([first, second, third], {});
  await Promise.allSettled([store.probe(ROW), store.probe(ROW)]);
  await store.probe(ROW);
  expect([first.asked.length, second.asked.length, third.asked.length]).toEqual([2, 1, 0]);
});

test('a refusal stays with its replica', async () => {
  await using first = await replica('a', () => refusal(400, 117, 'INCORRECT_DATA'));
  await using second = await replica('b');
  await using store = connect([first, second], {});
  await store.probe(ROW).catch(() => {});
  await store.probe(ROW).catch(() => {});
  expect(second.asked).toEqual([]);
});

test('on a cluster every count, every question for a block and every fence of rows comes after a sync of its table', async () => {
  await using server = await replica('a');
  await using store = connect([server]);
  await store.count('events', RANGE, 0, 0);
  await store.count('events', RANGE, 0, 0);
  await store.hasBlock('s', 'w', 1, 'h');
  await store.insert('t', ROW, ROWS);
  expect(heads(server)).toEqual([
    'SYSTEM SYNC REPLICA events', 'SELECT count() AS n', 'SYSTEM SYNC REPLICA events', 'SELECT count() AS n',
    'SYSTEM SYNC REPLICA blocks', 'SELECT count() AS n', 'SYSTEM SYNC REPLICA gaps', 'INSERT INTO gaps (site,',
  ]);
});

test('a fence of commits needs a sync only now and then', async () => {
  await using server = await replica('a');
  await using store = connect([server]);
  for (let i = 0; i < 3; i++) await store.insert('t', ROW, UNCOMMITTED);
  expect(heads(server).filter((head) => head.startsWith('SYSTEM'))).toEqual(['SYSTEM SYNC REPLICA commits']);
});

test('a replica that cannot be brought level decides nothing', async () => {
  await using server = await replica('a', ({ query }) => (query.startsWith('SYSTEM') ? refusal(408, 159, 'TIMEOUT_EXCEEDED') : {}));
  await using store = connect([server]);
  await expect(store.count('events', RANGE, 0, 0)).rejects.toBeInstanceOf(StoreUnavailable);
  await expect(store.insert('t', ROW, ROWS)).rejects.toBeInstanceOf(StoreUnavailable);
  expect(heads(server).every((head) => head.startsWith('SYSTEM'))).toBe(true);
});

test('a count that another server answered than was brought level is not believed', async () => {
  let answers = 0;
  await using balanced = await replica('', () => ({ headers: { 'X-ClickHouse-Server-Display-Name': `replica-${answers++}` } }));
  await using store = connect([balanced]);
  await expect(store.count('events', RANGE, 0, 0)).rejects.toThrow(/load balancer/);
});

test('one server is asked without syncs, and inserts need no quorum', async () => {
  await using server = await replica('a');
  await using store = connect([server], {});
  await store.insert('t', ROW, ROWS);
  await store.count('events', RANGE, 0, 0);
  await store.level();
  expect(heads(server)).toEqual(['INSERT INTO gaps (site,', 'SELECT count() AS n']);
  expect(server.asked.map(({ settings }) => settings.get('insert_quorum'))).toEqual([null, null]);
});

test('every insert on a cluster asks for its quorum and names its token', async () => {
  await using server = await replica('a');
  await using store = connect([server]);
  await store.insert('mine', ROW, UNCOMMITTED);
  await store.recordCheckpoint({ site: 's', size: 1, root: Buffer.alloc(32), signedAtMs: 0, note: 'n' });
  const inserts = server.asked.filter(({ query }) => query.startsWith('INSERT'));
  for (const { settings } of inserts) {
    expect(Object.fromEntries(settings)).toMatchObject({
      insert_quorum: 'auto', insert_quorum_parallel: '1', insert_quorum_timeout: '20000', async_insert: '0', insert_deduplicate: '1',
      deduplicate_insert_select: 'enable_even_for_bad_queries', max_execution_time: '30', timeout_before_checking_execution_speed: '0',
    });
  }
  expect(inserts.map(({ settings }) => settings.get('insert_deduplication_token'))).toEqual(['mine', `s/1/${'0'.repeat(64)}`]);
});

test.each([Number.NaN, -1, 1.5, Number.POSITIVE_INFINITY])('a fence at position %d is no fence: nothing is sent', async (first) => {
  await using server = await replica('a');
  await using store = connect([server], {});
  await expect(store.insert('t', ROW, { kind: 'uncommitted', range: { ...RANGE, first } })).rejects.toBeInstanceOf(RangeError);
  expect(server.asked).toEqual([]);
});
