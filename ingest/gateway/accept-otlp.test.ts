import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { acceptOtlp } from './accept-otlp.ts';
import { NOW_MS, openTestGateway, rawRequest } from './test-gateway.ts';
import type { TestGateway } from './test-gateway.ts';

function send(gateway: TestGateway, body: Buffer | string, contentType = 'application/json', encoding?: string) {
  return acceptOtlp(gateway.context, rawRequest({ body: Buffer.from(body), contentType, encoding, authorization: `Bearer ${gateway.secrets.ingestKey}` }));
}

async function eventsOf(gateway: TestGateway): Promise<readonly unknown[]> {
  return (await gateway.records()).flatMap((r) => r.body.toString().trimEnd().split('\n').map((line): unknown => JSON.parse(line)));
}

const RECORD = {
  timeUnixNano: '1795262400123456789',
  severityNumber: 17,
  traceId: '5B8EFFF798038103D269B633813FC60C',
  spanId: 'EEE19B7EC3C1B174',
  body: { stringValue: 'checkout failed' },
  attributes: [
    { key: 'http.request.method', value: { stringValue: 'POST' } },
    { key: 'http.response.status_code', value: { intValue: '500' } },
    { key: 'big', value: { intValue: '9223372036854775807' } },
    { key: 'ratio', value: { doubleValue: 0.5 } },
    { key: 'flags', value: { arrayValue: { values: [{ boolValue: true }, { bytesValue: 'AAE=' }] } } },
    { key: 'order', value: { kvlistValue: { values: [{ key: 'id', value: { intValue: 7 } }] } } },
  ],
};

function requestOf(...records: readonly unknown[]): string {
  return JSON.stringify({
    resourceLogs: [{
      resource: { attributes: [{ key: 'service.name', value: { stringValue: 'shop' } }] },
      scopeLogs: [{ scope: { name: 'lib', version: '1' }, logRecords: records }],
    }],
  });
}

const EVENT = {
  '@timestamp': '2026-11-21T12:00:00.123456789Z', 'log.level': 'error', 'trace.id': '5b8efff798038103d269b633813fc60c', 'span.id': 'eee19b7ec3c1b174',
  message: 'checkout failed', 'http.request.method': 'POST', 'http.response.status_code': 500, big: '9223372036854775807', ratio: 0.5,
  flags: [true, 'AAE='], order: { id: 7 }, 'service.name': 'shop', 'otel.scope': { name: 'lib', version: '1' }, 'event.kind': 'event',
};

