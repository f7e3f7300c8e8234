import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { GROUP_TABLES, TABLES } from '../../contracts/tables.ts';
import { defaultStorageConfig } from '../config.ts';
import { accessStatements, hashPassword } from './access.ts';
import type { AccessOptions } from './access.ts';

const WRITER = hashPassword('first-secret', 'aa');
const READER = hashPassword('second-secret', 'bb');

function statements(cluster = '', more: Partial<AccessOptions> = {}): readonly string[] {
  return accessStatements({ database: 'd', cluster, limits: { ...defaultStorageConfig(), read_seconds: 7, read_megabytes: 100 }, writer: WRITER, reader: READER, ...more });
}

test('a password is kept as the salted hash that ClickHouse compares with', () => {
  expect(WRITER).toEqual({ hash: createHash('sha256').update('first-secretaa').digest('hex'), salt: 'aa' });
  expect(hashPassword('x').salt).not.toBe(hashPassword('x').salt);
  expect(statements().join()).not.toMatch(/first-secret|second-secret/);
});

test('the writer may insert everywhere, read what counts and fences need, and nothing of a line', () => {
  const [grant = ''] = statements().filter((s) => s.includes('TO writer'));
  const rights = grant.replace(/^GRANT /, '').replace(/ TO writer.*$/, '').split(/, (?=[A-Z])/);
  expect(rights.filter((right) => right.startsWith('INSERT'))).toHaveLength(Object.keys(TABLES).filter((table) => !['redactions', 'expired_leaves', 'expiries'].includes(table)).length + GROUP_TABLES.length);
  expect(rights.filter((right) => right.startsWith('SELECT'))).toHaveLength(GROUP_TABLES.length + 1);
  expect(rights.filter((right) => !/^(INSERT|SELECT\()/.test(right))).toEqual(['CREATE TEMPORARY TABLE ON *.*']);
  expect(grant).not.toMatch(/\b(line|original|note)\b/);
});

test('nobody may alter, delete, truncate or drop, and rights granted by hand are taken back', () => {
  const grants = statements('main').filter((s) => s.startsWith('GRANT'));
  expect(grants).toHaveLength(2);
  for (const grant of grants) {
    expect(grant).not.toMatch(/ALTER|DELETE|TRUNCATE|DROP|OPTIMIZE|\bALL\b|GRANT OPTION/);
    expect(grant).toMatch(/WITH REPLACE OPTION$/);
  }
});

test('only on a cluster the writer may sync replicas, and each statement goes to all servers', () => {
  expect(statements().join()).not.toMatch(/SYNC REPLICA|ON CLUSTER/);
  const clustered = statements("it's");
  expect(clustered.filter((s) => s.includes('SYSTEM SYNC REPLICA ON d.*'))).toHaveLength(1);
  for (const statement of clustered) expect(statement).toContain(String.raw`ON CLUSTER 'it\'s'`);
});

test('the reader has the limits of the configuration and can only lower them', () => {
  const [profile = ''] = statements().filter((s) => s.startsWith('ALTER SETTINGS PROFILE'));
  expect(profile).toContain('readonly = 2 CONST');
  expect(profile).toContain('max_execution_time = 7 MIN 1 MAX 7');
  expect(profile).toContain('max_memory_usage = 104857600 MIN 1 MAX 104857600');
  expect(statements().some((s) => s.startsWith('ALTER USER reader') && s.endsWith("SETTINGS PROFILE 'tourniquet_reader'"))).toBe(true);
});

test('only who lets rows expire may drop, from the tables whose rows expire and no other, and only where its password is named', () => {
  expect(statements().filter((s) => s.includes('retention'))).toEqual(['DROP USER IF EXISTS retention']);
  const [grant = ''] = statements('main', { retention: hashPassword('third-secret', 'cc') }).filter((s) => s.includes('TO retention'));
  expect([...grant.matchAll(/(ALTER DELETE|INSERT|SELECT) ON d\.(\S+?)(?=[ ,])/g)].map(([, right, table]) => `${right} ${table}`).toSorted()).toEqual([
    ...['accesses', 'acts', 'alerts', 'dead_letters', 'events', 'matches'].map((table) => `ALTER DELETE ${table}`), 'INSERT expired_leaves', 'INSERT expiries', 'SELECT *',
  ]);
  expect(grant).toMatch(/^GRANT ON CLUSTER 'main' .* WITH REPLACE OPTION$/);
});
