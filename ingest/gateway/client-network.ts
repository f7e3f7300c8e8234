import { isIPv6 } from 'node:net';

/** Whoever has one IPv6 address has 2^64 of them: they are told apart by what stands before, at most four groups. */
export function networkOf(address: string): string {
  if (!isIPv6(address) || address.includes('.') || address.includes('%')) return address;
  const [start = ''] = new URL(`http://[${address}]`).hostname.slice(1, -1).split('::');
  return start.split(':').slice(0, 4).join(':');
}
