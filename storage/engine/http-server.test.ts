import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { zstdCompressSync } from 'node:zlib';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { rawRows } from '../client/raw-rows.ts';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from './storage.ts';
import type { Storage } from './storage.ts';

let directory: string;
let storage: Storage;
let reader: ClickHouseClient;
let writer: ClickHouseClient;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-http-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', config: defaultStorageConfig() });
  reader = connect('reader');
  writer = connect('writer');
});
afterAll(async () => {
  await Promise.all([reader.close(), writer.close()]);
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

function connect(username: 'reader' | 'writer', more: Parameters<typeof createClient>[0] = {}): ClickHouseClient {
  return createClient({ url: storage.url, username, password: username === 'writer' ? 'w' : 'r', log: { level: ClickHouseLogLevel.OFF }, ...more });
}

async function rows(query: string, more: { readonly query_params?: Record<string, unknown>; readonly use_multipart_params?: boolean } = {}, client = reader): Promise<readonly unknown[]> {
  return (await client.query({ query, format: 'JSONEachRow', ...more })).json();
}

function refusal(query: string, client = reader): Promise<{ readonly code: string; readonly type: string }> {
  return client.query({ query, format: 'JSONEachRow' }).then(
    () => ({ code: '0', type: 'no error' }),
    (e: unknown) => ({ code: '', type: '', ...Object(e) }),
  );
}

/** One row a test, found again by its site. */
let site = '';
let tests = 0;
beforeEach(() => {
  site = `site-${++tests}`;
});
const stored = (): Promise<readonly unknown[]> => rows('SELECT stream, seq FROM dead_letters WHERE site = {site:String} ORDER BY seq', { query_params: { site } });

describe('the client of ClickHouse', () => {
  test('pings, with and without a query', async () => {
    expect(await reader.ping()).toEqual({ success: true });
    expect(await reader.ping({ select: true })).toEqual({ success: true });
  });

  test.each([false, true])('sends parameters that come back as they were (as a form: %s)', async (use_multipart_params) => {
    const query_params = { text: "a\tb\\c'd\nq \u00e9\u0001", list: ["x'y", 'b\\', ''], count: 5, at: new Date(1000), none: null, map: { k: 1 } };
    const query = 'SELECT {text:String} AS text, {list:Array(String)} AS list, {count:UInt32} AS count, {at:DateTime64(3)} AS at, {none:Nullable(String)} AS none, {map:Map(String, UInt8)} AS map';
    expect(await rows(query, { query_params, use_multipart_params })).toEqual([{ ...query_params, at: '1970-01-01 00:00:01.000' }]);
  });

  test('sends settings with a query, which the next one does not see', async () => {
    const query = "SELECT value FROM system.settings WHERE name = 'max_block_size'";
    const asked = await reader.query({ query, format: 'JSONEachRow', clickhouse_settings: { max_block_size: '17' } });
    expect(await asked.json()).toEqual([{ value: '17' }]);
    expect(await rows(query)).not.toEqual([{ value: '17' }]);
  });

  test('streams a million rows with flat memory', async () => {
    const result = await reader.query({ query: 'SELECT number, toString(number) AS text FROM numbers(1000000)', format: 'JSONEachRow' });
    const before = process.memoryUsage().rss;
    let [count, most] = [0, 0];
    for await (const batch of result.stream()) {
      count += batch.length;
      most = Math.max(most, process.memoryUsage().rss - before);
    }
    expect(count).toBe(1_000_000);
    expect(most).toBeLessThan(150 * 1024 * 1024);
  });

  test.each(['JSON', 'JSONCompact', 'JSONColumnsWithMetadata', 'XML'])('gets one whole document of %s, however many blocks it spans', async (format) => {
    const { stream } = await reader.exec({ query: `SELECT number FROM numbers(200000) FORMAT ${format}` });
    const text = (await Array.fromAsync(stream as AsyncIterable<Buffer>)).join('');
    expect(text.match(format === 'XML' ? /<\/result>/g : /"meta"/g)).toHaveLength(1);
    if (format !== 'XML') expect(JSON.parse(text)).toMatchObject({ rows: 200_000 });
  });

  test('ends a read when it goes away, and the reader is free again', async () => {
    for (let i = 0; i < defaultStorageConfig().readers + 1; i++) {
      const abort = new AbortController();
      const outcome = reader.query({ query: `SELECT max(cityHash64(number, ${i})) FROM numbers(1000000000000)`, abort_signal: abort.signal }).then(() => 'answered', () => 'ended');
      await sleep(100);
      abort.abort();
      expect(await outcome).toBe('ended');
    }
    const running = async (): Promise<number> => (await rows("SELECT query FROM system.processes WHERE query LIKE '%max(cityHash64%' AND query NOT LIKE '%processes%'", {}, writer)).length;
    while ((await running()) > 0) await sleep(20);
    expect(await rows('SELECT 1 AS x')).toEqual([{ x: 1 }]);
  });

  test('ends a read whose result nobody takes any more', async () => {
    const { stream } = await reader.exec({ query: 'SELECT number FROM numbers(1000000000000) FORMAT CSV' });
    await new Promise((resolve) => stream.once('data', resolve));
    stream.destroy();
    const running = async (): Promise<number> => (await rows("SELECT query FROM system.processes WHERE query LIKE '%numbers(1000000000000)%' AND query NOT LIKE '%processes%'", {}, writer)).length;
    while ((await running()) > 0) await sleep(20);
    expect(await rows('SELECT 1 AS x')).toEqual([{ x: 1 }]);
  });

  test('shows a read nothing of one that was given up before it', async () => {
    for (let i = 0; i < 20; i++) {
      const { stream } = await reader.exec({ query: 'SELECT number FROM numbers(1000000000000) FORMAT CSV' });
      await new Promise((resolve) => stream.once('data', resolve));
      stream.destroy();
      const answers = await Promise.all(Array.from({ length: 4 }, () => rows('SELECT 1 AS x')));
      expect(answers).toEqual([[{ x: 1 }], [{ x: 1 }], [{ x: 1 }], [{ x: 1 }]]);
    }
  });

  test('stores a raw body by exec, and rows by insert from a stream', async () => {
    const { stream } = await writer.exec({ query: 'INSERT INTO dead_letters (site, stream, seq) FORMAT CSV', values: Readable.from([`${site},a,1\n`, `${site},"b\nc",2\n`], { objectMode: false }) });
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    await writer.insert({ table: 'dead_letters', values: Readable.from([{ site, stream: 'd', seq: 3 }, { site, seq: 4 }]), format: 'JSONEachRow' });
    expect(await stored()).toEqual([{ stream: 'a', seq: '1' }, { stream: 'b\nc', seq: '2' }, { stream: 'd', seq: '3' }, { stream: '', seq: '4' }].map(({ stream: name, seq }) => ({ stream: name, seq: Number(seq) })));
  });

  test('stores the bytes of a Native result as they came', async () => {
    const source = `SELECT '${site}' AS site, concat('s', toString(number)) AS stream, number AS seq FROM numbers(3)`;
    const bytes = Buffer.concat(await Array.fromAsync(rawRows(reader, { query: `${source} FORMAT Native` })));
    const { stream } = await writer.exec({ query: 'INSERT INTO dead_letters (site, stream, seq) FORMAT Native', values: Readable.from([bytes], { objectMode: false }) });
    stream.resume();
    await new Promise((resolve) => stream.once('close', resolve));
    expect(await stored()).toEqual([0, 1, 2].map((seq) => ({ stream: `s${seq}`, seq })));
  });

  test('runs an INSERT with its data in the text, and one from a SELECT', async () => {
    await writer.command({ query: `INSERT INTO dead_letters (site, stream, seq) VALUES ('${site}', 'a;b', 1), ('${site}', 'c', 1 + 1)` });
    await writer.command({ query: `INSERT INTO dead_letters (site, stream, seq) SELECT site, stream, seq + 10 FROM dead_letters WHERE site = '${site}'` });
    expect(await stored()).toEqual([{ stream: 'a;b', seq: 1 }, { stream: 'c', seq: 2 }, { stream: 'a;b', seq: 11 }, { stream: 'c', seq: 12 }]);
  });

  test('compresses both ways', async () => {
    await using client = connect('writer', { compression: { request: true, response: true } });
    await client.insert({ table: 'dead_letters', values: [{ site, stream: 'x'.repeat(1000), seq: 1 }], format: 'JSONEachRow' });
    const result = await client.query({ query: `SELECT stream FROM dead_letters WHERE site = '${site}'`, format: 'JSONEachRow' });
    expect(result.response_headers['content-encoding']).toBe('gzip');
    expect(await result.json()).toEqual([{ stream: 'x'.repeat(1000) }]);
  });

  test('sees an error that comes after the first rows', async () => {
    const result = await reader.query({ query: 'SELECT throwIf(number = 1500000) FROM numbers(2000000)', format: 'JSONEachRow' });
    await expect(result.json()).rejects.toMatchObject({ code: '395' });
    const late = rawRows(reader, { query: 'SELECT throwIf(number = 1500000) FROM numbers(2000000) FORMAT RowBinary' });
    await expect(Array.fromAsync(late)).rejects.toMatchObject({ code: '395' });
  });

  test('gets the settings that were left at a write back to what they were', async () => {
    const insert = (token: string): Promise<unknown> => writer.insert({ table: 'dead_letters', values: [{ site, seq: 1 }], format: 'JSONEachRow', clickhouse_settings: { insert_deduplication_token: token } });
    await insert(`${site}/a`);
    await insert(`${site}/a`);
    await writer.insert({ table: 'dead_letters', values: [{ site, seq: 2 }], format: 'JSONEachRow' });
    await writer.insert({ table: 'dead_letters', values: [{ site, seq: 3 }], format: 'JSONEachRow' });
    expect(await stored()).toHaveLength(3);
  });

  test.each([
    ['SELECT nothing', '47', 'UNKNOWN_IDENTIFIER'],
    ['SELECT * FROM nowhere', '60', 'UNKNOWN_TABLE'],
    ['SELECT 1, )', '62', 'SYNTAX_ERROR'],
    ["SELECT toUInt8('x')", '6', 'CANNOT_PARSE_TEXT'],
    ['SELECT {missing:String}', '456', 'UNKNOWN_QUERY_PARAMETER'],
  ])('gets the code of %s', async (query, code, type) => {
    expect(await refusal(query)).toMatchObject({ code, type });
  });
});

describe('over plain HTTP', () => {
  const post = (query: string, init: RequestInit = {}): Promise<Response> => fetch(`${storage.url}/?${query}`, { method: 'POST', ...init });
  const auth = { 'X-ClickHouse-User': 'writer', 'X-ClickHouse-Key': 'w' };

  test.each([['SELECT * FROM nowhere', 404, '60'], ['SELEC', 400, '62'], ['SELECT throwIf(1)', 500, '395'], ['DROP TABLE events', 403, '497']])('%s answers %i', async (body, status, code) => {
    const response = await post('', { body, headers: auth });
    expect([response.status, response.headers.get('x-clickhouse-exception-code')]).toEqual([status, code]);
    expect(await response.text()).toMatch(new RegExp(`^Code: ${code}\\. DB::Exception: .*\\([A-Z_]+\\)\\n$`, 's'));
  });

  test('an answer says its query, format and time zone', async () => {
    const { headers } = await post('query_id=q1&default_format=CSV', { body: 'SELECT 1', headers: auth });
    expect([headers.get('x-clickhouse-query-id'), headers.get('x-clickhouse-format'), headers.get('x-clickhouse-timezone'), headers.get('x-clickhouse-summary')?.startsWith('{')]).toEqual(['q1', 'CSV', 'UTC', true]);
  });

  test('three ways to log in work, everything else is 403', async () => {
    const status = async (query: string, headers: Record<string, string> = {}): Promise<number> => (await post(query, { body: 'SELECT 1', headers })).status;
    expect(await status('', auth)).toBe(200);
    expect(await status('user=reader&password=r')).toBe(200);
    expect(await status('', { Authorization: `Basic ${Buffer.from('reader:r').toString('base64')}` })).toBe(200);
    expect(await status('')).toBe(403);
    expect(await status('user=reader&password=w')).toBe(403);
    expect(await status('user=default')).toBe(403);
  });

  test('a body may be zstd; what is not spoken is refused and says what to use', async () => {
    const body = zstdCompressSync(Buffer.from(`${site},z,1\n`));
    expect((await post('query=INSERT+INTO+dead_letters+(site,stream,seq)+FORMAT+CSV', { body, headers: { ...auth, 'Content-Encoding': 'zstd' } })).status).toBe(200);
    expect(await stored()).toEqual([{ stream: 'z', seq: 1 }]);
    for (const query of ['decompress=1', 'compress=1', 'session_id=s', 'role=x']) {
      const response = await post(query, { body: 'SELECT 1', headers: auth });
      expect([query, response.status]).toEqual([query, 501]);
      expect(await response.text()).toMatch(/not supported: |have fixed rights/);
    }
  });

  test('a body that is cut short stores nothing and leaves nothing behind', async () => {
    const abort = new AbortController();
    // `duplex` is Node's own and missing in the type.
    const body = new ReadableStream({
      async pull(controller) {
        controller.enqueue(Buffer.from(`${site},x,1\n`.repeat(1000)));
        await sleep(5);
      },
    });
    const cut = post('query=INSERT+INTO+dead_letters+(site,stream,seq)+FORMAT+CSV', { body, headers: auth, signal: abort.signal, duplex: 'half' } as RequestInit).then(() => 'answered', () => 'cut');
    await sleep(100);
    abort.abort();
    expect(await cut).toBe('cut');
    while ((await readdir(join(directory, 'spool'))).some((name) => name.endsWith('.body'))) await sleep(10);
    expect(await stored()).toEqual([]);
  });

  test('GET reads and never writes', async () => {
    const get = (query: string): Promise<Response> => fetch(`${storage.url}/?${new URLSearchParams({ query })}`, { headers: auth });
    expect(await (await get('SELECT 7')).text()).toBe('7\n');
    expect((await get("INSERT INTO dead_letters (site) VALUES ('g')")).headers.get('x-clickhouse-exception-code')).toBe('164');
  });
});
