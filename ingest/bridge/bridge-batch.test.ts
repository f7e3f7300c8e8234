import { expect, test } from 'vitest';
import { MAX_BLOCK_BYTES, MAX_LINE_BYTES } from '../../contracts/limits.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { FORMATS } from '../formats/formats.ts';
import type { Format } from '../formats/formats.ts';
import { countLines, PLAIN_BLOCK_LINES, readPlainLines } from '../gateway/plain-lines.ts';
import { testInspector } from '../gateway/test-gateway.ts';
import { bridgeBatch, MAX_PARTS, MAX_RECORD_BYTES } from './bridge-batch.ts';
import { MAX_RUNS } from './ingress-block.ts';
import type { IngressBlock } from './ingress-block.ts';
import type { IngressRecord } from './ingress-record.ts';

const SITES = new Set(['shop', 'clinic']);
const CONTEXT = { stream: 'ingress.a.0', knows: (site: string) => SITES.has(site), inspector: testInspector };

function record(offset: number, value: Buffer | string | null, key = 'shop'): IngressRecord {
  return { offset, key: Buffer.from(key), value: value === null ? null : Buffer.from(value), headers: {} };
}

function bridge(...records: readonly IngressRecord[]): readonly IngressBlock[] {
  return [...bridgeBatch(records, CONTEXT)];
}

const ACCESS = '192.0.2.7 - - [21/Nov/2026:12:00:00 +0000] "GET /shop?a=1 HTTP/1.1" 200 512 "-" "curl/8"';

test('lines of one site go into one block, runs say where each stood', () => {
  const [block, ...more] = bridge(record(7, '{"a":1}'), record(8, '{"a":2}\r\n'), record(10, '{"a":3}\n{"a":4}'), record(11, '{"a":5}\n{"a":6}\n'), record(12, '{"a":7}'));
  expect(more).toEqual([]);
  expect(block).toMatchObject({ site: 'shop', stream: 'ingress.a.0', lines: 7, runs: [[7, 2, 1], [10, 2, 2], [12, 1, 1]], rejects: [], deadLetters: 0 });
  expect(block?.body.toString()).toBe([1, 2, 3, 4, 5, 6, 7].map((a) => `{"a":${a}}\n`).join(''));
});

test('sites are kept apart', () => {
  const blocks = bridge(record(0, '{"a":1}'), record(1, '{"a":2}', 'clinic'), record(2, '{"a":3}'));
  expect(blocks.map((b) => [b.site, b.runs, b.body.toString()])).toEqual([
    ['shop', [[0, 1, 1], [2, 1, 1]], '{"a":1}\n{"a":3}\n'],
    ['clinic', [[1, 1, 1]], '{"a":2}\n'],
  ]);
});

test('raw access lines become events, what the parser refuses stays raw and is listed', () => {
  const [block] = bridge(record(0, '{"a":1}'), record(1, `${ACCESS}\nrubbish\n`, 'shop/combined'), record(2, Buffer.from([0xff]), 'shop/combined'));
  const lines = block?.body.toString('latin1').split('\n') ?? [];
  expect(JSON.parse(lines[1] ?? '')).toMatchObject({ source: { ip: '192.0.2.7' } });
  expect(lines.slice(2)).toEqual(['rubbish', '\xff', '']);
  expect(block?.rejects).toEqual([[2, 'unknown_format'], [3, 'not_utf8']]);
  expect(block?.runs).toEqual([[0, 1, 1], [1, 1, 2], [2, 1, 1]]);
});

test('records without a registered site are dead letters of the system, every line of them', () => {
  const blocks = bridge(record(0, '{"a":1}', 'stranger'), record(1, '{"a":2}\n{"a":3}', ''), record(2, null, '_system'));
  expect(blocks).toHaveLength(1);
  expect(blocks[0]).toMatchObject({ site: '_system', stream: 'ingress.a.0', lines: 4, deadLetters: 4, runs: [[0, 1, 1], [1, 1, 2], [2, 1, 1]] });
  expect(blocks[0]?.body.toString()).toBe('{"a":1}\n{"a":2}\n{"a":3}\n\n');
  expect(blocks[0]?.rejects.map(([line]) => line)).toEqual([0, 1, 2, 3]);
});

