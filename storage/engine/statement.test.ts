import { expect, test } from 'vitest';
import { quote } from '../sql-text.ts';
import { clauseStart, fromFile, hasWords, insertHead, splitFormat, withoutNumbers } from './statement.ts';

test.each([
  ['INSERT INTO t FORMAT Native\nDATA', 'INSERT INTO t FORMAT Native', 'DATA'],
  ['insert into t (a, `b c`) settings x = 1 format CSV \r\n1,2', 'insert into t (a, `b c`) settings x = 1 format CSV', '1,2'],
  ['INSERT INTO t VALUES (1), (2)', 'INSERT INTO t FORMAT Values', ' (1), (2)'],
  ['/* FORMAT x */ INSERT INTO `FORMAT` -- VALUES\n FORMAT TSV\n1', '/* FORMAT x */ INSERT INTO `FORMAT` -- VALUES\n FORMAT TSV', '1'],
  ["INSERT INTO t SETTINGS log_comment = 'FORMAT CSV' FORMAT TSV\n1", "INSERT INTO t SETTINGS log_comment = 'FORMAT CSV' FORMAT TSV", '1'],
  ['INSERT INTO t FORMAT CSV', 'INSERT INTO t FORMAT CSV', ''],
  ['INSERT INTO t FORMAT CSV\n\n1', 'INSERT INTO t FORMAT CSV', '\n1'],
  ["INSERT INTO t (a) SELECT a FROM input('a Int8') WHERE (SELECT 1 FORMAT TSV) FORMAT CSV\n1", "INSERT INTO t (a) SELECT a FROM input('a Int8') WHERE (SELECT 1 FORMAT TSV) FORMAT CSV", '1'],
])('the data of %j starts where the engine would start it', (text, head, data) => {
  const found = insertHead(text);
  expect(found?.text).toBe(head);
  expect(text.slice(found?.dataStart)).toBe(data);
});

test.each(['SELECT 1 FORMAT CSV', 'INSERT INTO t SELECT 1 FORMAT CSV', 'INSERT INTO t WITH 1 AS x SELECT x', "INSERT INTO t SELECT a FROM (SELECT a FROM input('a Int8')) FORMAT CSV", "INSERT INTO t SELECT 'input()' FORMAT CSV", 'INSERT INTO t SELECT input FROM a FORMAT CSV', 'INSERT INTO t', '', 'EXPLAIN INSERT INTO t VALUES (1)'])('%j carries no data', (text) => {
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

test('an insert that selects from its own data selects from a file instead, whatever stands in quotes', () => {
  const head = "INSERT INTO t (a) SELECT a FROM input('a Enum8(\\'input(\\' = 1)') WHERE (SELECT count() = 0 FROM c WHERE b >= 5) FORMAT CSV";
  expect(fromFile(head, "/a'b")).toBe("INSERT INTO t (a) SELECT a FROM file('/a\\'b', 'CSV', 'a Enum8(\\'input(\\' = 1)', 'none') WHERE (SELECT count() = 0 FROM c WHERE b >= 5)");
  expect(fromFile("INSERT INTO t (input) FORMAT CSV", '/a')).toBeUndefined();
});

test('of statements that differ by whole numbers one shape is left; names, texts and types keep theirs', () => {
  expect(withoutNumbers("SELECT a1 FROM t2 WHERE b >= 12 AND c = '34' AND d = `5`")).toBe("SELECT a1 FROM t2 WHERE b >= 0 AND c = '34' AND d = `5`");
});
