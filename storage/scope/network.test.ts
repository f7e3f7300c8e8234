import { expect, test } from 'vitest';
import { sameNetwork } from './network.ts';

test.each([
  ['192.0.2.1', '192.0.2.254', true], ['192.0.2.1', '192.0.3.1', false], ['192.0.2.1', '2001:db8::1', false], ['x', 'x', true], ['192.0.2.1', '192.0.2.x', false], ['', '192.0.2.1', false],
  ['2001:db8:bad:1::1', '2001:db8:bad:1::2', true], ['2001:db8:bad:1::1', '2001:db8:bad:2::1', false], ['2001:db8::1', '2001:DB8:0:0:ffff::1', true], ['2001:0db8:0:0:1:2:3:4', '2001:db8::9', true], ['::1', '::2', true], ['::1', '1::', false],
  ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::', true], ['::ffff:192.0.2.1', '::ffff:198.51.100.1', false],
])('%s and %s: %s', (a, b, same) => {
  expect(sameNetwork(a, b)).toBe(same);
  expect(sameNetwork(b, a)).toBe(same);
});
