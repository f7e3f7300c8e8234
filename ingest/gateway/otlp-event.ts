import { MAX_DEPTH } from '../../contracts/limits.ts';

/**
 * LogRecords of OTLP as ECS events. Both encodings arrive here: decoded JSON, or protobuf with the same names (bytes as
 * Buffers). Attributes keep their names, which the semantic conventions share with ECS, at the top of the event; where
 * two set one name, the record's own fields win over the body's, its attributes', its resource's. Scopes go under
 * `otel.scope`.
 */
export interface LogContext {
  readonly resource: unknown;
  readonly scope: unknown;
}

/** The shape of the request is wrong; the message names the field. */
export class OtlpShapeError extends Error {
  override readonly name = 'OtlpShapeError';
}

/** One JSON text a LogRecord, in order. Throws `OtlpShapeError` before the first one when the request is none. */
export function readLogRecords(request: unknown): readonly (readonly [record: Fields, context: LogContext])[] {
  const records: (readonly [Fields, LogContext])[] = [];
  for (const resourceLogs of listOf(fieldsOf(request, 'request')['resourceLogs'], 'resourceLogs')) {
    const { resource, scopeLogs } = fieldsOf(resourceLogs, 'resourceLogs');
    for (const group of listOf(scopeLogs, 'scopeLogs')) {
      const { scope, logRecords } = fieldsOf(group, 'scopeLogs');
      for (const record of listOf(logRecords, 'logRecords')) records.push([fieldsOf(record, 'logRecords'), { resource, scope }]);
    }
  }
  return records;
}

export type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(value: unknown, name: string): Fields {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new OtlpShapeError(`${name} must hold objects`);
  // An object whose fields are each checked where they are used.
  return value as Fields;
}

function listOf(value: unknown, name: string): readonly unknown[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new OtlpShapeError(`${name} must be a list`);
  return value;
}

/** The event as one line of JSON. `receivedAtMs` stands in for a time that is missing or no time. */
export function eventOfLogRecord(record: Fields, context: LogContext, receivedAtMs: number): string {
  // Without a prototype, so that a key `__proto__` is a key like any other.
  const event: Record<string, unknown> = Object.create(null);
  event['@timestamp'] = timestampOf(record, receivedAtMs);
  const level = levelOf(record);
  if (level !== undefined) event['log.level'] = level;
  const traceId = idOf(record['traceId'], 16);
  if (traceId !== undefined) event['trace.id'] = traceId;
  const spanId = idOf(record['spanId'], 8);
  if (spanId !== undefined) event['span.id'] = spanId;
  if (typeof record['eventName'] === 'string' && record['eventName'] !== '') event['event.action'] = record['eventName'];
  addBody(event, record['body']);
  addAttributes(event, record['attributes']);
  addAttributes(event, attributesOf(context.resource));
  const scope = scopeOf(context.scope);
  if (scope !== undefined) event['otel.scope'] ??= scope;
  if (!hasAny(event, 'event.kind', 'event')) event['event.kind'] = 'event';
  return JSON.stringify(event);
}

function hasAny(event: Record<string, unknown>, ...names: readonly string[]): boolean {
  return names.some((name) => name in event);
}

const LAST_NANOS = 8_640_000_000_000_000n * 1_000_000n;

/** RFC 3339 in UTC with all nine digits; the log's own time, else when it was observed, else when it came. */
function timestampOf(record: Fields, receivedAtMs: number): string {
  const nanos = nanosOf(record['timeUnixNano']) ?? nanosOf(record['observedTimeUnixNano']);
  if (nanos === undefined) return new Date(receivedAtMs).toISOString();
  const second = new Date(Number(nanos / 1_000_000n)).toISOString().slice(0, -4);
  return `${second}${String(nanos % 1_000_000_000n).padStart(9, '0')}Z`;
}

function nanosOf(value: unknown): bigint | undefined {
  if (typeof value !== 'string' && typeof value !== 'number') return undefined;
  if (!/^[0-9]{1,20}$/.test(String(value))) return undefined;
  const nanos = BigInt(value);
  return nanos > 0n && nanos <= LAST_NANOS ? nanos : undefined;
}

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal'];

/** The source's own word, else the name of the range (logs data model, SeverityNumber). */
function levelOf(record: Fields): string | undefined {
  const { severityText, severityNumber } = record;
  if (typeof severityText === 'string' && severityText !== '') return severityText.toLowerCase();
  return typeof severityNumber === 'number' ? LEVELS[Math.floor((severityNumber - 1) / 4)] : undefined;
}

