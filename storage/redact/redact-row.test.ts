import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createClient } from '@clickhouse/client';
import type { ClickHouseClient } from '@clickhouse/client';
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { ActColumns, TouchedSubject } from '../../contracts/acts.ts';
import { TABLES } from '../../contracts/tables.ts';
import type { TableName } from '../../contracts/tables.ts';
import { createGroupStore } from '../client/group-store.ts';
import { defaultStorageConfig } from '../config.ts';
import { startStorage } from '../engine/storage.ts';
import type { Storage } from '../engine/storage.ts';
import { redactRow } from './redact-row.ts';
import type { RowRedaction } from './redact-row.ts';

const SECRET = 'grete.unmistakable@clinic.example';
const [ANN, BOB] = ['a'.repeat(24), 'b'.repeat(24)];

let directory: string;
let storage: Storage;
let reader: ClickHouseClient;
let redactor: ClickHouseClient;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tourniquet-redact-'));
  storage = await startStorage({ directory, host: '127.0.0.1', port: 0, writerPassword: 'w', readerPassword: 'r', redactorPassword: 'x', config: defaultStorageConfig() });
  reader = createClient({ url: storage.url, username: 'reader', password: 'r', database: 'tourniquet' });
  redactor = createClient({ url: storage.url, username: 'redactor', password: 'x', database: 'tourniquet' });
});
afterAll(async () => {
  await Promise.all([reader, redactor].map((client) => client.close()));
  await storage.close();
  await rm(directory, { recursive: true, force: true });
});

function act(actor: string): ActColumns {
  return {
    actor, role: 'nurse', session: 's1', address: '192.0.2.7', key: '', plugin: '', category: 'data_access', action: 'record-viewed', outcome: 'success', how: 'view', target_kind: '', target: '',
    destination: '', region: '', classes: ['phi.diagnosis'], fields: ['diagnosis'], records: 2, subjects: 2, batch: '',
  };
}

const SUBJECTS: readonly TouchedSubject[] = [ANN, BOB].map((subject) => ({ subject: subject ?? '', kind: 'patient', jurisdiction: 'DE' }));

let site = '';
let sites = 0;
/** Three events, whose actor is a person's address in the clear. */
beforeEach(async () => {
  site = `shop-${++sites}`;
  await using writer = createGroupStore({ url: storage.url, user: 'writer', password: 'w' });
  // With a list of names JSON.stringify leaves all others out.
  const textOf = (table: TableName, row: object): string => JSON.stringify(row, TABLES[table].map(({ name }) => name));
  const insert = (table: TableName, list: readonly object[]): Promise<void> => writer.insert(`${site}/${table}`, { table, tier: 'health', rows: list.length, format: 'JSONEachRow', data: Buffer.from(list.map((row) => textOf(table, row)).join('\n')) }, { kind: 'uncommitted', range: { partition: 3, first: 1, last: 9 } });
  const places = [0, 1, 2].map((leaf) => ({ site, leaf, received_at: '2026-11-20T10:00:00.123Z', timestamp: '2026-11-20T09:59:59.877Z', provenance: 'plugin', tier: 'health', partition: 3, position: 7 }));
  await insert('events', places.map((place) => ({ ...place, stream: 'web', epoch: 1, seq: place.leaf, derivation: 1, user_name: SECRET, line: `{"user":{"name":"${SECRET}"}}` })));
  await insert('acts', places.map((place) => ({ ...act(SECRET), ...place })));
  await insert('accesses', places.flatMap((place) => SUBJECTS.map(({ subject, kind, jurisdiction }) => ({ ...act(SECRET), ...place, subject, subject_kind: kind, jurisdiction }))));
});

async function rows(table: string): Promise<readonly Readonly<Record<string, unknown>>[]> {
  const answer = await reader.query({ query: `SELECT * FROM ${table} WHERE site = {site:String} ORDER BY leaf, ${table === 'accesses' ? 'subject' : 'site'}`, query_params: { site }, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
  return answer.json();
}

function redaction(note: string, deed: RowRedaction['deed']): RowRedaction {
  return { site, leaf: 1, note, redactedAtMs: 5, line: '{"user":{"name":"\u27e6redacted\u27e7"}}', columns: { user_name: '\u27e6redacted\u27e7' }, deed };
}

test('what is redacted goes from the read model, too, and the rows of other events stay', async () => {
  const before = [await rows('acts'), await rows('accesses')];
  await redactRow(redactor, 'storage-role', redaction('note 1', { act: act('\u27e6redacted\u27e7'), subjects: SUBJECTS }));
  expect((await rows('events')).map(({ user_name: name }) => name)).toEqual([SECRET, '\u27e6redacted\u27e7', SECRET]);
  const redacted = (list: readonly Readonly<Record<string, unknown>>[] = []) => list.map((row) => (row['leaf'] === 1 ? { ...row, actor: '\u27e6redacted\u27e7' } : row));
  expect([await rows('acts'), await rows('accesses')]).toEqual(before.map(redacted));
});

test('persons that the line no longer names are no longer said to be touched', async () => {
  await redactRow(redactor, 'storage-role', redaction('note 2', { act: { ...act('x'), subjects: 1 }, subjects: SUBJECTS.slice(1) }));
  expect((await rows('accesses')).filter(({ leaf }) => leaf === 1).map(({ subject }) => subject)).toEqual([BOB]);
});

test('a line that is no deed any more leaves none', async () => {
  await redactRow(redactor, 'storage-role', redaction('note 3', undefined));
  expect([(await rows('acts')).map(({ leaf }) => leaf), (await rows('accesses')).map(({ leaf }) => leaf)]).toEqual([[0, 2], [0, 0, 2, 2]]);
});

test.each([1, 2, 3, 4, 5, 6])('a kill before statement %d leaves the line to be redacted again, and a repeat ends in the same', async (killAt) => {
  let statements = 0;
  const dying = new Proxy(redactor, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name, target);
      if (typeof value !== 'function') return value;
      return async (...args: readonly unknown[]): Promise<unknown> => {
        if ((name === 'insert' || name === 'command') && ++statements === killAt) throw new Error('killed');
        return Reflect.apply(value, target, args);
      };
    },
  });
  const deed = { act: act('\u27e6redacted\u27e7'), subjects: SUBJECTS };
  await expect(redactRow(dying, 'storage-role', redaction(`killed ${killAt}`, deed))).rejects.toThrow('killed');
  expect((await rows('events')).map(({ user_name: name }) => name)).toEqual([SECRET, SECRET, SECRET]);
  await redactRow(redactor, 'storage-role', redaction(`again ${killAt}`, deed));
  expect((await rows('acts')).map(({ actor }) => actor)).toEqual([SECRET, '\u27e6redacted\u27e7', SECRET]);
  expect((await rows('accesses')).map(({ leaf, subject }) => [leaf, subject])).toEqual([0, 1, 2].flatMap((leaf) => [ANN, BOB].map((subject) => [leaf, subject])));
});
