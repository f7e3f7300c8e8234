import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { Session } from 'chdb';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { StageBlock, TableRows } from '../../contracts/stage.ts';
import { TABLES } from '../../contracts/tables.ts';
import type { TableName } from '../../contracts/tables.ts';
import { createRuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../engine.ts';
import { readRuleSources } from '../rule-set/read-sources.ts';
import { TEST_CACHE } from '../scanner-fixture.ts';
import { createStage } from '../stage.ts';
import { deriveActOf } from '../acts/v1/act.ts';
import { deriveColumns } from '../derivation/v1/event-columns.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { clickhouseTime } from './json-rows.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);
const RECEIVED = Date.UTC(2026, 10, 21, 12);
const RULE = 'title: A query that asks for more\nid: more\nlogsource: { category: webserver }\ndetection: { it: { message|contains: union }, condition: it }\nlevel: high\ntourniquet: { class: attack.sqli }\n';
const folder = mkdtempSync(join(tmpdir(), 'tourniquet-columns-'));
let session: Session;

beforeAll(() => {
  session = new Session(join(folder, 'engine'));
  session.query('CREATE DATABASE t ENGINE = Atomic');
  for (const table of ['events', 'acts', 'accesses', 'matches', 'alerts', 'dead_letters', 'blocks'] as const) {
    session.query(`CREATE TABLE t.${table} (${TABLES[table].map((c) => `${c.name} ${c.type}`).join(', ')}) ENGINE = MergeTree ORDER BY tuple()`);
  }
});

afterAll(() => {
  session.close();
  rmSync(folder, { recursive: true });
});

function insert(rows: TableRows, number: number): void {
  const file = join(folder, `rows-${number}`);
  writeFileSync(file, rows.data);
  const names = TABLES[rows.table].map((c) => c.name).join(', ');
  const schema = TABLES[rows.table].map((c) => `${c.name} ${c.type}`).join(', ').replaceAll("'", "\\'");
  session.query(`INSERT INTO t.${rows.table} (${names}) SELECT ${names} FROM file('${file}', '${rows.format}', '${schema}')`);
}

function select(table: TableName): readonly Readonly<Record<string, unknown>>[] {
  const text = session.query(`SELECT * FROM t.${table} ORDER BY ALL SETTINGS output_format_json_quote_64bit_integers = 0`, 'JSONEachRow');
  return text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line));
}

const WORDS = ['', 'a', 'shop', '\u00e9t\u00e9', '\u{1f600}', 'x'.repeat(200), "it's", 'line\nfeed'];

function tokenOfNumber(n: number): string {
  return n.toString(16).padStart(24, '0').replaceAll(/[0-9a-f]/g, (digit) => String.fromCharCode(97 + Number.parseInt(digit, 16)));
}

function lineOf(random: () => number, i: number): string {
  const word = (): string => WORDS[Math.floor(random() * WORDS.length)] ?? '';
  return JSON.stringify({
    '@timestamp': random() < 0.9 ? new Date(RECEIVED - i * 1000).toISOString() : word(),
    event: { kind: 'event', category: [word()], action: `action-${Math.floor(random() * 400)}`, outcome: word() },
    user: { name: `user-${i}` }, source: { ip: `198.51.100.${i % 256}` }, 'url.domain': word(), url: { path: `/${word()}/${'p'.repeat(i % 150)}` },
    http: { request: { method: 'GET' }, response: { status_code: [200, '404', 70_000, -1, 'x'][i % 5], body: { bytes: random() < 0.5 ? 2 ** 40 + i : i } } },
    'user_agent.original': word(), wordpress: { session: { hash: word() }, data: { classes: ['pii.name', word()], fields: [word(), `field-${i % 300}`], records: i } }, subjects: i % 3 === 0 ? [{ type: 'customer', token: tokenOfNumber(i), jurisdiction: 'DE' }, { token: tokenOfNumber(i % 50) }] : undefined,
    message: i % 7 === 0 ? 'to jane@clinic.example' : i % 11 === 0 ? '1 union select 2' : word(),
  });
}

