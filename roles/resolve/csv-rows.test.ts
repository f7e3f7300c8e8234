import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { csvLine, csvRows } from './csv-rows.ts';

async function* inPieces(text: string, size: number): AsyncGenerator<string> {
  for (let at = 0; at < text.length; at += size) yield text.slice(at, at + size);
}

async function cellsOf(text: string, size = 7): Promise<readonly (readonly string[])[]> {
  return (await Array.fromAsync(csvRows(inPieces(text, size)))).map(({ cells }) => cells);
}

test.each([
  ['comma and LF', 'a,b\n1,2\n', [['a', 'b'], ['1', '2']]],
  ['semicolon and CRLF', 'a;b\r\n1;2,5\r\n', [['a', 'b'], ['1', '2,5']]],
  ['tab', 'a\tb\n1\t2', [['a', 'b'], ['1', '2']]],
  ['CR alone', 'a,b\r1,2\r', [['a', 'b'], ['1', '2']]],
  ['a byte order mark', '\ufeffa,b\n\ufeff1,2\n', [['a', 'b'], ['\ufeff1', '2']]],
  ['quotes, separators and line ends in cells', 'a,b\n"x, ""y""","l1\r\nl2"\n', [['a', 'b'], ['x, "y"', 'l1\r\nl2']]],
  ['a quote inside a plain cell', 'a,b\n5" pipe,2\n', [['a', 'b'], ['5" pipe', '2']]],
  ['empty cells and blank lines', 'a,b,c\n\n,,\n"",1,\n\r\n', [['a', 'b', 'c'], ['', '', ''], ['', '1', '']]],
  ['one column', 'mail\nx@example.org\n', [['mail'], ['x@example.org']]],
  ['nothing', '', []],
])('%s', async (_what, text, rows) => {
  for (const size of [1, 3, 1_000]) expect(await cellsOf(text, size)).toEqual(rows);
});

test('a row knows the line it begins at', async () => {
  const rows = await Array.fromAsync(csvRows(inPieces('a,b\r\n"1\r\n\r\n2",x\r\n\r\n3,4\r\n', 2)));
  expect(rows.map(({ line, cells }) => [line, cells[0]])).toEqual([[1, 'a'], [2, '1\r\n\r\n2'], [6, '3']]);
});

test.each([
  ['an open quote', 'a,b\n1,"secret', 'line 2: the file ends inside a quoted cell'],
  ['text behind a quote', 'a,b\n1,2\n"secret"x,3\n', 'line 3: text stands behind'],
  ['a row without end', `a,b\n"${'s'.repeat(1_100_000)}`, 'line 2: a row is longer'],
  ['a first line without end', 's'.repeat(1_100_000), 'line 1: a row is longer'],
])('%s is named by its line, without what stands there', async (_what, text, message) => {
  const error = await cellsOf(text, 65_536).then(() => undefined, (reason: unknown) => reason);
  expect(error).toMatchObject({ name: 'CsvError', message: expect.stringContaining(message) });
  expect(String(error)).not.toContain('secret');
});

test('whatever is written is read again', async () => {
  const random = seededRandom(4180);
  for (let round = 0; round < 60; round++) {
    const columns = random.between(2, 5);
    const rows = Array.from({ length: random.between(1, 6) }, () => Array.from({ length: columns }, () => Array.from({ length: random.below(6) }, () => random.pick(['a', '"', ',', ';', '\t', '\n', '\r', 'é', '\ud83d\ude00', ' '])).join('')));
    // The first line tells the separator: there it is plain.
    const text = [Array.from({ length: columns }, (_, i) => `c${i}`), ...rows].map(csvLine).join('');
    expect((await cellsOf(text, random.between(1, 9))).slice(1), `seed 4180, round ${round}`).toEqual(rows);
  }
});