/** Ids are hex in OTLP/JSON, against the protobuf JSON mapping; all zeros means none. */
function idOf(value: unknown, idBytes: number): string | undefined {
  const hex = Buffer.isBuffer(value) ? value.toString('hex') : value;
  if (typeof hex !== 'string' || hex.length !== 2 * idBytes || !/^[0-9a-f]+$/i.test(hex) || /^0+$/.test(hex)) return undefined;
  return hex.toLowerCase();
}

function addBody(event: Record<string, unknown>, body: unknown): void {
  if (body === undefined || body === null) return;
  const { kvlistValue } = fieldsOf(body, 'body');
  if (kvlistValue !== undefined && kvlistValue !== null) return addAttributes(event, fieldsOf(kvlistValue, 'kvlistValue')['values']);
  const value = plainValue(body, 0);
  if (value !== null) event['message'] = typeof value === 'string' ? value : JSON.stringify(value);
}

function attributesOf(holder: unknown): unknown {
  return holder === undefined || holder === null ? undefined : fieldsOf(holder, 'resource')['attributes'];
}

function addAttributes(event: Record<string, unknown>, attributes: unknown): void {
  for (const [key, value] of keyValues(attributes, 0)) if (!(key in event)) event[key] = value;
}

function* keyValues(list: unknown, depth: number): Generator<readonly [string, unknown]> {
  for (const item of listOf(list, 'attributes')) {
    const { key, value } = fieldsOf(item, 'attributes');
    if (typeof key !== 'string') throw new OtlpShapeError('key must be text');
    yield [key, plainValue(value, depth)];
  }
}

function scopeOf(value: unknown): unknown {
  if (value === undefined || value === null) return undefined;
  const { name, version, attributes } = fieldsOf(value, 'scope');
  const scope: Record<string, unknown> = Object.create(null);
  if (typeof name === 'string' && name !== '') scope['name'] = name;
  if (typeof version === 'string' && version !== '') scope['version'] = version;
  const more = listOf(attributes, 'attributes');
  if (more.length > 0) scope['attributes'] = objectOf(more, 0);
  return Object.keys(scope).length === 0 ? undefined : scope;
}

function objectOf(list: unknown, depth: number): unknown {
  const object: Record<string, unknown> = Object.create(null);
  for (const [key, value] of keyValues(list, depth)) object[key] = value;
  return object;
}

/** An AnyValue. What nests deeper than an event may is cut below that depth, so the line is put aside as too deep. */
function plainValue(any: unknown, depth: number): unknown {
  if (any === undefined || any === null) return null;
  const value = fieldsOf(any, 'value');
  if (typeof value['stringValue'] === 'string') return value['stringValue'];
  if (typeof value['boolValue'] === 'boolean') return value['boolValue'];
  if (value['intValue'] !== undefined && value['intValue'] !== null) return integerOf(value['intValue']);
  if (typeof value['doubleValue'] === 'number' || typeof value['doubleValue'] === 'string') return doubleOf(value['doubleValue']);
  if (value['bytesValue'] !== undefined && value['bytesValue'] !== null) return bytesOf(value['bytesValue']);
  const { arrayValue, kvlistValue } = value;
  if (arrayValue === undefined && kvlistValue === undefined) return null;
  if (depth > MAX_DEPTH) return [];
  if (arrayValue !== undefined) return listOf(fieldsOf(arrayValue, 'arrayValue')['values'], 'arrayValue').map((item) => plainValue(item, depth + 1));
  return objectOf(fieldsOf(kvlistValue, 'kvlistValue')['values'], depth + 1);
}

/** 64-bit integers that a double cannot hold stay text. */
function integerOf(value: unknown): number | string {
  if ((typeof value !== 'string' && typeof value !== 'number') || !/^-?[0-9]{1,20}$/.test(String(value))) throw new OtlpShapeError('intValue must be a 64-bit integer');
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
}

/** NaN and the infinities are text, as in the protobuf JSON mapping. */
function doubleOf(value: number | string): number | string {
  const number = Number(value);
  return Number.isFinite(number) ? number : String(value);
}

function bytesOf(value: unknown): string {
  if (Buffer.isBuffer(value)) return value.toString('base64');
  if (typeof value !== 'string') throw new OtlpShapeError('bytesValue must be base64');
  return value;
}

/** An attribute of the record, else of its resource; undefined when neither has it. */
export function attributeOf(record: Fields, context: LogContext, name: string): unknown {
  for (const list of [record['attributes'], attributesOf(context.resource)]) {
    for (const [key, value] of keyValues(list, 0)) if (key === name) return value;
  }
  return undefined;
}
