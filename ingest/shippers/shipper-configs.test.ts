import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { isFormat, joinsLines } from '../formats/formats.ts';
import type { Format } from '../formats/formats.ts';
import { acceptLines } from '../gateway/accept-lines.ts';
import { acceptOtlp } from '../gateway/accept-otlp.ts';
import { openTestGateway, rawRequest } from '../gateway/test-gateway.ts';
import type { TestGateway } from '../gateway/test-gateway.ts';
import { LOG_SOURCES } from './sources.ts';

/** What a configuration says of one log: its paths, its format, and whether lines of an entry are joined. */
interface ReadLog {
  readonly format: string;
  readonly paths: readonly string[];
  readonly joins: boolean;
}

/** Our own files: each use says what it looks for, and a member that is not there fails the test. */
function yamlOf(name: string): unknown {
  return parse(readFileSync(new URL(name, import.meta.url), 'utf8'));
}

function vectorLogs(): readonly ReadLog[] {
  const { sources, sinks } = yamlOf('vector.yaml') as { sources: Record<string, { include: string[]; multiline?: unknown }>; sinks: Record<string, { inputs: string[]; uri: string }> };
  return Object.values(sinks).flatMap(({ inputs, uri }) => inputs.map((input) => ({ format: new URL(uri.replace('${TOURNIQUET_URL}', 'https://logs.example')).searchParams.get('format') ?? '', paths: sources[input]?.include ?? [], joins: sources[input]?.multiline !== undefined })));
}

function fluentBitLogs(): readonly ReadLog[] {
  const { pipeline } = yamlOf('fluent-bit.yaml') as { pipeline: { inputs: Record<string, string>[]; filters: Record<string, string>[] } };
  return pipeline.inputs.map((input) => ({
    format: pipeline.filters.find((filter) => filter['match'] === input['tag'])?.['record']?.replace(/^tourniquet\.format /, '') ?? '', paths: input['path']?.split(',') ?? [], joins: input['multiline.parser'] !== undefined,
  }));
}

function collectorLogs(): readonly ReadLog[] {
  const { receivers, service } = yamlOf('otel-collector.yaml') as { receivers: Record<string, { include: string[]; multiline?: unknown; resource: Record<string, string> }>; service: { pipelines: { logs: { receivers: string[] } } } };
  return service.pipelines.logs.receivers.map((name) => ({ format: receivers[name]?.resource['tourniquet.format'] ?? '', paths: receivers[name]?.include ?? [], joins: receivers[name]?.multiline !== undefined }));
}

function rsyslogLogs(): readonly ReadLog[] {
  const inputs = [...readFileSync(new URL('rsyslog.conf', import.meta.url), 'utf8').matchAll(/^input\(type="imfile" File="([^"]+)" Tag="([^"]+)" (.*)\)$/gm)];
  return inputs.map(([, path = '', format = '', rest = '']) => ({ format, paths: [path], joins: rest.includes('startmsg.regex') && rest.includes('escapeLF="off"') }));
}

describe.each<readonly [string, readonly ReadLog[]]>([['vector.yaml', vectorLogs()], ['fluent-bit.yaml', fluentBitLogs()], ['otel-collector.yaml', collectorLogs()], ['rsyslog.conf', rsyslogLogs()]])('%s', (_, logs) => {
  test('reads every log, each in a format of ours', () => {
    for (const source of LOG_SOURCES) expect(logs.filter((log) => log.format === source.format).flatMap((log) => log.paths)).toEqual(expect.arrayContaining([...source.paths]));
    expect(logs.filter((log) => !isFormat(log.format) || log.paths.length === 0)).toEqual([]);
  });

  test('joins the lines of those formats whose entries span lines in a file, and of no other', () => {
    // Wordfence and WP Activity Log write an object or entry a line where they are followed.
    const spans = (format: string) => joinsLines(format as Format) && format !== 'wordfence' && format !== 'wp-activity-log';
    expect(logs.filter((log) => log.joins !== spans(log.format))).toEqual([]);
  });
});

test('Vector sends bare lines, holds what it cannot send, and waits for the answer', () => {
  const { acknowledgements, sinks } = yamlOf('vector.yaml') as { acknowledgements: unknown; sinks: Record<string, Record<string, unknown>> };
  expect(acknowledgements).toEqual({ enabled: true });
  for (const sink of Object.values(sinks)) expect(sink).toMatchObject({ type: 'http', method: 'post', auth: { strategy: 'bearer', token: '${TOURNIQUET_KEY}' }, encoding: { codec: 'text' }, framing: { method: 'newline_delimited' }, compression: 'gzip', buffer: { type: 'disk', when_full: 'block' } });
});

test('Fluent Bit and the Collector keep what they cannot send, and try for ever', () => {
  const fluentBit = yamlOf('fluent-bit.yaml') as { service: Record<string, unknown>; pipeline: { inputs: Record<string, unknown>[]; outputs: Record<string, unknown>[] } };
  expect(fluentBit.pipeline.inputs.every((input) => input['storage.type'] === 'filesystem' && typeof input['db'] === 'string')).toBe(true);
  expect(new Set(fluentBit.pipeline.inputs.map((input) => input['db'])).size).toBe(fluentBit.pipeline.inputs.length);
  expect(fluentBit.pipeline.outputs).toEqual([expect.objectContaining({ name: 'opentelemetry', match: '*', tls: 'on', retry_limit: 'no_limits', logs_body_key: '$log', logs_body_key_attributes: true })]);
  const collector = yamlOf('otel-collector.yaml') as { exporters: { otlphttp: Record<string, unknown> }; receivers: Record<string, { storage: string }>; service: { extensions: string[] } };
  expect(collector.exporters.otlphttp).toMatchObject({ sending_queue: { storage: 'file_storage' }, retry_on_failure: { max_elapsed_time: 0 } });
  expect(Object.values(collector.receivers).every((receiver) => receiver.storage === 'file_storage')).toBe(true);
  expect(collector.service.extensions).toEqual(['file_storage']);
});

