import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { parseAuditQuery } from './audit-query.ts';
import { QueryFileError } from './query-problem.ts';

const HEADER = ['-- title: T', '-- question: Q?', '-- control: SOC 2 CC7.2', '-- param actor text = "": who', '-- order: at time, site text'];
const SQL = "SELECT timestamp AS at, site FROM acts WHERE actor = {actor:String} AND action != '{not:Mine}' -- {nor:This}";

function file(header: readonly string[] = HEADER, sql = SQL): string {
  return `${header.join('\n')}\n${sql}\n`;
}

test('a file gives its header, its SQL and its hash', () => {
  expect(parseAuditQuery('who-did', file())).toEqual({
    name: 'who-did', title: 'T', question: 'Q?', controls: ['SOC 2 CC7.2'], role: 'analyst', sql: SQL, hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    parameters: [{ name: 'actor', type: 'text', default: '', says: 'who' }], order: [{ name: 'at', type: 'time' }, { name: 'site', type: 'text' }],
  });
});

test.each([
  ['-- param from time = 30d: since when', { name: 'from', type: 'time', default: '30d', says: 'since when' }],
  ['-- param most number = 7: how many: at most', { name: 'most', type: 'number', default: '7', says: 'how many: at most' }],
  ['-- param subject subjects: the person', { name: 'subject', type: 'subjects', default: undefined, says: 'the person' }],
  ['-- param home text = "a, b": regions', { name: 'home', type: 'text', default: 'a, b', says: 'regions' }],
])('%s', (line, parameter) => {
  const type = { time: "DateTime64(3,'UTC')", number: 'UInt64', subjects: 'Array( String )', text: 'String' }[parameter.type];
  expect(parseAuditQuery('q', file([...HEADER.filter((l) => !l.includes('param')), line], `SELECT {${parameter.name}:${type}}`)).parameters).toEqual([parameter]);
});

function refusal(text: string, name = 'q'): string {
  try {
    parseAuditQuery(name, text);
  } catch (error) {
    if (error instanceof QueryFileError) return error.message;
    throw error;
  }
  return 'taken';
}

describe('what is refused, with its place', () => {
  test.each([
    ['no title', file(HEADER.slice(1)), 'q.sql:1:1: the header lacks "-- title: …"'],
    ['no control', file(HEADER.filter((l) => !l.includes('control'))), 'q.sql:1:1: the header lacks "-- control: …"'],
    ['no order', file(HEADER.slice(0, 4)), 'q.sql:1:1: the header lacks "-- order: …"'],
    ['a line that is none', file([...HEADER, '-- titel: T']), 'q.sql:6:1: expected "-- title:"'],
    ['two titles', file([...HEADER, '-- title: U']), 'q.sql:6:1: there is a title already'],
    ['a type there is not', file([...HEADER, '-- param x UInt8: y']), 'q.sql:6:10: expected NAME TYPE'],
    ['an unknown type', file([...HEADER, '-- param x float: y']), 'q.sql:6:10: a parameter\'s type is one of sites, subjects, time, text, number'],
    ['a taken name', file([...HEADER, '-- param limit number: y']), 'q.sql:6:10: the name limit is taken'],
    ['a parameter twice', file([...HEADER, '-- param actor text: y']), 'q.sql:6:1: there is a parameter actor already'],
    ['an idle parameter', file([...HEADER, '-- param x text: y']), 'q.sql:7:1: the parameter x is not used'],
    ['an unknown role', file([...HEADER, '-- role: root']), 'q.sql:1:1: role is one of analyst, compliance, admin'],
    ['an order without types', file([...HEADER.slice(0, 4), '-- order: at']), 'q.sql:1:1: order is a list of columns'],
    ['a placeholder without parameter', file(HEADER, 'SELECT {actor:String},\n  {x:String}'), 'q.sql:7:3: no "-- param x …" stands in the header'],
    ['a placeholder of another type', file(HEADER, 'SELECT {actor:UInt8}'), 'q.sql:6:8: actor is written {actor:String}'],
    ['a sealed list of another type', file(HEADER, 'SELECT {actor:String}, {sealed_sizes:String}'), 'q.sql:6:24: sealed_sizes is written {sealed_sizes:Array(UInt64)}'],
    ['two statements', file(HEADER, 'SELECT {actor:String}; DROP TABLE acts'), 'q.sql:6:22: one statement only'],
    ['a format', file(HEADER, 'SELECT {actor:String} FORMAT Native'), 'q.sql:6:23: the format is chosen by who asks'],
    ['a file', file(HEADER, "SELECT {actor:String} INTO OUTFILE '/tmp/x'"), 'q.sql:6:23: the format is chosen'],
    ['no SELECT', file(HEADER, 'DROP TABLE {actor:String}'), 'q.sql:6:1: expected one SELECT'],
    ['nothing', '', 'q.sql:1:1: the header lacks "-- title: …"'],
  ])('%s', (_what, text, message) => {
    expect(refusal(text)).toContain(message);
  });

  test('with the line and a caret below', () => {
    expect(refusal(file(HEADER, 'SELECT {actor:String},\n\t{x:String}'))).toBe('q.sql:7:2: no "-- param x …" stands in the header\n  \t{x:String}\n  \t^');
  });

  test('all at once, but no more than a screen', () => {
    const many = refusal(file([...HEADER, ...Array.from({ length: 500 }, (_, i) => `-- wrong ${i}`)]));
    expect(many.split('\n')).toHaveLength(20 * 3 + 1);
    expect(many).toContain('… and 480 more');
  });

  test('a name that is no file of ours', () => {
    expect(refusal(file(), 'Who_Did')).toContain('the file name is the query\'s');
  });
});

test('fuzz: whatever a file holds, it is taken or refused with a place, and soon', () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? 7);
  const random = seededRandom(seed);
  const pieces = [...HEADER, SQL, '{', '}', "'", '"', '`', '--', '/*', '*/', ';', '\n', '\t', '\\', '{actor:String}', '-- param ', ' = ', ':', '\u0000', '⟦', 'SELECT', '{x:Array(Tuple(String, {y:UInt8}))}'];
  for (let run = 0; run < 2_000; run++) {
    const text = Array.from({ length: random.between(0, 30) }, () => random.pick(pieces) + (random.chance(0.4) ? '\n' : '')).join('');
    let problems = 1;
    try {
      parseAuditQuery('q', text);
    } catch (error) {
      if (!(error instanceof QueryFileError)) throw new Error(`seed ${seed}, run ${run}: ${JSON.stringify(text)}`, { cause: error });
      problems = error.problems.length;
      for (const { line, column } of error.problems) expect([line > 0, column > 0, line <= text.split('\n').length + 1], `seed ${seed}, run ${run}`).toEqual([true, true, true]);
    }
    expect(problems, `seed ${seed}, run ${run}`).toBeGreaterThan(0);
  }
});
