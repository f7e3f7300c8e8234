import { expect, test } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { decodeTopicId, encodeTopicRequest } from './topic-id.ts';

test('the request is Metadata 10 for one topic by its name', () => {
  expect(encodeTopicRequest('t.ingress').toString('hex')).toBe(`0002${'00'.repeat(16)}0a${Buffer.from('t.ingress').toString('hex')}0000000000`);
  expect(encodeTopicRequest('x'.repeat(200)).subarray(18, 20).toString('hex')).toBe('c901');
});

/** By the layout above `encodeTopicRequest`: one broker with a rack, a tag in its header, a cluster id. */
const ANSWER = [
  '0103026869', '00000000', '02', '00000001', '0a3132372e302e302e31', '00002384', '0272', '00', '0463696400'.slice(0, 8), '00000001', '02',
];

function answer(errorCode: string, id: string): Buffer {
  return Buffer.from([...ANSWER, errorCode, '0a742e696e6772657373', id, '00', '01', '00', '00'].join(''), 'hex');
}

const ID = '03a5ab2cb8aa4331b0010637a78b4a3d';

test('the answer holds the topic\'s id', () => {
  expect(decodeTopicId(answer('0000', ID))).toBe(ID);
});

test.each([
  ['an error', answer('0003', ID)],
  ['no id, as of a broker that has none', answer('0000', '00'.repeat(16))],
  ['no topic', Buffer.from([...ANSWER.slice(0, -1), '01', '00'].join(''), 'hex')],
])('%s is no id', (_name, response) => {
  expect(decodeTopicId(response)).toBeUndefined();
});

const SEED = Number(process.env['SEED'] ?? 20_261_123);

test(`an answer that is cut or wrong gives no other id, and an end (seed ${SEED})`, () => {
  const random = seededRandom(SEED);
  const right = answer('0000', ID);
  for (let end = 0; end < right.length - 4; end++) expect(() => decodeTopicId(right.subarray(0, end))).toThrow(RangeError);
  for (let i = 0; i < 5_000; i++) {
    const noise = Buffer.from(Array.from({ length: random.below(80) }, () => random.below(256)));
    let id: string | undefined;
    try {
      id = decodeTopicId(noise);
    } catch (error) {
      expect(error).toBeInstanceOf(RangeError);
    }
    expect(id ?? ID).toMatch(/^[0-9a-f]{32}$/);
  }
});
