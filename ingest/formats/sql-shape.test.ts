import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createParser } from './formats.ts';
import { sqlShape } from './sql-shape.ts';

describe('the shape of a query', () => {
  it.each<readonly [sql: string, text: string, tables: readonly string[], readsAll: boolean]>([
    ['SELECT * FROM wp_users', 'SELECT * FROM wp_users', ['wp_users'], true],
    ['select `ID`,user_email from `wp`.`wp_users` u, wp_posts', 'select `ID`, user_email from `wp`.`wp_users` u, wp_posts', ['wp_users'], true],
    ["SELECT a FROM t WHERE b='x' AND c IN (1,2,'y') LIMIT 5", 'SELECT a FROM t WHERE b = ? AND c IN(?) LIMIT ?', ['t'], false],
    ["INSERT INTO t (a,b) VALUES (1,'x'),(2,'y'),(3,NULL)", 'INSERT INTO t(a, b) VALUES(?),(?, NULL)', ['t'], false],
    ['SELECT COUNT(*) AS n FROM t', 'SELECT COUNT(*) AS n FROM t', ['t'], false],
    ['SELECT a FROM t INNER JOIN v USING (id) LEFT JOIN w ON t.a=w.a', 'SELECT a FROM t INNER JOIN v USING(id) LEFT JOIN w ON t.a = w.a', ['t', 'v', 'w'], true],
    ["SELECT a FROM t INTO OUTFILE '/tmp/x'", 'SELECT a FROM t INTO OUTFILE ?', ['t'], true],
    ['UPDATE t SET a = -1.5e3, b = 0xFF, c = x\'00\', d = _utf8mb4"é"', 'UPDATE t SET a = - ?, b = ?, c = ?, d = ?', ['t'], false],
    ['SELECT (SELECT b FROM v LIMIT 1) FROM t', 'SELECT(SELECT b FROM v LIMIT ?) FROM t', ['v', 't'], false],
    ['LOCK TABLES `a` READ, `b` READ', 'LOCK TABLES `a` READ, `b` READ', ['a'], false],
    ["SELECT 'it''s' /* Mira */ -- Mira\n, \"a\\\"b\" # Mira", 'SELECT ?', [], false],
    ['SELECT /*!40001 SQL_NO_CACHE */ * FROM `t`', 'SELECT /*!40001 SQL_NO_CACHE */ * FROM `t`', ['t'], true],
    ["SELECT a FROM t WHERE b = 'cut", 'SELECT a FROM t WHERE b = ?', ['t'], false],
    ['SELECT a FROM t /* cut', 'SELECT a FROM t', ['t'], true],
    ['SELECT `Mira Muster` FROM t', 'SELECT ? FROM t', ['t'], true],
    ['SELECT a FROM t WHERE 1=1', 'SELECT a FROM t WHERE ? = ?', ['t'], true],
    ["SELECT a FROM t WHERE b = 'x' OR '1'='1'", 'SELECT a FROM t WHERE b = ? OR ? = ?', ['t'], true],
    ['SELECT a FROM t WHERE 1=1 AND b = 2', 'SELECT a FROM t WHERE ? = ? AND b = ?', ['t'], false],
    ['SELECT a FROM t WHERE 1=1 ORDER BY a LIMIT 10', 'SELECT a FROM t WHERE ? = ? ORDER BY a LIMIT ?', ['t'], false],
    ['SELECT 0b1010, 0x1F', 'SELECT ?', [], false],
    ['', '', [], false],
    ["'", '?', [], false],
  ])('%s', (sql, text, tables, readsAll) => expect(sqlShape(sql)).toMatchObject({ text, tables, readsAll }));

  it('is short, whatever the query', () => {
    expect(sqlShape(`SELECT ${'a, '.repeat(100_000)} b FROM t`).text.length).toBeLessThanOrEqual(2_000);
    expect(sqlShape(`INSERT INTO t VALUES ${"('x', 1), ".repeat(10_000)}(2)`).text).toBe('INSERT INTO t VALUES(?)');
  });
});

describe('values', () => {
  const QUOTES = [(s: string) => `'${s.replaceAll('\\', '\\\\').replaceAll("'", "\\'")}'`, (s: string) => `'${s.replaceAll('\\', '\\\\').replaceAll("'", "''")}'`, (s: string) => `"${s.replaceAll('\\', '\\\\').replaceAll('"', '\\"')}"`, (s: string) => `/* ${s.replaceAll('*/', '')} */ 1`, (s: string) => `1 -- ${s.replaceAll('\n', ' ')}\n`];
  const NOISE = ["'", '"', '\\', '`', '/*', '--', '#', '\n', ' ', ',', '(', ')', '?', 'FROM ', '%', 'é'];

  /** As server_audit writes a statement into its log. */
  function audited(sql: string, chars: number): string {
    const escaped = sql.replace(/[\\'\n\t\r]/g, (c) => ({ '\n': '\\n', '\t': '\\t', '\r': '\\r' })[c] ?? `\\${c}`);
    return `20261121 10:11:12,db1,shop,localhost,4,8,QUERY,wp,'${escaped.slice(0, chars)}',0`;
  }

  it('never leave the parser, however they are quoted and wherever the query was cut', () => {
    const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`sql values fuzz: TOURNIQUET_SEED=${seed}\n`);
    const { below } = seededRandom(seed);
    const pick = <T>(list: readonly T[]): T => list[below(list.length)]!; // The lists are not empty.
    const parser = createParser('mariadb-audit');
    for (let i = 0; i < 5_000; i++) {
      const values = Array.from({ length: 3 }, () => pick(QUOTES)(`${Array.from({ length: below(4) }, () => pick(NOISE)).join('')}SECRET${Array.from({ length: below(4) }, () => pick(NOISE)).join('')}`));
      const sql = `SELECT a, ${values[0]} FROM wp_users WHERE b = ${values[1]} AND c IN (${values[2]}, 2)`;
      const line = audited(sql, below(3) === 0 ? below(sql.length * 2) : 100_000);
      const parsed = parser.parse(line);
      expect(parsed.kind === 'event' ? parsed.json : '', `seed ${seed}: ${line}`).not.toContain('SECRET');
    }
  });
});
