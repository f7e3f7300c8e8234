import { BlockList, isIP } from 'node:net';
import { describe, expect, it, test } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { networkTest } from './network.ts';

describe('a network', () => {
  it.for([
    ['10.0.0.0/8', '10.255.0.1', true], ['10.1.2.3/8', '10.9.9.9', true], ['10.0.0.0/8', '11.0.0.1', false], ['10.0.0.0/8', '::ffff:10.0.0.1', true],
    ['10.0.0.0/8', '10.0.0.1 ', false], ['10.0.0.0/8', '010.0.0.1', false], ['192.0.2.1', '192.0.2.1', true], ['192.0.2.1', '192.0.2.2', false],
    ['0.0.0.0/0', '203.0.113.9', true], ['2001:db8::/32', '2001:DB8::1', true], ['::1', '::1', true], ['fe80::/10', 'x'.repeat(65), false],
  ] as const)('%s has %s: %s', ([network, address, within]) => expect(networkTest(network)(address)).toBe(within));

  it.for(['', '10.0.0.0/33', '::/129', '10.0.0.0/', '10.0.0/8', '10.0.0.0/8/8', '10.0.0.0/+8', 'example.org'])('%j is none', (network) => expect(() => networkTest(network)).toThrow(RangeError));
});

const SEED = Number(process.env['TOURNIQUET_SEED'] ?? 20261121);

/** The same by Node alone. */
function plainly(network: string, text: string): boolean {
  const [address = '', bits = ''] = network.split('/');
  const list = new BlockList();
  list.addSubnet(address, Number(bits), isIP(address) === 4 ? 'ipv4' : 'ipv6');
  const family = isIP(text);
  return family !== 0 && list.check(text, family === 4 ? 'ipv4' : 'ipv6');
}

const NETWORKS = ['0.0.0.0/0', '10.0.0.0/8', '10.1.2.3/32', '128.0.0.0/1', '192.168.4.0/22', '255.255.255.255/32', '::/0', '::/127', '::/96', 'fc00::/7', '::ffff:0:0/96', '::ffff:10.0.0.0/104', '2001:db8::/32', '2001:db8::1/128'];
const TEXTS = ['0.0.0.0', '255.255.255.255', '10.1.2.3', '::1', '::ffff:10.0.0.1', '2001:db8::1', 'fe80::1', '', '.', '1.2.3', '1.2.3.4.5', '01.2.3.4', '1.2.3.256', '1..2.3', '1.2.3.', ' 1.2.3.4', '1.2.3.4 ', '1.2.3.a', '0x1.2.3.4', '1.2.3.04', '0.0.0.00', '-', '1.2.3.4/8', '\u0661.2.3.4'];

test(`an address lies in a network exactly where Node says so, seed ${SEED}`, () => {
  const random = seededRandom(SEED);
  const addresses = Array.from({ length: 2_000 }, () => Array.from({ length: 4 }, () => random.pick([random.below(256), random.below(256), 0, 10, 255])).join('.'));
  for (const network of NETWORKS) {
    const inside = networkTest(network);
    for (const text of [...TEXTS, ...addresses.slice(0, 200)]) expect([network, text, inside(text)]).toEqual([network, text, plainly(network, text)]);
  }
  for (const address of addresses) {
    const network = `${address}/${random.below(33)}`;
    for (let i = 0; i < 5; i++) {
      const other = random.pick([address, random.pick(addresses)]);
      expect([network, other, networkTest(network)(other)]).toEqual([network, other, plainly(network, other)]);
    }
  }
});
