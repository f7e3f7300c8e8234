import { expect, test } from 'vitest';
import { commitment, extendHead, GENESIS_HEAD } from '../../contracts/chain.ts';
import { headAfter, lineEnds } from './chain-lines.ts';

test('heads follow the contract line by line, empty lines and bytes above ASCII included', () => {
  const lines = ['{"a":1}', '', 'ü⟦x⟧', '{"b":2}'];
  const nonces = lines.map((_, i) => Buffer.alloc(16, i + 1));
  const body = Buffer.from(lines.map((l, i) => `${nonces[i]?.toString('base64url')} ${l}\n`).join(''));
  let head = GENESIS_HEAD;
  for (const [i, line] of lines.entries()) {
    head = extendHead(head, commitment(nonces[i] ?? Buffer.alloc(0), Buffer.from(line)));
    expect(headAfter(body, GENESIS_HEAD.toString('base64url'), i + 1)).toBe(head.toString('base64url'));
  }
});

test('a line ends after its line feed', () => {
  expect(lineEnds(Buffer.from('ab\n\nc\n'))).toEqual([3, 4, 6]);
  expect(lineEnds(Buffer.alloc(0))).toEqual([]);
});
