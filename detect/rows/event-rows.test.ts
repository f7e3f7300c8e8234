import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
  for (const table of ['events', 'matches', 'alerts', 'dead_letters', 'blocks'] as const) {
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

function lineOf(random: () => number, i: number): string {
  const word = (): string => WORDS[Math.floor(random() * WORDS.length)] ?? '';
  return JSON.stringify({
    '@timestamp': random() < 0.9 ? new Date(RECEIVED - i * 1000).toISOString() : word(),
    event: { kind: 'event', category: [word()], action: `action-${Math.floor(random() * 400)}`, outcome: word() },
    user: { name: `user-${i}` }, source: { ip: `198.51.100.${i % 256}` }, 'url.domain': word(), url: { path: `/${word()}/${'p'.repeat(i % 150)}` },
    http: { request: { method: 'GET' }, response: { status_code: [200, '404', 70_000, -1, 'x'][i % 5], body: { bytes: random() < 0.5 ? 2 ** 40 + i : i } } },
    'user_agent.original': word(), message: i % 7 === 0 ? 'to jane@clinic.example' : i % 11 === 0 ? '1 union select 2' : word(),
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
      if (index % 7 !== 0) expect(row['line']).toBe(lines[index]);
      expect(row).toEqual({
        ...derived, timestamp: clickhouseTime(derived.timestamp), received_at: clickhouseTime(RECEIVED), site: first === 0 ? 'shop' : 'clinic', leaf: i,
        stream: 'access', epoch: 3, seq: index, provenance: 'plugin', derivation: 1, tier: 'standard', partition: 7, position: 2 ** 33 + first,
        classes: index % 7 === 0 ? ['pii.email'] : index % 11 === 0 ? ['attack.sqli'] : [], line: row['line'],
      });
      expect(row['user_name']).toBe(source.user.name);
      expect(row['status']).toBe([200, 404, 65_535, 0, 0][index % 5]);
    }
    for (const { table, rows } of inserts) expect(select(table)).toHaveLength(rows);
    expect(select('dead_letters')[0]).toMatchObject({ seq: 5, line_index: 5, reason: 'not_json', bytes: 9 });
    expect(select('alerts')[0]).toMatchObject({ class: 'attack.sqli', received_at: clickhouseTime(RECEIVED), field: 'message' });
  });
});
