import { describe, expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { createFrameReader, MAX_MESSAGE_BYTES } from './frame-reader.ts';

/** Texts of the frames that the pieces give, a cut one marked; `broken` at the end where the stream is. */
function framesOf(...pieces: readonly (string | Buffer)[]): readonly string[] {
  const reader = createFrameReader();
  return pieces.flatMap((piece) => {
    const { frames, isBroken } = reader.push(Buffer.from(piece));
    return [...frames.map((frame) => `${frame.bytes.toString('latin1')}${frame.isCut ? '…' : ''}`), ...(isBroken ? ['broken'] : [])];
  });
}

describe('frames', () => {
  test.each<readonly [string, readonly string[], readonly string[]]>([
    ['by their number of octets', ['5 <1>1 3 <2>'], ['<1>1 ', '<2>']],
    ['ended by line feeds', ['<1>a\n<2>b\n'], ['<1>a', '<2>b']],
    ['of both kinds in turn', ['3 <1><2>b\n3 <3>'], ['<1>', '<2>b', '<3>']],
    ['with line feeds in counted messages', ['7 <1>a\nb\n3 <2>'], ['<1>a\nb\n', '<2>']],
    ['with line feeds, returns or zeros between counted messages', ['3 <1>\r\n\n3 <2>\u0000'], ['<1>', '<2>']],
    ['in pieces of one octet', [...'3 <1><2>b\n'], ['<1>', '<2>b']],
    ['with a return before the feed', ['<1>a\r\n'], ['<1>a\r']],
    ['of no octets: no length is zero', ['0 <1>'], ['broken']],
    ['that are none: a request of HTTP', ['GET / HTTP/1.1\r\n'], ['broken']],
    ['whose length is none', ['12x <1>'], ['broken']],
    ['whose length is absurd', ['999999999 <1>'], ['broken']],
    ['whose length does not end', ['1234', '56789'], ['broken']],
    ['good ones before a broken one are taken', ['3 <1>xx'], ['<1>', 'broken']],
  ])('%s', (_, pieces, frames) => expect(framesOf(...pieces)).toEqual(frames));

  test('beyond the limit are cut, and what follows is read', () => {
    const long = `<1>${'a'.repeat(3 * MAX_MESSAGE_BYTES)}`;
    const start = `${long.slice(0, MAX_MESSAGE_BYTES)}…`;
    expect(framesOf(`${long}\n<2>b\n`)).toEqual([start, '<2>b']);
    expect(framesOf(`${long.length} ${long}3 <2>`)).toEqual([start, '<2>']);
    const pieces = (`${long.length} ${long}<2>b\n${long}\n3 <3>`).match(/[^]{1,10000}/g) ?? [];
    expect(framesOf(...pieces)).toEqual([start, '<2>b', start, '<3>']);
  });

  test('hold at most one message, however much comes without an end', () => {
    const reader = createFrameReader();
    reader.push(Buffer.from('<1>'));
    let frames = 0;
    for (let i = 0; i < 2_000; i++) frames += reader.push(Buffer.alloc(10_000, 0x61)).frames.length;
    expect(frames).toBe(1);
    expect(reader.isMidway).toBe(true);
  });
});

test('any cut into pieces gives the same frames', () => {
  const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 2 ** 31);
  process.stdout.write(`syslog frames fuzz: TOURNIQUET_SEED=${seed}\n`);
  const random = seededRandom(seed);
  const parts = ['<1>1 a\n', '4 <1>1', '12 <34>1 - a b\n', '\n', '<', '9', ' ', 'x', '70000 <1>', `<1>${'b'.repeat(70_000)}\n`, '3 <2>', '\u0000'];
  for (let run = 0; run < 400; run++) {
    const bytes = Buffer.from(Array.from({ length: 1 + random.below(12) }, () => parts[random.below(parts.length)] ?? '').join(''), 'latin1');
    const whole = framesOf(bytes);
    const pieces: Buffer[] = [];
    for (let at = 0; at < bytes.length; ) {
      const size = 1 + random.below(random.below(4) === 0 ? 40_000 : 7);
      pieces.push(bytes.subarray(at, at + size));
      at += size;
      if (pieces.length > 20_000) break;
    }
    const cut = framesOf(...pieces);
    // Nothing is read behind a broken place; the pieces after it are not pushed by a session.
    const end = cut.indexOf('broken');
    expect(end < 0 ? cut : cut.slice(0, end + 1), `seed ${seed}`).toEqual(whole);
  }
});
