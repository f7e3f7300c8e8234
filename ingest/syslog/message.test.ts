import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { readMessage } from './message.ts';

function read(text: string): readonly [Record<string, string>, string] | undefined {
  const message = readMessage(Buffer.from(text));
  return message === undefined ? undefined : [Object.fromEntries(message.parameters), message.line.toString()];
}

const HEAD = '<134>1 2026-11-21T10:11:12.123456+01:00 web1 nginx 31 -';

describe('a message', () => {
  test.each<readonly [string, string, readonly [Record<string, string>, string]]>([
    ['bears our parameters and the line', `${HEAD} [tourniquet@32473 site="shop" key="k" format="combined"] 192.0.2.7 - -`, [{ site: 'shop', key: 'k', format: 'combined' }, '192.0.2.7 - -']],
    ['may have other elements around ours', `${HEAD} [origin ip="192.0.2.1"][tourniquet@1 key="k"][meta sequenceId="1"] a`, [{ key: 'k' }, 'a']],
    ['escapes quotes, backslashes and brackets', `${HEAD} [tourniquet@32473 key="a\\"b\\\\c\\]d\\e"] a`, [{ key: 'a"b\\c]d\\e' }, 'a']],
    ['says each parameter once', `${HEAD} [tourniquet@32473 key="first" key="second"] a`, [{ key: 'first' }, 'a']],
    ['has nil values, and none of ours', '<0>1 - - - - - - a b', [{}, 'a b']],
    ['may begin with a byte order mark', `${HEAD} - \u{feff}a`, [{}, 'a']],
    ['may bear nothing', `${HEAD} [tourniquet@32473 key="k"]`, [{ key: 'k' }, '']],
    ['keeps blanks and line feeds of the line', `${HEAD} -  a\nb `, [{}, ' a\nb ']],
    ['of another vendor is read as one without parameters', `${HEAD} [other@32473 key="k"] a`, [{}, 'a']],
  ])('%s', (_, text, message) => expect(read(text)).toEqual(message));

  test.each([
    '', '<', '<134>', 'hello', '<134>Nov 21 10:11:12 web1 nginx: a', '<134>2 - - - - - - a', '<1234>1 - - - - - - a', '<01>1 - - - - - - a', `${HEAD}`, `${HEAD} `, `${HEAD} a`, `${HEAD} [`, `${HEAD} []a`, `${HEAD} [tourniquet@32473 key="k] a`,
    `${HEAD} [tourniquet@32473 key=k] a`, `${HEAD} [tourniquet@32473 key="k" ] a`, `${HEAD} [a b="c"]x`, `${HEAD} -x`, `<134>1 yesterday web1 nginx 31 - - a`, `${HEAD} ${'[a]'.repeat(100)} a`, `${HEAD} [${'a'.repeat(33)} b="c"] a`,
  ])('%s is none', (text) => expect(read(text)).toBeUndefined());

  test('is never misread for hostile bytes, in time linear in them', () => {
    const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`syslog messages fuzz: TOURNIQUET_SEED=${seed}\n`);
    const random = seededRandom(seed);
    const good = `${HEAD} [tourniquet@32473 site="shop" key="kkk" format="combined"] line`;
    const pieces = ['[', ']', '"', '\\', '=', ' ', '-', '\u0000', 'é', '<', '>', '1', 'tourniquet@32473', 'key="x"', '\n'];
    for (let i = 0; i < 20_000; i++) {
      let text = good;
      for (let edits = 1 + random.below(3); edits > 0; edits--) {
        const at = random.below(text.length);
        text = text.slice(0, at) + (pieces[random.below(pieces.length)] ?? '') + text.slice(at + random.below(4));
      }
      const found = read(text);
      if (found !== undefined) expect(Buffer.byteLength(found[1]), `seed ${seed}`).toBeLessThan(Buffer.byteLength(text));
    }
    for (const long of ['[a '.repeat(20_000), `[a ${'b="" '.repeat(15_000)}`, `[a b="${'\\"'.repeat(30_000)}`, '['.repeat(60_000)]) expect(read(`${HEAD} ${long}`)).toBeUndefined();
  });
});
