import { isIP } from 'node:net';

/** What is wrong with a network in CIDR notation, IPv4 or IPv6; an address alone is a network of one. */
export function networkProblem(network: string): { readonly message: string; readonly hint?: string } | undefined {
  const [address = '', prefix, ...rest] = network.split('/');
  const version = isIP(address);
  if (version === 0 || address.includes('%') || rest.length > 0) return { message: 'this is no network in CIDR notation', hint: 'like 10.0.0.0/8 or 2001:db8::/32' };
  const bits = version === 4 ? 32 : 128;
  if (prefix === undefined) return undefined;
  if (!/^\d{1,3}$/.test(prefix) || Number(prefix) > bits) return { message: `the prefix of this network must be from 0 to ${bits}` };
  if (!hasHostBits(address, version, Number(prefix))) return undefined;
  return { message: `this address has bits beyond the prefix of ${prefix}`, hint: 'write the first address of the network' };
}

/** Whether the address is not the first of its network. */
function hasHostBits(address: string, version: number, prefix: number): boolean {
  const bits = version === 4 ? 32n : 128n;
  const hostBits = bits - BigInt(prefix);
  return (numberOf(address, version) & ((1n << hostBits) - 1n)) !== 0n;
}

/** The address as a number. The platform has checked its form. */
function numberOf(address: string, version: number): bigint {
  if (version === 4) return address.split('.').reduce((sum, part) => (sum << 8n) | BigInt(part), 0n);
  const embedded = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(address);
  const low = embedded === null ? 0n : numberOf(embedded[2] ?? '', 4);
  const plain = embedded === null ? address : `${embedded[1] ?? ''}${(low >> 16n).toString(16)}:${(low & 0xffffn).toString(16)}`;
  const [head = '', tail] = plain.split('::');
  const groups = (side: string): string[] => (side === '' ? [] : side.split(':'));
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const middle = tail === undefined ? [] : Array.from({ length: 8 - before.length - after.length }, () => '0');
  return [...before, ...middle, ...after].reduce((sum, group) => (sum << 16n) | BigInt(`0x${group}`), 0n);
}
