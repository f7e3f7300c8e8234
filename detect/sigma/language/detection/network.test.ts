import { BlockList } from 'node:net';
import { expect, it } from 'vitest';
import { seededRandom } from '../../../../contracts/seeded-random.ts';
import { networkProblem } from './network.ts';

it.each(['10.0.0.0/8', '0.0.0.0/0', '10.1.2.3', '10.1.2.3/32', '255.255.255.254/31', '::/0', '::1', '::1/128', '2001:db8::/32', 'fe80::/10', '::ffff:10.0.0.0/104', '1:2:3:4:5:6:7:8'])('%s is a network', (network) => {
  expect(networkProblem(network)).toBeUndefined();
});

it.each(['', '/8', '10.0.0.0/', '10.0.0.0/+8', '10.0.0.0/ 8', '10.0.0.0/08x', '010.0.0.0/8', '10.0.0.256', '10.0.0.128/24', '255.255.255.255/31', '2001:db8::1/64', '8000::/0', '::ffff:10.0.0.1/104', 'localhost/8', '::1%lo'])('%j is none', (network) => {
  expect(networkProblem(network)).toBeDefined();
});

it('takes exactly the first address of each network', () => {
  const seed = 77;
  const random = seededRandom(seed);
  for (let round = 0; round < 2000; round++) {
    const address = Array.from({ length: 4 }, () => random.pick([0, 0, 128, 255, random.below(256)])).join('.');
    const prefix = random.below(33);
    const list = new BlockList();
    list.addSubnet(address, prefix, 'ipv4');
    const first = firstOf(address, prefix);
    expect(networkProblem(`${address}/${prefix}`) === undefined, `seed ${seed}, round ${round}: ${address}/${prefix}`).toBe(first === address);
    expect(list.check(first, 'ipv4')).toBe(true);
  }
});

function firstOf(address: string, prefix: number): string {
  const bits = address.split('.').map((part) => Number(part).toString(2).padStart(8, '0')).join('').slice(0, prefix).padEnd(32, '0');
  return [0, 8, 16, 24].map((from) => parseInt(bits.slice(from, from + 8), 2)).join('.');
}
