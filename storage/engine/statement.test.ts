import { expect, test } from 'vitest';
import { clauseStart, hasWords, insertHead, quote, splitFormat } from './statement.ts';

test.each([
  ['INSERT INTO t FORMAT Native\nDATA', 'INSERT INTO t FORMAT Native', 'DATA'],
  ['insert into t (a, `b c`) settings x = 1 format CSV \r\n1,2', 'insert into t (a, `b c`) settings x = 1 format CSV', '1,2'],
  ['INSERT INTO t VALUES (1), (2)', 'INSERT INTO t FORMAT Values', ' (1), (2)'],
  ['/* FORMAT x */ INSERT INTO `FORMAT` -- VALUES\n FORMAT TSV\n1', '/* FORMAT x */ INSERT INTO `FORMAT` -- VALUES\n FORMAT TSV', '1'],
  ["INSERT INTO t SETTINGS log_comment = 'FORMAT CSV' FORMAT TSV\n1", "INSERT INTO t SETTINGS log_comment = 'FORMAT CSV' FORMAT TSV", '1'],
  ['INSERT INTO t FORMAT CSV', 'INSERT INTO t FORMAT CSV', ''],
  ['INSERT INTO t FORMAT CSV\n\n1', 'INSERT INTO t FORMAT CSV', '\n1'],
])('the data of %j starts where the engine would start it', (text, head, data) => {
  const found = insertHead(text);
  expect(found?.text).toBe(head);
  expect(text.slice(found?.dataStart)).toBe(data);
});

test.each(['SELECT 1 FORMAT CSV', 'INSERT INTO t SELECT 1 FORMAT CSV', 'INSERT INTO t WITH 1 AS x SELECT x', 'INSERT INTO t', '', 'EXPLAIN INSERT INTO t VALUES (1)'])('%j carries no data', (text) => {
  expect(insertHead(text)).toBeUndefined();
});

test.each([
  ['SELECT 1 FORMAT CSV', 'SELECT 1', 'CSV', ''],
  ['SELECT 1 FORMAT CSV SETTINGS a = 1', 'SELECT 1', 'CSV', ' SETTINGS a = 1'],
  ["SELECT 'x FORMAT CSV'", "SELECT 'x FORMAT CSV'", undefined, ''],
  ['SELECT 1 AS FORMAT FROM (SELECT 1 FORMAT CSV)', 'SELECT 1 AS FORMAT FROM (SELECT 1 FORMAT CSV)', undefined, ''],
])('the format of %j is told from names and texts', (text, body, format, tail) => {
  expect(splitFormat(text)).toEqual({ body, format, tail });
});

test('words side by side are found at any depth, not in texts, names or comments', () => {
  expect(hasWords('SELECT (1 into /* x */ outfile 2)', 'INTO', 'OUTFILE')).toBe(true);
  expect(hasWords("SELECT 'INTO OUTFILE', `INTO OUTFILE` -- INTO OUTFILE\n, INTO, OUTFILE", 'INTO', 'OUTFILE')).toBe(false);
  expect(hasWords('INTO INTO OUTFILE', 'INTO', 'OUTFILE')).toBe(true);
});

test('a clause is found at the top level', () => {
  expect('INSERT INTO t (FORMAT) SETTINGS a = 1 FORMAT CSV'.slice(clauseStart('INSERT INTO t (FORMAT) SETTINGS a = 1 FORMAT CSV', ['SETTINGS', 'FORMAT']))).toBe('SETTINGS a = 1 FORMAT CSV');
});

test('a text is quoted so that nothing in it ends it', () => {
  expect(quote("a'b\\c\nd")).toBe(String.raw`'a\'b\\c\nd'`);
});
