import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusText } from '../../contracts/reference-data.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createParser, detectFormat, FORMATS, isFormat, joinsLines } from './formats.ts';
import type { Format, ParsedLine } from './formats.ts';

interface Case {
  readonly claim: string;
  readonly format: Format;
  readonly lines: readonly string[];
  /** Where the log was written. */
  readonly zone?: string;
  readonly events?: readonly unknown[];
  readonly rejects?: readonly string[];
}

function readCases(name: string): readonly Case[] {
  const text = readFileSync(new URL(`cases/${name}`, import.meta.url), 'utf8');
  // Our own data.
  return text.trim().split('\n').map((line) => JSON.parse(line) as Case);
}

const CASES = readdirSync(new URL('cases/', import.meta.url)).flatMap(readCases);

function run(format: Format, lines: readonly string[], zone?: string): readonly ParsedLine[] {
  const parser = createParser(format, zone);
  return [...lines.map((line) => parser.parse(line)), parser.flush()];
}

function eventsOf(parsed: readonly ParsedLine[]): readonly unknown[] {
  return parsed.flatMap((p) => (p.kind === 'event' ? [JSON.parse(p.json)] : []));
}

function rejectsOf(parsed: readonly ParsedLine[]): readonly string[] {
  return parsed.flatMap((p) => (p.kind === 'reject' ? [p.reason] : []));
}

describe('known lines', () => {
  it.each(CASES.map((c) => [`${c.format}: ${c.claim}`, c] as const))('%s', (_, c) => {
    const parsed = run(c.format, c.lines, c.zone);
    expect(eventsOf(parsed)).toEqual(c.events ?? []);
    expect(rejectsOf(parsed)).toEqual(c.rejects ?? []);
  });

  it('become one line of JSON each', () => {
    const jsons = CASES.flatMap((c) => run(c.format, c.lines)).flatMap((parsed) => (parsed.kind === 'event' ? [parsed.json] : []));
    expect(jsons.length).toBeGreaterThan(90);
    expect(jsons.filter((json) => /[\r\n]/.test(json))).toEqual([]);
  });

  it('use ECS names only, but for what ECS lacks', (context) => {
    const fields = corpusText('fields/ecs/fields.csv') ?? context.skip(); // Reference data is absent on a user's machine; in CI a skip fails.
    const names = new Set(fields.split('\n').map((row) => row.split(',')[3]));
    const used = CASES.filter((c) => c.format !== 'ndjson').flatMap((c) => (c.events ?? []).flatMap((event) => leafNames(event, '')));
    expect(used.filter((name) => !/^(wordpress|labels|db)\./.test(name) && !names.has(name))).toEqual([]);
  });
});

function leafNames(value: unknown, prefix: string): readonly string[] {
  if (Array.isArray(value)) return value.length > 0 ? [prefix] : [];
  if (typeof value !== 'object' || value === null) return [prefix];
  return Object.entries(value).flatMap(([key, member]) => leafNames(member, prefix === '' ? key : `${prefix}.${key}`));
}

describe('long entries of PHP', () => {
  it('go on in numbered events, with every line in one of them', () => {
    const more = Array.from({ length: 3000 }, (_, i) => `#${i} /srv/www/wp-content/plugins/shop/file-${i}.php(${i}): call()`);
    const events = eventsOf(run('php-error', ['[21-Nov-2026 10:11:12 UTC] PHP Fatal error:  Uncaught Error: x in /a.php:1', 'Stack trace:', ...more])) as { event: { sequence?: number } }[];
    const text = JSON.stringify(events);
    expect(more.every((line) => text.includes(`${line}\\n`) || text.includes(`${line}"`))).toBe(true);
    expect(events.map((e) => e.event.sequence)).toEqual([undefined, ...events.slice(1).map((_, i) => i + 1)]);
    expect(Math.max(...events.map((e) => Buffer.byteLength(JSON.stringify(e))))).toBeLessThan(48 * 1024);
  });

  it('do not pile up from a million empty lines', () => {
    const parser = createParser('wp-debug');
    parser.parse('[21-Nov-2026 10:11:12 UTC] a');
    let events = 0;
    for (let i = 0; i < 1_000_000; i++) if (parser.parse('').kind === 'event') events++;
    expect(events).toBeGreaterThan(100);
  });
});

