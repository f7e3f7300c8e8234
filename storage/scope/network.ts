import { isIPv4, isIPv6 } from 'node:net';

/** The first four groups of an IPv6 address, each without leading zeros. */
function prefixOf(address: string): string {
  const [front = '', back] = address.split('::');
  const [head, tail] = [front === '' ? [] : front.split(':'), back === undefined || back === '' ? [] : back.split(':')];
  const zeros = back === undefined ? 0 : 8 - head.length - tail.length;
  return [...head, ...Array.from({ length: Math.max(0, zeros) }, () => '0'), ...tail].slice(0, 4).map((group) => group.toLowerCase().replace(/^0+(?=.)/, '')).join(':');
}

/** Whether two addresses are most likely of one customer of a network: IPv6 of one /64, IPv4 of one /24. */
export function sameNetwork(a: string, b: string): boolean {
  if (a === b) return true;
  if (isIPv4(a) && isIPv4(b)) return a.slice(0, a.lastIndexOf('.')) === b.slice(0, b.lastIndexOf('.'));
  return isIPv6(a) && isIPv6(b) && !a.includes('.') && !b.includes('.') && prefixOf(a) === prefixOf(b);
}