/** The same request in protobuf, written by hand: tag, length, bytes (protobuf.dev/programming-guides/encoding). */
function field(id: number, ...parts: readonly (Buffer | string)[]): Buffer {
  const body = Buffer.concat(parts.map((part) => Buffer.from(part)));
  return Buffer.concat([Buffer.of((id << 3) | 2), varint(body.length), body]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  for (let rest = value; ; rest = Math.floor(rest / 128)) {
    if (rest < 128) return Buffer.from([...bytes, rest]);
    bytes.push((rest % 128) | 128);
  }
}

function number(id: number, value: number): Buffer {
  return Buffer.concat([Buffer.of(id << 3), varint(value)]);
}

function fixed64(id: number, value: bigint): Buffer {
  const bytes = Buffer.alloc(9, (id << 3) | 1);
  bytes.writeBigUInt64LE(value, 1);
  return bytes;
}

function wireRecord(...more: readonly Buffer[]): Buffer {
  return field(2, fixed64(1, 1_795_262_400_123_456_789n), number(2, 17), field(5, field(1, 'checkout failed')), field(9, Buffer.from(RECORD.traceId, 'hex')), field(10, Buffer.from(RECORD.spanId, 'hex')), ...more);
}

function wireRequest(...records: readonly Buffer[]): Buffer {
  return field(1, field(1, field(1, field(1, 'service.name'), field(2, field(1, 'shop')))), field(2, field(1, field(1, 'lib'), field(2, '1')), ...records));
}

/** The bytes of an AnyValue that holds an array that holds an array … */
function nestedArrays(depth: number): Buffer {
  let value: Buffer = field(1, 'x');
  for (let i = 0; i < depth; i++) value = field(5, field(1, value));
  return value;
}

describe('a request', () => {
  test('in JSON becomes ECS events', async () => {
    await using gateway = await openTestGateway();
    expect(await send(gateway, requestOf(RECORD))).toEqual({ contentType: 'application/json', body: '{}' });
    expect(await eventsOf(gateway)).toEqual([EVENT]);
    expect((await gateway.records())[0]?.head).toMatchObject({ stream: 'otlp', provenance: 'gateway', framing: 'plain' });
  });

  test('in protobuf becomes the same events', async () => {
    await using gateway = await openTestGateway();
    const attributes = [
      field(6, field(1, 'http.request.method'), field(2, field(1, 'POST'))),
      field(6, field(1, 'http.response.status_code'), field(2, number(3, 500))),
      field(6, field(1, 'big'), field(2, Buffer.concat([Buffer.of(3 << 3), Buffer.from('ffffffffffffffff7f', 'hex')]))),
      field(6, field(1, 'ratio'), field(2, Buffer.concat([Buffer.of((4 << 3) | 1), Buffer.from('000000000000e03f', 'hex')]))),
      field(6, field(1, 'flags'), field(2, field(5, field(1, number(2, 1)), field(1, field(7, Buffer.of(0, 1)))))),
      field(6, field(1, 'order'), field(2, field(6, field(1, field(1, 'id'), field(2, number(3, 7)))))),
    ];
    const answer = await send(gateway, gzipSync(wireRequest(wireRecord(...attributes))), 'application/x-protobuf', 'gzip');
    expect(answer).toEqual({ contentType: 'application/x-protobuf', body: Buffer.alloc(0) });
    expect(await eventsOf(gateway)).toEqual([EVENT]);
  });

  test('without records is answered as taken, and stores nothing', async () => {
    await using gateway = await openTestGateway();
    for (const body of ['{}', '{"resourceLogs":[]}', '{"resourceLogs":[{"scopeLogs":[{"unknown":1}]}]}']) expect((await send(gateway, body)).body).toBe('{}');
    expect(((await send(gateway, '', 'application/x-protobuf')).body)).toHaveLength(0);
    expect(await gateway.records()).toEqual([]);
  });

  test('with records that cannot be events names their number, in both encodings, and puts them aside', async () => {
    await using gateway = await openTestGateway();
    const long = { body: { stringValue: 'x'.repeat(60_000) } };
    let deep: unknown = { stringValue: 'x' };
    for (let i = 0; i < 60; i++) deep = { arrayValue: { values: [deep] } };
    const answer = await send(gateway, requestOf(RECORD, long, { body: { stringValue: 'a' }, attributes: [{ key: 'deep', value: deep }] }));
    expect(JSON.parse(String(answer.body))).toEqual({ partialSuccess: { rejectedLogRecords: '2', errorMessage: expect.stringContaining('dead letters') } });
    const wire = await send(gateway, wireRequest(wireRecord(), field(2, field(5, field(1, 'x'.repeat(60_000))))), 'application/x-protobuf');
    // partial_success { rejected_log_records: 1, … }
    expect(Buffer.from(wire.body).subarray(2, 4)).toEqual(Buffer.of(0x08, 0x01));
    expect((await gateway.records()).map((r) => r.head.lines)).toEqual([3, 2]);
  });
});

describe('a record', () => {
  test.each([
    ['no time is given the receipt time', {}, { '@timestamp': new Date(NOW_MS).toISOString() }],
    ['time zero falls back to the observed time', { timeUnixNano: '0', observedTimeUnixNano: '1795262400000000001' }, { '@timestamp': '2026-11-21T12:00:00.000000001Z' }],
    ['a time that is none is given the receipt time', { timeUnixNano: '-5' }, { '@timestamp': new Date(NOW_MS).toISOString() }],
    ['the last time of 64 bits is kept', { timeUnixNano: '18446744073709551615' }, { '@timestamp': '2554-07-21T23:34:33.709551615Z' }],
    ['the severity text wins over the number', { severityText: 'WARNING', severityNumber: 9 }, { 'log.level': 'warning' }],
    ['ids of zeros are none', { traceId: '0'.repeat(32), spanId: '0'.repeat(16) }, {}],
    ['a body of fields is the event', { body: { kvlistValue: { values: [{ key: 'event.action', value: { stringValue: 'login' } }] } } }, { 'event.action': 'login' }],
    ['a key __proto__ is a key', { attributes: [{ key: '__proto__', value: { stringValue: 'x' } }] }, JSON.parse('{"__proto__":"x"}')],
    ['an attribute cannot replace the time', { timeUnixNano: '1795262400000000000', attributes: [{ key: '@timestamp', value: { stringValue: 'x' } }] }, { '@timestamp': '2026-11-21T12:00:00.000000000Z' }],
    ['not a number is text', { attributes: [{ key: 'n', value: { doubleValue: 'NaN' } }] }, { n: 'NaN' }],
  ])('with %s', async (_name, record, expected) => {
    await using gateway = await openTestGateway();
    await send(gateway, requestOf(record));
    const [event] = await eventsOf(gateway);
    const defaults = { '@timestamp': new Date(NOW_MS).toISOString(), 'service.name': 'shop', 'otel.scope': { name: 'lib', version: '1' }, 'event.kind': 'event' };
    // Compared as text, where __proto__ is a name like any other.
    expect(sorted(event)).toBe(sorted({ ...defaults, ...expected }));
  });
});

function sorted(value: unknown): string {
  return JSON.stringify(Object.entries(value ?? {}).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

test.each([
  ['broken JSON', '{', 'application/json'],
  ['a list', '[]', 'application/json'],
  ['text', '"x"', 'application/json'],
  ['null', 'null', 'application/json'],
  ['records that are numbers', '{"resourceLogs":[1]}', 'application/json'],
  ['a list that is an object', '{"resourceLogs":[{"scopeLogs":{}}]}', 'application/json'],
  ['an integer that is none', requestOf({ body: { intValue: 'x' } }), 'application/json'],
  ['deep nesting', `{"resourceLogs":[{"scopeLogs":[{"logRecords":[{"body":${'{"arrayValue":{"values":['.repeat(50_000)}`, 'application/json'],
  ['cut protobuf', wireRequest(wireRecord()).subarray(0, -5), 'application/x-protobuf'],
  ['random protobuf', Buffer.alloc(50, 0xff), 'application/x-protobuf'],
  ['protobuf nested beyond the stack', wireRequest(field(2, field(5, nestedArrays(10_000)))), 'application/x-protobuf'],
])('%s is a bad request and stores nothing', async (_name, body, contentType) => {
  await using gateway = await openTestGateway();
  await expect(send(gateway, body, contentType)).rejects.toMatchObject({ reason: 'otlp_broken', status: 400 });
  expect(await gateway.records()).toEqual([]);
});

test('broken compression is a bad request too, other content types are not supported', async () => {
  await using gateway = await openTestGateway();
  await expect(send(gateway, 'rubbish', 'application/json', 'gzip')).rejects.toMatchObject({ reason: 'otlp_broken', status: 400 });
  for (const type of ['text/plain', '', 'application/grpc']) await expect(send(gateway, '{}', type)).rejects.toMatchObject({ status: 415 });
});

test('a raw record costs its site as many as it has lines', async () => {
  await using gateway = await openTestGateway({ config: { site_events_per_second: 1, burst_seconds: 1 } });
  const raw = requestOf({ attributes: [{ key: 'tourniquet.format', value: { stringValue: 'ndjson' } }], body: { stringValue: '{}\n'.repeat(61) } });
  await send(gateway, raw);
  await expect(send(gateway, raw)).rejects.toMatchObject({ reason: 'rate_limit', retryAfterSeconds: 60 });
});
