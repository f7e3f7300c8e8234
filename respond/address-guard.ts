import { BlockList, isIP } from 'node:net';

/**
 * Where a webhook may connect to. `private` needs the operator's word; `never` holds what no receiver lives on:
 * link-local with the clouds' metadata services, multicast, reserved and documentation ranges, and every IPv6 form that
 * hides an IPv4 address (mapped, compatible, NAT64, 6to4, Teredo).
 */
export type AddressKind = 'public' | 'private' | 'never';

function subnets(family: 'ipv4' | 'ipv6', ...ranges: readonly (readonly [string, number])[]): BlockList {
  const list = new BlockList();
  for (const [network, prefix] of ranges) list.addSubnet(network, prefix, family);
  return list;
}

// One list a family: BlockList would match an IPv4 address against IPv6 ranges of the mapped form.
const PRIVATE_4 = subnets('ipv4', ['10.0.0.0', 8], ['172.16.0.0', 12], ['192.168.0.0', 16], ['127.0.0.0', 8], ['100.64.0.0', 10]);
const NEVER_4 = subnets('ipv4',
  ['0.0.0.0', 8], ['169.254.0.0', 16], ['192.0.0.0', 24], ['192.0.2.0', 24], ['192.88.99.0', 24], ['198.18.0.0', 15],
  ['198.51.100.0', 24], ['203.0.113.0', 24], ['224.0.0.0', 4], ['240.0.0.0', 4], ['100.100.100.200', 32], ['168.63.129.16', 32]);
const PRIVATE_6 = subnets('ipv6', ['::1', 128], ['fc00::', 7]);
const GLOBAL_6 = subnets('ipv6', ['2000::', 3]);
const NEVER_6 = subnets('ipv6', ['2001::', 23], ['2001:db8::', 32], ['2002::', 16], ['3fff::', 20], ['fd00:ec2::', 32]);

/** Text that is no IP address is `never`. */
export function addressKind(address: string): AddressKind {
  switch (isIP(address)) {
    case 4:
      if (NEVER_4.check(address, 'ipv4')) return 'never';
      return PRIVATE_4.check(address, 'ipv4') ? 'private' : 'public';
    case 6: {
      if (address.includes('%') || NEVER_6.check(address, 'ipv6')) return 'never';
      if (PRIVATE_6.check(address, 'ipv6')) return 'private';
      return GLOBAL_6.check(address, 'ipv6') ? 'public' : 'never';
    }
    default:
      return 'never';
  }
}

export function addressAllowed(address: string, allowPrivate: boolean): boolean {
  const kind = addressKind(address);
  return kind === 'public' || (kind === 'private' && allowPrivate);
}