test('an unknown format is the site\'s own mistake: its dead letters', () => {
  expect(bridge(record(0, '{"a":1}', 'shop/syslog'))).toMatchObject([{ site: 'shop', lines: 1, rejects: [[0, 'unknown_format']] }]);
});

test.each([null, '', '\n'])('a record that holds %j counts as one empty line', (value) => {
  for (const key of ['shop', 'shop/combined', 'shop/php-error', 'nobody']) expect(bridge(record(3, value, key))).toMatchObject([{ lines: 1, deadLetters: 1, runs: [[3, 1, 1]] }]);
});

test('a block holds a thousand lines, a mebibyte and four hundred runs at most', () => {
  const many = bridge(...Array.from({ length: 2_500 }, (_, i) => record(i, '{}')));
  expect(many.map((b) => b.runs)).toEqual([[[0, 1000, 1]], [[1000, 1000, 1]], [[2000, 500, 1]]]);
  const large = bridge(...Array.from({ length: 50 }, (_, i) => record(i, JSON.stringify({ m: 'x'.repeat(40_000) }))));
  for (const b of large) expect(b.body.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
  expect(large.reduce((sum, b) => sum + b.lines, 0)).toBe(50);
  const spread = bridge(...Array.from({ length: 900 }, (_, i) => record(2 * i, '{}')));
  expect(spread.map((b) => b.runs.length)).toEqual([MAX_RUNS, MAX_RUNS, 100]);
});

test('a record of a hundred thousand lines is cut into blocks with a place each, in order, behind what came before', () => {
  const value = Array.from({ length: 100_000 }, (_, i) => `{"a":${i}}`).join('\n');
  const blocks = bridge(record(6, '{"first":1}'), record(7, value), record(8, '{"last":1}'));
  expect(blocks.map((b) => b.stream)).toEqual(['ingress.a.0', ...Array.from({ length: 100 }, () => 'ingress.a.0.cut'), 'ingress.a.0']);
  const cut = blocks.slice(1, -1);
  expect(cut.map((b) => b.runs)).toEqual(cut.map((_, i) => [[7 * MAX_PARTS + i, 1, 1_000]]));
  expect(cut.map((b) => b.body.toString()).join('')).toBe(`${value}\n`);
  expect(bridge(record(7, value))).toEqual(cut);
});

test('an oversized record leaves the start of its first line, as one dead letter', () => {
  const huge = Buffer.alloc(MAX_RECORD_BYTES + 1, 'x');
  expect(bridge(record(4, huge))).toMatchObject([{ site: 'shop', lines: 1, rejects: [[0, 'too_long']], runs: [[4, 1, 1]], body: { length: MAX_LINE_BYTES + 2 } }]);
  huge[3] = 0x0a;
  expect(bridge(record(4, huge)).map((b) => b.body.toString())).toEqual(['xxx\n']);
  huge[0] = 0x0a;
  expect(bridge(record(4, huge)).map((b) => [b.body.toString(), b.deadLetters])).toEqual([['\n', 1]]);
});

test('the most lines a record can hold have a place each', () => {
  const sixteenth = bridge(record(2, Buffer.alloc(MAX_RECORD_BYTES / 16, '\n')));
  expect(sixteenth.reduce((sum, b) => sum + b.lines, 0)).toBe(MAX_RECORD_BYTES / 16);
  expect(16 * sixteenth.length).toBeLessThan(MAX_PARTS);
});

/** A line as hostile as they come, without its end. */
function hostileLine(random: Random): Buffer {
  switch (random.below(10)) {
    case 0:
      return Buffer.from('{"@timestamp":"2026-11-21T12:00:00Z","event":{"kind":"event"}}');
    case 1:
      return Buffer.from(ACCESS);
    case 2:
      return Buffer.from('[21-Nov-2026 10:11:12 UTC] PHP Fatal error:  Uncaught Exception: x in /a.php:3');
    case 3:
      return Buffer.from('#0 {main}');
    case 4:
      return Buffer.from(Array.from({ length: random.below(60) }, () => random.below(256)).filter((b) => b !== 0x0a));
    case 5:
      return Buffer.from(`${'{"a":'.repeat(random.between(1, 3_000))}1`);
    case 6:
      return Buffer.alloc(random.between(MAX_LINE_BYTES - 2, MAX_LINE_BYTES + 3), 'x');
    case 7:
      return random.chance(0.02) ? Buffer.alloc(MAX_BLOCK_BYTES + random.below(10), 'y') : Buffer.from('a\0b');
    default:
      return Buffer.alloc(random.below(3), '\r');
  }
}

function hostileRecord(random: Random, offset: number): IngressRecord {
  const count = random.chance(0.01) ? random.between(900, 3_000) : random.chance(0.1) ? random.between(10, 200) : random.below(4);
  const value = Buffer.concat(Array.from({ length: count }, () => [hostileLine(random), Buffer.from('\n')]).flat().slice(0, random.chance(0.5) ? -1 : undefined));
  const key = `${random.pick(['shop', 'clinic', 'nobody', '_system', ''])}${random.chance(0.5) ? `/${random.pick([...FORMATS, 'other'])}` : ''}`;
  return { ...record(offset, random.chance(0.02) ? null : value, key), headers: random.chance(0.2) ? { 'tourniquet-site': random.pick(['shop', 'clinic', 'x'.repeat(70), Buffer.from([0xff])]) } : {} };
}

/** Lines a record must end in, by its raw lines, or for formats that join lines by their parser. */
function expectedLines({ key, value }: IngressRecord, site: string): number {
  if (value === null || value.length === 0 || value.length > MAX_RECORD_BYTES) return 1;
  const format = (key ?? '').toString().split('/')[1];
  if (site === '_system' || (format !== 'php-error' && format !== 'wp-debug')) return countLines(value);
  return [...readPlainLines(value, format satisfies Format, testInspector)].reduce((sum, b) => sum + b.lines, 0);
}

const SEED = Number(process.env['SEED'] ?? 20_261_121);

test(`each line of hostile records ends in one line of one block (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  for (let round = 0; round < 15; round++) {
    let offset = random.below(1_000);
    const records = Array.from({ length: random.between(1, 120) }, () => hostileRecord(random, (offset += random.chance(0.2) ? random.between(1, 50) : 1)));
    const blocks = bridge(...records);
    const linesAt = new Map<number, { site: string; lines: number }>();
    const nextOf = new Map<string, number>();
    for (const block of blocks) {
      expectSound(block);
      for (const [first, count, lines] of block.runs) {
        const stream = `${block.site} ${block.stream}`;
        expect(first).toBeGreaterThanOrEqual(nextOf.get(stream) ?? 0);
        nextOf.set(stream, first + count);
        for (let at = first; at < first + count; at++) {
          const place = block.stream.endsWith('.cut') ? Math.floor(at / MAX_PARTS) : at;
          const before = linesAt.get(place);
          expect(before === undefined || before.site === block.site).toBe(true);
          linesAt.set(place, { site: block.site, lines: (before?.lines ?? 0) + lines });
        }
      }
    }
    expect(linesAt.size).toBe(records.length);
    for (const r of records) expect(linesAt.get(r.offset)?.lines).toBe(expectedLines(r, linesAt.get(r.offset)?.site ?? ''));
  }
});

function expectSound({ body, lines, runs, rejects, deadLetters }: IngressBlock): void {
  expect(body.at(-1)).toBe(0x0a);
  expect(countLines(body)).toBe(lines);
  expect(lines).toBeLessThanOrEqual(PLAIN_BLOCK_LINES);
  expect(body.length).toBeLessThanOrEqual(MAX_BLOCK_BYTES);
  expect(runs.length).toBeLessThanOrEqual(MAX_RUNS);
  expect(runs.reduce((sum, [, records, each]) => sum + records * each, 0)).toBe(lines);
  expect(rejects.length).toBeLessThanOrEqual(deadLetters);
  for (const [i, [line]] of rejects.entries()) expect(line).toBeGreaterThan(i === 0 ? -1 : (rejects[i - 1]?.[0] ?? 0));
  expect(rejects.at(-1)?.[0] ?? 0).toBeLessThan(lines);
}
