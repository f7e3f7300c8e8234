import { describe, expect, test } from 'vitest';
import { readSql } from './sql-tokens.ts';

/** Kinds and texts of the tokens; a quote that ends another's string is marked. */
function tokensOf(text: string, from = 0, end = text.length): string {
  return readSql(text, from, end).tokens.map(({ kind, text: found, breaks }) => (kind === 'edge' ? '|' : kind === 'cut' ? '~' : kind === 'comment' ? `<${found}>` : `${found}${breaks ? '^' : ''}`)).join(' ');
}

describe('a text is read as', () => {
  test.each([
    ["id=1' OR 'a'='b", "| 1 '^ or ' a '^ = ' b |"],
    ['a=1&b=x or 1', '| 1 | x or 1 |'],
    ['/shop/?s=a', '| / shop / | a |'],
    ["x' or 1=1-- -", "| x '^ or 1 = 1 <--> - |"],
    ['1/**/union/*x*/select', '| 1 union select |'],
    ['1 /*!50000union*/ x', '| 1 union x |'],
    ['1/* x', '| 1 </*> x |'],
    ["O'Neil and l'or", "| o ' neil and l '^ or |"],
    ["rock'n'roll", "| rock ' n ' roll |"],
    ['0x41,1.5e3,.5,1e0union', '| 0x41 , 1.5e3 , .5 , 1e0 union |'],
    ['@@version,@a,me@home', '| @@version , @a , me @home |'],
    ['a<=>b<>c!=d||e&&f::int', '| a <=> b <> c != d || e && f :: int |'],
    ['1+union+select+x', '| 1 union select x |'],
    ['a%20b', '| a b |'],
    ["{\"a\":\"x' or 1\"}", "| { | a | : | x '^ or 1 | } |"],
    ['<r><a b="x or 1"/></r>', '| | r | | a b = | x or 1 | / | | / r | |'],
    ['\\N union', '| \\n union |'],
    ['a;b=1', '| a | 1 |'],
    ['a\0b', '| a <\0> b |'],
  ])('%j', (text, expected) => {
    expect(tokensOf(text)).toBe(expected);
  });

  test('a part of a value, whose edges are not the value\'s', () => {
    expect(tokensOf("abc' or 'x'", 3, 8)).toBe("~ ' or ~");
  });

  test('tokens in order that lie within the text, whatever it holds', () => {
    const text = Array.from({ length: 2_000 }, (_, i) => String.fromCharCode((i * 7919) % 256)).join('');
    let end = 0;
    for (const token of readSql(text, 0, text.length).tokens) {
      expect(token.start).toBeGreaterThanOrEqual(end);
      expect(token.end).toBeGreaterThanOrEqual(token.start);
      end = token.end;
    }
    expect(end).toBe(text.length);
  });
});
