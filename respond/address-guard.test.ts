import { expect, test } from 'vitest';
import { addressAllowed, addressKind } from './address-guard.ts';

test.each(['1.1.1.1', '9.255.255.255', '11.0.0.0', '100.63.255.255', '100.128.0.0', '172.15.255.255', '172.32.0.0', '192.167.255.255', '223.255.255.255', '2606:4700::1111', '2a00::1', '2001:200::1'])('%s is public', (address) => {
  expect(addressKind(address)).toBe('public');
  expect(addressAllowed(address, false)).toBe(true);
});

test.each(['10.0.0.1', '127.0.0.1', '127.255.255.255', '172.16.0.1', '172.31.255.255', '192.168.1.1', '100.64.0.1', '100.127.255.255', '::1', 'fc00::1', 'fdff::1'])('%s needs permission', (address) => {
  expect(addressAllowed(address, false)).toBe(false);
  expect(addressAllowed(address, true)).toBe(true);
});

test.each([
  ['unspecified', '0.0.0.0'], ['unspecified', '::'], ['this network', '0.1.2.3'], ['metadata', '169.254.169.254'], ['link-local', '169.254.0.1'],
  ['metadata', '100.100.100.200'], ['metadata', '168.63.129.16'], ['metadata', 'fd00:ec2::254'], ['link-local', 'fe80::1'], ['link-local with a zone', 'fe80::1%eth0'],
  ['public with a zone', '2606:4700::1111%eth0'], ['site-local', 'fec0::1'], ['multicast', '224.0.0.1'], ['multicast', 'ff02::1'], ['broadcast', '255.255.255.255'],
  ['reserved', '240.0.0.1'], ['documentation', '192.0.2.1'], ['documentation', '2001:db8::1'], ['benchmark', '198.18.0.1'], ['6to4 relay', '192.88.99.1'],
  ['mapped loopback', '::ffff:127.0.0.1'], ['mapped, hexadecimal', '::ffff:7f00:1'], ['mapped public', '::ffff:1.1.1.1'], ['compatible', '::127.0.0.1'],
  ['NAT64', '64:ff9b::7f00:1'], ['local NAT64', '64:ff9b:1::1'], ['6to4', '2002:7f00:1::'], ['Teredo', '2001::1'], ['discard', '100::1'],
  ['no address', 'localhost'], ['no address', ''], ['octal', '0177.0.0.1'], ['one number', '2130706433'],
])('never connects to %s: %s', (_, address) => {
  expect(addressKind(address)).toBe('never');
  expect(addressAllowed(address, true)).toBe(false);
});