const bearer = (gateway: TestGateway) => `Bearer ${gateway.secrets.ingestKey}`;

async function storedEvents(gateway: TestGateway): Promise<readonly unknown[]> {
  return (await gateway.records()).flatMap((record) => record.body.toString().trimEnd().split('\n').map((line): unknown => JSON.parse(line)));
}

describe.each(LOG_SOURCES.map((source) => [source.format, source] as const))('lines of %s become events', (format, { sample, event }) => {
  test('as Vector sends them: bare, several in a body', async () => {
    await using gateway = await openTestGateway();
    const body = Buffer.from(`${sample}\n${sample}\n`);
    expect(await acceptLines(gateway.context, rawRequest({ body, query: { format, stream: format }, authorization: bearer(gateway) }))).toMatchObject({ accepted: 2, dead_letters: 0 });
    expect(await storedEvents(gateway)).toEqual([expect.objectContaining({ '@timestamp': expect.any(String) }), expect.objectContaining({})]);
    expect((await storedEvents(gateway))[1]).toMatchObject(event);
  });

  const attribute = { key: 'tourniquet.format', value: { stringValue: format } };
  const record = { timeUnixNano: '1795262400123456789', observedTimeUnixNano: '1795262400123456789', body: { stringValue: sample } };

  test.each([
    ['Fluent Bit sends them: the format is an attribute of the record', { resource: {}, scopeLogs: [{ scope: {}, logRecords: [{ ...record, attributes: [attribute] }] }] }],
    ['the Collector sends them: the format is an attribute of the resource', { resource: { attributes: [attribute] }, scopeLogs: [{ scope: {}, logRecords: [{ ...record, attributes: [{ key: 'log.file.name', value: { stringValue: 'a.log' } }] }] }] }],
    ['they come apart: each line a record of its own', { resource: { attributes: [attribute] }, scopeLogs: [{ logRecords: sample.split('\n').map((line) => ({ ...record, body: { stringValue: line } })) }] }],
  ])('as %s', async (_, resourceLogs) => {
    await using gateway = await openTestGateway();
    const answer = await acceptOtlp(gateway.context, rawRequest({ body: Buffer.from(JSON.stringify({ resourceLogs: [resourceLogs] })), contentType: 'application/json', authorization: bearer(gateway) }));
    expect(answer.body).toBe('{}');
    const events = await storedEvents(gateway);
    expect(events).toHaveLength(1);
    expect(events[0]).toMatchObject(event);
  });
});

test('a format or zone that is none puts the line aside, and the next one is taken', async () => {
  await using gateway = await openTestGateway();
  const recordOf = (format: string, zone: string, line: string) => ({ body: { stringValue: line }, attributes: [{ key: 'tourniquet.format', value: { stringValue: format } }, { key: 'tourniquet.zone', value: { stringValue: zone } }] });
  const line = '20261121 10:11:12,db1,report,192.0.2.7,4,0,CONNECT,,,0';
  const logRecords = [recordOf('auto', 'UTC', line), recordOf('mariadb-audit', 'Mars', line), recordOf('mariadb-audit', 'Europe/Berlin', line), recordOf('mariadb-audit', 'UTC', '')];
  const answer = await acceptOtlp(gateway.context, rawRequest({ body: Buffer.from(JSON.stringify({ resourceLogs: [{ scopeLogs: [{ logRecords }] }] })), contentType: 'application/json', authorization: bearer(gateway) }));
  expect(JSON.parse(answer.body.toString())).toMatchObject({ partialSuccess: { rejectedLogRecords: '3' } });
  const [record] = await gateway.records();
  expect(record?.head.rejects).toEqual([[0, 'unknown_format'], [1, 'unknown_format'], [3, 'empty']]);
  expect(JSON.parse(record?.body.toString().split('\n')[2] ?? '')).toMatchObject({ '@timestamp': '2026-11-21T10:11:12.000+01:00' });
});

test('Vector takes the event out of a framed line of the spool, and nothing out of a torn one', () => {
  const { transforms } = yamlOf('vector-spool.yaml') as { transforms: { events: { source: string } } };
  // VRL's syntax of a named group is Rust's.
  const shape = new RegExp((/r'(.*)'/.exec(transforms.events.source)?.[1] ?? '').replace('(?P<', '(?<'));
  const event = '{"@timestamp":"2026-11-21T10:11:12Z","event":{"kind":"event"}}';
  expect(shape.exec(`${Buffer.alloc(16, 7).toString('base64url')} ${event}`)?.groups?.['event']).toBe(event);
  expect(shape.test(event) || shape.test(`${Buffer.alloc(16, 7).toString('base64url')} {"@timestamp":"20`)).toBe(false);
});