describe('hostile lines', () => {
  const T = '[21/Nov/2026:10:11:12 +0100]';
  const million = 1_000_000;
  const lines: readonly string[] = [
    '['.repeat(million), ' ['.repeat(million / 2), '"'.repeat(million), '\\'.repeat(million), ' '.repeat(million), `${T} `.repeat(million / 30),
    `1.2.3.4 - - ${T} "${'\\"'.repeat(million / 2)}`, `1.2.3.4 - - ${T} "GET ${'\\xff'.repeat(million / 4)} HTTP/1.1" 200 1 "-" "-"`,
    `1.2.3.4 - - ${T} "GET / HTTP/1.1" 200 1 "-" "-" ${'0.1 '.repeat(million / 4)}`, `1.2.3.4 - - ${T} "${'GET '.repeat(million / 4)}" 200 1 "-" "-"`,
    `${'a:'.repeat(million / 2)} 1.2.3.4 - - ${T} "-" 200 1 "-" "-"`, `1.2.3.4 - ${'u '.repeat(million / 2)}${T} "-" 200 1 "-" "-"`,
    `[21-Nov-2026 10:11:12 UTC] PHP Warning:  ${' in '.repeat(million / 4)} on line 1`, `[21-Nov-2026 10:11:12 UTC] PHP ${' '.repeat(million)}1.`,
    `[21-Nov-2026 10:11:12 UTC] WordPress database error ${' for query '.repeat(million / 22)}${' made by '.repeat(million / 18)}`,
    `[21-Nov-2026 10:11:12 UTC] PHP Warning:  x in ${'/'.repeat(million)} on line 1`, `[21-Nov-2026 10:11:12 ${'A'.repeat(million)}] a`, '{'.repeat(million), '\u0000'.repeat(million),
    ...["'", "\\'", "''", '/*', '/*!', '"', '`', '(', '1,', '-- ', 'FROM a,', 'a.', 'FROM '].map((piece) => `20261121 10:11:12,h,u,localhost,1,2,QUERY,wp,'${piece.repeat(million / piece.length)}',0`), '20261121 10:11:12,'.repeat(million / 18), ','.repeat(million),
    `time=x ${'a="'.repeat(million / 3)}`, `time=x ${'a="\\"'.repeat(million / 5)}`, `[GIN] ${'1 '.repeat(million / 2)}`, `{"transaction":{"time_stamp":"Sat Nov 21 10:11:12 2026","messages":[${'{"message":"(Total Score: "},'.repeat(million / 30)}{}]}}`,
    `{"transaction":{"unix_timestamp":1795255872,"messages":[{"message":"${'(Total Score: '.repeat(million / 14)}"}]}}`,
    `[2026-11-21T10:11:12Z] a.INFO: ${'{"'.repeat(million / 2)}`, `[2026-11-21T10:11:12Z] a.INFO: b {"ClientIP":"x${' '.repeat(million)}y"}`, '"a",'.repeat(million / 4), 'a;b,"'.repeat(million / 6), `[21-Nov-2026 10:11:12] WARNING: [pool a] child 1 said into stderr: "${'" '.repeat(million / 2)}`,
  ];
  it.each(FORMATS)('of a megabyte take %s no more than linear time', (format) => {
    // Quadratic time would be minutes, the test's limit; linear is some 10 ms each.
    for (const line of lines) expect(run(format, [line, line])).toHaveLength(3);
  });
});

describe('hostile logs', () => {
  it('are read in sixteen zones, for each costs a look-up; no line of a further one is lost', () => {
    const lines = Intl.supportedValuesOf('timeZone').slice(0, 20).map((zone) => `[21-Nov-2026 10:11:12 ${zone}] ${zone}`);
    const events = eventsOf(run('php-error', lines)) as { message: string }[];
    expect(events).toHaveLength(16);
    expect(events.at(-1)?.message).toBe([lines[15]?.split('] ')[1], ...lines.slice(16)].join('\n'));
  });

  it('cost no more a row of a table for a header of many columns', () => {
    const parser = createParser('wordfence');
    expect(parser.parse(Array(16_000).fill('id').join(','))).toEqual({ kind: 'pending' });
    // A row read under every column takes a millisecond and more: minutes, the test's limit.
    let rejects = 0;
    for (let i = 0; i < 1_000_000; i++) if (parser.parse('7').kind === 'reject') rejects++;
    expect(rejects).toBe(1_000_000);
  });

  it('take no level from what every object has', () => {
    expect(run('ollama', ['__proto__', 'constructor'].map((level) => `time=2026-11-21T10:11:12Z level=${level} msg=x`)).slice(0, 2)).toEqual(
      ['__proto__', 'constructor'].map((level) => ({ kind: 'event', json: expect.stringContaining(`"log":{"level":"${level}"}`) })));
  });
});

