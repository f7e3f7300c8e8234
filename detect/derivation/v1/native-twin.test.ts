import { expect, test } from 'vitest';
import type { StageBlock } from '../../../contracts/stage.ts';
import { DictionaryColumn } from '../../columns/dictionary-column.ts';
import { GrowingBytes } from '../../columns/growing-bytes.ts';
import { judgeLine } from '../../native/oracle.ts';
import { LINE_COLUMNS, TEXT_COLUMNS, loadNative } from '../../native/binding.ts';
import type { Native, NativeRows } from '../../native/binding.ts';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { deriveColumns } from './event-columns.ts';
import type { EventColumns } from './event-columns.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const RECEIVED: StageBlock['receivedAtMs'] = 1_795_234_406_123;
const native: Native = await loadNative();

const NAMES = ['@timestamp', 'event', 'user', 'source', 'client', 'url', 'host', 'http', 'user_agent', 'kind', 'category', 'action', 'outcome', 'name', 'ip', 'domain', 'path', 'original', 'request', 'response', 'method', 'status_code', 'body', 'bytes', 'body.bytes', 'event.kind', 'event.action', 'user.name', 'source.ip', 'client.ip', 'url.domain', 'url.path', 'url.original', 'host.name', 'http.request', 'http.response', 'http.request.method', 'http.response.status_code', 'http.response.body.bytes', 'user_agent.original', '__proto__', 'other', '', 'x'.repeat(40)];
const VALUES = ['"a"', '""', '"/p?q=1"', '"\\/shop\\/?a"', '"\u00e9t\u00e9"', '"\\u00e9"', '"\\ud800"', '"\\ud83d\\ude00"', '"\\u0000"', '"200"', '"0x10"', '" 7 "', '"1e3"', '"007"', '0', '-0', '200', '404', '70000', '1.5', '1e3', '-1', '999999999999999', '1234567890123456', '9007199254740993', '123456789012345678901', 'true', 'false', 'null', '[]', '["web","x"]', '[ "web" ]', '[[1]]', '[null]', '[7]', '[1.0]', '[{"a":"]"}]', '{}', '"2026-11-21T04:13:26.123Z"', '"2026-11-21T04:13:26+01:30"', '"1969-12-31T23:30:00-01:00"', '"2026-02-30T00:00:00Z"', '"2300-01-01T00:00:00Z"', '"2026-11-21 04:13:60.1234z"', '"2026-11-21T04:13:26.Z"', '"2026-11-21T04:13:2\u00e9Z"'];

function valueOf(random: () => number, depth: number): string {
  if (depth < 4 && random() < 0.35) return objectOf(random, depth + 1);
  const value = VALUES[Math.floor(random() * VALUES.length)] ?? '0';
  if (!value.startsWith('"20') || random() < 0.5) return value;
  // One character of a time changed.
  const at = 1 + Math.floor(random() * (value.length - 2));
  return `${value.slice(0, at)}${'0123456789-:+TZz. '.charAt(Math.floor(random() * 18))}${value.slice(at + 1)}`;
}

function objectOf(random: () => number, depth: number): string {
  const gap = random() < 0.1 ? ' ' : '';
  const spelled = (name: string): string => (random() < 0.01 && name !== '' ? `\\u00${name.charCodeAt(0).toString(16)}${name.slice(1)}` : name);
  const members = Array.from({ length: Math.floor(random() * 7) }, () => `${gap}"${spelled(NAMES[Math.floor(random() * NAMES.length)] ?? '')}"${gap}:${gap}${valueOf(random, depth)}${gap}`);
  return `{${members.join(',')}${members.length === 0 ? gap : ''}}`;
}

/** Columns of LINE_COLUMNS out of the definition, in the layout of the other columns' own tests. */
function expected(lines: readonly string[], derived: readonly EventColumns[]): readonly Buffer[] {
  return LINE_COLUMNS.map((name) => {
    const out = new GrowingBytes();
    if (name === 'line') for (const line of lines) out.text(line);
    else if (name === 'source_ip' || name === 'path') for (const row of derived) out.text(row[name]);
    else if (name === 'status') return Buffer.from(Uint16Array.from(derived, (row) => row.status).buffer);
    else if (name === 'seq') for (let i = 0; i < lines.length; i++) out.u64(2 ** 40 + i);
    else if (name === 'timestamp' || name === 'response_bytes') for (const row of derived) out.u64(row[name]);
    else {
      const column = new DictionaryColumn();
      for (const row of derived) column.push(row[name]);
      column.write(out);
    }
    return out.view();
  });
}

function addAll(rows: NativeRows, lines: readonly string[], derived: readonly EventColumns[]): number {
  const bytes = lines.map((line) => Buffer.from(line));
  let end = 0;
  const table = Uint32Array.from(bytes.flatMap((b) => [end, (end += b.length), 0]));
  const request = { body: Buffer.concat(bytes), rewritten: Buffer.alloc(0), table, firstSeq: 2 ** 40, receivedAtMs: RECEIVED };
  let strange = 0;
  for (let at = native.addLines(rows, request, 0); at < lines.length; at = native.addLines(rows, request, at + 1)) {
    const row = derived[at];
    const line = bytes[at];
    if (row === undefined || line === undefined) throw new Error(`no line ${at}`);
    native.addRow(rows, { seq: 2 ** 40 + at, timestamp: row.timestamp, status: row.status, responseBytes: row.response_bytes, texts: TEXT_COLUMNS.map((name) => row[name]), line });
    strange++;
  }
  return strange;
}

test(`the native twin gives the columns of the definition for 40,000 lines of any shape, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const rows = native.eventRows();
  let [all, strange] = [0, 0];
  for (let round = 0; round < 400; round++) {
    const lines = Array.from({ length: 100 }, () => objectOf(random, 0)).filter((line) => judgeLine(Buffer.from(line)) === 'ok');
    const derived = lines.map((line) => deriveColumns(JSON.parse(line), RECEIVED));
    strange += addAll(rows, lines, derived);
    all += lines.length;
    expect(native.takeColumns(rows)).toEqual(expected(lines, derived));
  }
  expect(all).toBeGreaterThan(20_000);
  // Most are read natively, or the test says nothing about it; some are not.
  expect(strange / all).toBeLessThan(0.5);
  expect(strange).toBeGreaterThan(1_000);
});

test('damaged lines and places are refused or read as something, never beyond their bytes', () => {
  const random = seededRandom(SEED);
  const rows = native.eventRows();
  for (let i = 0; i < 20_000; i++) {
    const whole = Buffer.from(objectOf(random, 0));
    const line = whole.subarray(0, 1 + Math.floor(random() * whole.length));
    native.addLines(rows, { body: Buffer.from(line), rewritten: Buffer.alloc(0), table: Uint32Array.of(0, line.length, 0), firstSeq: 0, receivedAtMs: 0 }, 0);
  }
  const outside = { body: Buffer.alloc(4), rewritten: Buffer.alloc(0), table: Uint32Array.of(0, 5, 0), firstSeq: 0, receivedAtMs: 0 };
  expect(() => native.addLines(rows, outside, 0)).toThrow(TypeError);
  expect(() => native.takeColumns(Object.create(null))).toThrow(TypeError);
});
