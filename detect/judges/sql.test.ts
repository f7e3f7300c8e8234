import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { sqlFindings, SQL_JUDGES } from './sql.ts';
import { readSql } from './sql-tokens.ts';

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

function tricksOf(text: string): ReadonlySet<string> {
  return new Set(sqlFindings(readSql(text, 0, text.length)).map(({ trick }) => trick));
}

describe('the value', () => {
  test.each([
    ['boolean', ["1' or '1'='1", '1 or 1=1', '1) and 2>1', "x' || 'a'='a", "1' and ascii(mid(user(),1,1))>64--", "x' or name like '%a", '1 and not 1=2', "1' xor 3 in (3)", "x') or ('a'='a", '1 rlike (select 1)', "x' or 1#", 'or 1=1', '1&&sleep(3)', "x' and 'a' is not null", '1=1', "1' or '{\"b\":1}'::jsonb @> '{}", 'a=1 having 1=1']],
    ['comment', ["admin'--", "x')/*", "x'#", '1--', "x'; --", "x'\0", "1') -- -"]],
    ['union', ['1 union select 1', "x' union all select null,null--", '1 union(select a from b)', '1 union distinct select @@version', '1e0union select pw from users', "x' union select x from"]],
    ['stacked', ['1;drop table users', "x';exec master..xp_cmdshell 'a'", '1;declare @a int', '1;update t set a=1', '1;shutdown--', "1;copy t from '/etc/x'", "';select x"]],
    ['query', ['select pw from users', '1 and (select 1)=1', '(select count(*) from t)', 'select load_file(0x41)', 'drop table users', "insert into users values(1,'a')", '1-(select a from b)']],
    ['time', ['1 and sleep(5)', "1;waitfor delay '0:0:5'", 'benchmark(9,sha1(1))', "x'||pg_sleep(1)||'"]],
    ['schema', ['1 from information_schema.tables', '@@version', "exec xp_cmdshell 'x'", '(select name from sqlite_master)']],
    ['function', ['extractvalue(1,concat(0x7e,user()))', 'case when 1=1 then 1 else 0 end', 'version()', 'concat(0x41,0x42)', '1-ord(0x41)', 'password::int', 'hex(']],
    ['clause', ["1' order by 3--", '1) group by a having 1=1', "1 into outfile '/x'", '1 limit 1,1 procedure analyse()', "x' limit 1--"]],
    ['operator', ["a'||'b", "'-'", "x'='x", "x'-0-'", "x'+(select 1)+'", "x' is null", "x' collate nocase--"]],
    ['probe', ["'", "'\")", "admin';"]],
    ['versioned', ['1 /*!50000union*/ x', '/*!select*/ 1']],
  ])('is told by its %s', (trick, values) => {
    for (const value of values) expect([value, [...tricksOf(`id=${value}`)]]).toEqual([value, expect.arrayContaining([trick])]);
  });

  test.each([
    "O'Neil & Sons", "rock 'n' roll or jazz", 'size 10 and 12', '2 or 3 seats', "5' or 6' fence", "4' x 8' - 5' x 10'", '2 3/4" - vintage', '"red shoes" and "blue shoes"', '"alaska" + 1978', "it's -- well -- fine", "boys' -- sale", 'student union select committee', 'select your size or 2 for 1', 'select a size from the list', '(select 2)',
    'drop leaf table', 'create table tennis account', 'insert into slot a', 'update set of 3', 'order by 12 december', 'group by colour', 'limit 5 per person', 'having fun', 'left (wa, rr)', 'mid (blue)', 'cast (3 actors)', 'day(s)', 'max(40)', 'price>10 and size=3', 'a=b,c=d', "poem 'if'", "women' in 5 colours", 'where 2 of 3 agree', 'what is information_schema', 'mail @home', 'calc(100% - 20px)', 'f(x) = 2 * x',
    'how do I select * from a table', 'stop; drop by the shop', 'if (a > b) then buy', "l'or et l'argent", 'dress 18";', '1/* license */2', 'sleep (8 hours)', 'case when needed', '2026--11', 'a--b', 'name:"foo" AND (price:10 OR size=3)', '1,2;3,4', 'insert into slot exec chair', 'order by phone (new) between us',
  ])('%j is no SQL', (value) => {
    expect([...tricksOf(`q=${value}`)]).toEqual([]);
  });
});

test('a judge finds a trick wherever it stands in a long text, and nothing beside it', () => {
  const judge = SQL_JUDGES['sql-boolean'];
  const attack = "x' or 1=1 --";
  for (let before = 0; before < 1_200; before += 37) {
    const text = `${'a word or two; '.repeat(80).slice(0, before)}&id=${attack}&z=${'another one and more '.repeat(60)}`;
    const start = text.indexOf('or 1=1');
    expect(judge?.(text, { start, end: start + 6 }, 'url.query')).toEqual({ start, end: start + 6 });
    expect(judge?.(text, { start: text.length - 9, end: text.length - 6 }, 'url.query')).toBeUndefined();
  }
});

test('a log that quotes the query of a plugin is no attack, but for one that waits', () => {
  const text = "WordPress database error Deadlock found for query SELECT a FROM b WHERE 1=1 OR sleep(5) made by wp_cron";
  const ask = (name: string, part: string, field: string): unknown => SQL_JUDGES[name]?.(text, { start: text.indexOf(part), end: text.indexOf(part) + part.length }, field);
  expect(ask('sql-boolean', 'WHERE 1=1', 'message')).toBeUndefined();
  expect(ask('sql-boolean', 'WHERE 1=1', 'url.query')).toBeDefined();
  expect(ask('sql-time', 'sleep(', 'message')).toBeDefined();
});

const PARTS = ["'", '"', '`', '(', ')', ',', ';', '--', '#', '/*', '*/', '/*!5', '=', '<', '||', '&&', '&a=', '?b=', ' ', '\n', '\0', '@@', '@', '\\', '::', ' or ', ' and ', ' union ', ' select ', ' from ', 'case ', ' when ', ' then ', 'sleep(', 'char(', '1', '0x41', 'x', '{"', '":"', '<a>', ' like ', ' in ', ' order by ', '\u00e9', '\ud800', '%27', '+'];

test(`any text is judged, twice alike, with findings inside of it, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  for (let i = 0; i < 1_500; i++) {
    const text = Array.from({ length: random.between(1, 160) }, () => random.pick(PARTS)).join('');
    const found = sqlFindings(readSql(text, 0, text.length));
    for (const { start, end } of found) expect(start >= 0 && end <= text.length && start < end, JSON.stringify(text)).toBe(true);
    expect(sqlFindings(readSql(text, 0, text.length))).toEqual(found);
    if (text.length > 512) continue;
    // Of a short text a judge sees all at once: it takes what the findings of its trick touch.
    for (const { trick, start, end } of found) if (trick !== 'versioned') expect(SQL_JUDGES[`sql-${trick}`]?.(text, { start, end }, 'url.query')).toEqual({ start, end });
  }
});

test.each(PARTS)('a long row of %j is read without going over it again and again', (part) => {
  // One block and its neighbours are 1,536 units: what is counted is tokens looked at, by way of a stack that must not overflow.
  const text = part.repeat(Math.ceil(1_536 / part.length));
  expect(sqlFindings(readSql(text, 0, text.length)).length).toBeLessThanOrEqual(text.length * 2);
});