describe('fuzz', () => {
  const PIECES = ['[', ']', '"', '\\', '\\x', '\\"', ' ', '-', '/', ':', '21/Nov/2026:10:11:12 +0100', '21-Nov-2026 10:11:12 UTC', '[21-Nov-2026 10:11:12 UTC] ', 'PHP Warning:  ', ' in ', ' on line 3', '1.2.3.4', '::1', 'GET', 'HTTP/1.1', '200', '\u0000', '\ud800', '\u2028', 'é', '\r', '__proto__', 'constructor', 'Stack trace:', '#0', '{', '}', '?', '20261121 10:11:12,', ",QUERY,wp,'", "\\'", '/*', '*/', '`', '--', ',', ';', '\t', '[GIN] ', 'time=', 'msg="', '{"transaction":', '"messages":[', '2026-11-21T10:11:12Z h t: ', '[pool www] pid 1'];
  it('of known lines never throws, gives whole JSON, and accounts for every line', () => {
    const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`formats fuzz: TOURNIQUET_SEED=${seed}\n`);
    const { below } = seededRandom(seed);
    const known = CASES.flatMap((c) => c.lines);
    const parsers = FORMATS.map((format) => ({ format, parser: createParser(format), given: 0, answered: 0 }));
    for (let i = 0; i < 20_000; i++) {
      let line = known[below(known.length)] ?? '';
      for (let edits = below(4); edits > 0; edits--) {
        const at = below(line.length + 1);
        line = line.slice(0, at) + (PIECES[below(PIECES.length)] ?? '') + line.slice(at + below(4));
      }
      const one = parsers[below(parsers.length)];
      if (one === undefined) continue;
      const parsed = one.parser.parse(line);
      one.given++;
      if (parsed.kind !== 'pending') one.answered++;
      expect(parsed.kind === 'pending' && !joinsLines(one.format), `seed ${seed}`).toBe(false);
      if (parsed.kind === 'event' && one.format !== 'ndjson') checkEvent(parsed.json, seed);
    }
    expect(parsers.every((p) => p.answered > 0 && p.answered <= p.given)).toBe(true);
  });

  function checkEvent(json: string, seed: number): void {
    const event: unknown = JSON.parse(json);
    // A row of several lines that cannot be read has no time.
    const isUnreadable = JSON.stringify(event).includes('"action":"log_message"') && !json.includes('"@timestamp"');
    if (!isUnreadable) expect(event, `seed ${seed}`).toMatchObject({ '@timestamp': expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}(Z|[+-]\d\d:\d\d)$/), event: { kind: 'event' } });
    expect(json, `seed ${seed}`).not.toMatch(/[\r\n]/);
    expect(Object.getPrototypeOf(event)).toBe(Object.prototype);
  }
});

describe('detectFormat', () => {
  const T = '[21/Nov/2026:10:11:12 +0100]';
  it.each<readonly [Format, string]>([
    ['ndjson', '{"a":1}\n{"a":2}\n'],
    ['combined', `1.2.3.4 - - ${T} "GET / HTTP/1.1" 200 1 "-" "-"\n`],
    ['common', `torn line\r\n1.2.3.4 - - ${T} "GET / HTTP/1.1" 200 1\r\n`],
    ['nginx', `1.2.3.4 - - ${T} "GET / HTTP/1.1" 200 1 "-" "-" "-"\n`],
    ['php-error', '[21-Nov-2026 10:11:12 UTC] PHP Warning:  x in /srv/a.php on line 3\nStack trace:\n'],
    ['wp-debug', '[21-Nov-2026 10:11:12 UTC] hello\n[21-Nov-2026 10:11:12 UTC] PHP Warning:  x in /srv/wp-content/a.php on line 3\n'],
    ['php-fpm', '[21-Nov-2026 10:11:12] NOTICE: fpm is running, pid 1\n'],
    ['modsecurity', '{"transaction":{"client_ip":"192.0.2.7"}}\n'],
    ['mariadb-audit', '20261121 20:39:47,vm,root,localhost,3,0,CONNECT,,,0\n'],
    ['ollama', 'time=2026-11-21T10:11:12.425Z level=INFO source=a.go:1 msg="a"\n[GIN] 2026/11/21 - 11:20:29 | 200 | 3s | 127.0.0.1 | POST "/api/chat"\n'],
    ['wp-activity-log', '[2026-11-21T10:11:12.123456+01:00] shop.INFO: a {}\n'],
    ['ndjson', 'nothing known\n'],
    ['ndjson', ''],
  ])('%s', (format, sample) => {
    expect(detectFormat(sample)).toBe(format);
  });

  it('gives names that isFormat takes, and only those', () => {
    expect(FORMATS.every(isFormat)).toBe(true);
    expect(['auto', '', 'toString', undefined].some(isFormat)).toBe(false);
  });
});