describe('rows of the stage', () => {
  test(`are read back from the real engine value for value, seed ${SEED}`, async () => {
    const random = seededRandom(SEED);
    // More than 256 actions and more than 65,536 user names: every width of dictionary index.
    const lines = Array.from({ length: 70_000 }, (_, i) => (i === 5 ? '{"broken"' : lineOf(random, i)));
    const stage = createStage(await createEngine(createRuleSet({ ...(await readRuleSources()), sigma: [{ file: 'rule.yml', text: RULE }] }), { cacheDirectory: TEST_CACHE }));
    const group = stage.begin();
    let leaf = 0;
    for (let first = 0; first < lines.length; first += 10_000) {
      const body = Buffer.from(lines.slice(first, first + 10_000).map((l) => `${l}\n`).join(''));
      const block: StageBlock = {
        site: first === 0 ? 'shop' : 'clinic', stream: 'access', epoch: 3, firstSeq: first, skipLines: 0, receivedAtMs: RECEIVED, provenance: 'plugin',
        partition: 7, position: 2 ** 33 + first, firstLeaf: leaf, body, nonces: false, rejects: new Map(),
        keys: { site: 'shop', epoch: 1, token: Buffer.alloc(32, 1), deadLetter: Buffer.alloc(32, 2) },
      };
      leaf += group.add(block).stored;
    }
    const inserts = group.finish();
    for (const [i, rows] of inserts.entries()) insert(rows, i);

    const events = select('events').toSorted((a, b) => Number(a['leaf']) - Number(b['leaf']));
    expect(events).toHaveLength(69_999);
    for (const [i, row] of events.entries()) {
      const index = i < 5 ? i : i + 1;
      const source = JSON.parse(lines[index] ?? '');
      const derived = deriveColumns(JSON.parse(String(row['line'])), RECEIVED);
      const first = index - (index % 10_000);
      if (index % 7 !== 0 && row['line'] !== lines[index]) expect(row['line']).toBe(lines[index]);
      const columns = {
        ...derived, timestamp: clickhouseTime(derived.timestamp), received_at: clickhouseTime(RECEIVED), site: first === 0 ? 'shop' : 'clinic', leaf: i,
        stream: 'access', epoch: 3, seq: index, provenance: 'plugin', derivation: 1, tier: 'standard', partition: 7, position: 2 ** 33 + first,
        classes: index % 7 === 0 ? ['pii.email'] : index % 11 === 0 ? ['attack.sqli'] : [], line: row['line'],
      };
      if (!isDeepStrictEqual(row, columns)) expect(row).toEqual(columns);
      const told = { user_name: row['user_name'], status: row['status'] };
      const meant = { user_name: source.user.name, status: [200, 404, 65_535, 0, 0][index % 5] };
      if (!isDeepStrictEqual(told, meant)) expect(told).toEqual(meant);
    }
    for (const { table, rows } of inserts) expect(select(table)).toHaveLength(rows);
    const subjects: unknown[] = [];
    for (const [i, row] of select('acts').toSorted((a, b) => Number(a['leaf']) - Number(b['leaf'])).entries()) {
      const { act, subjects: touched } = deriveActOf(String(events[i]?.['line']), 'plugin') ?? {};
      const place = Object.fromEntries(['site', 'leaf', 'received_at', 'timestamp', 'provenance', 'tier', 'partition', 'position'].map((name) => [name, events[i]?.[name]]));
      if (!isDeepStrictEqual(row, { ...place, ...act })) expect(row).toEqual({ ...place, ...act });
      for (const { subject, kind, jurisdiction } of touched ?? []) {
        const { actor, role, session: id, address, key, plugin, action, outcome, how, destination, classes, fields } = act ?? {};
        subjects.push({ ...place, subject, subject_kind: kind, jurisdiction, actor, role, session: id, address, key, plugin, action, outcome, how, destination, classes, fields });
      }
    }
    expect(subjects.length).toBeGreaterThan(10_000);
    const ordered = (rows: readonly unknown[]): readonly unknown[] => rows.toSorted((a, b) => Number(Object(a).leaf) - Number(Object(b).leaf) || (String(Object(a).subject) < String(Object(b).subject) ? -1 : 1));
    const [read, made] = [ordered(select('accesses')), ordered(subjects)];
    expect(read).toHaveLength(made.length);
    for (const [i, row] of made.entries()) if (!isDeepStrictEqual(read[i], row)) expect(read[i]).toEqual(row);
    expect(select('dead_letters')[0]).toMatchObject({ seq: 5, line_index: 5, reason: 'not_json', bytes: 9 });
    expect(select('alerts')[0]).toMatchObject({ class: 'attack.sqli', received_at: clickhouseTime(RECEIVED), field: 'message' });
  });

  test('go to the tier of their site and data, each with its own leaf, sequence, classes and deed', async () => {
    for (const table of ['events', 'acts', 'accesses'] as const) session.query(`TRUNCATE TABLE t.${table}`);
    const tiers = { sites: { clinic: 'brief' }, classes: { phi: 'health', fin: 'payment' } } as const;
    const stage = createStage(await createEngine(createRuleSet({ ...(await readRuleSources()), tiers }), { cacheDirectory: TEST_CACHE }));
    const of = (classes: readonly string[], more: object = {}): string => JSON.stringify({ event: { category: 'data_access', action: 'order-viewed' }, wordpress: { data: { classes } }, subjects: [{ type: 'patient', token: tokenOfNumber(7) }], ...more });
    const lines = [
      of([]), of(['phi.lab']), 'broken', of(['fin.iban']), of(['fin.iban', 'phi.lab']), of([], { message: 'IBAN DE89 3704 0044 0532 0130 00' }), of(['pii.name']), of(['\u0022']), of(['phi.lab'], { 'event.id': 'x' }), of([]),
    ];
    const group = stage.begin();
    const block = (site: string, first: number): StageBlock => ({
      site, stream: 'wordpress', epoch: 1, firstSeq: 100, skipLines: 1, receivedAtMs: RECEIVED, provenance: 'plugin', partition: 0, position: first, firstLeaf: first,
      body: Buffer.from(lines.map((line) => `${line}\n`).join('')), nonces: false, rejects: new Map([[6, 'unknown_format']]), keys: { site, epoch: 1, token: Buffer.alloc(32, 1), deadLetter: Buffer.alloc(32, 2) },
    });
    const [first, second] = [group.add(block('clinic', 40)), group.add(block('_system', 60))];
    expect([first.stored, second.stored]).toEqual([7, 7]);
    const inserts = group.finish();
    expect(inserts.map(({ table, tier, rows }) => `${table} ${tier} ${rows}`)).toEqual([
      'events brief 2', 'acts brief 2', 'accesses brief 2', 'events payment 2', 'acts payment 2', 'accesses payment 3', 'events health 3', 'acts health 3', 'accesses health 3',
      'events trail 7', 'acts trail 7', 'accesses trail 8', 'matches standard 4', 'dead_letters standard 4',
    ]);
    for (const [i, rows] of inserts.slice(0, 12).entries()) insert(rows, i);
    const events = select('events').filter(({ site }) => site === 'clinic').toSorted((a, b) => Number(a['leaf']) - Number(b['leaf']));
    expect(events.map((e) => [e['leaf'], e['seq'], e['tier'], e['classes']])).toEqual([
      [40, 101, 'health', []], [41, 103, 'payment', []], [42, 104, 'health', []], [43, 105, 'payment', ['fin.iban']], [44, 107, 'brief', []], [45, 108, 'health', []], [46, 109, 'brief', []],
    ]);
    expect(events.map((e) => JSON.parse(String(e['line'])).wordpress)).toEqual([1, 3, 4, 5, 7, 8, 9].map((line) => JSON.parse(lines[line] ?? '').wordpress));
    const acts = select('acts').filter(({ site }) => site === 'clinic').toSorted((a, b) => Number(a['leaf']) - Number(b['leaf']));
    expect(acts.map((a) => [a['leaf'], a['tier'], a['classes']])).toEqual([
      [40, 'health', ['phi.lab']], [41, 'payment', ['fin.iban']], [42, 'health', ['fin.iban', 'phi.lab']], [43, 'payment', ['fin.iban']], [44, 'brief', []], [45, 'health', ['phi.lab']], [46, 'brief', []],
    ]);
    const again = stage.begin();
    again.add(block('clinic', 40));
    again.add(block('_system', 60));
    expect(again.finish()).toEqual(inserts);
  });
});
