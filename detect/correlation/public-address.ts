import { BlockList, isIP } from 'node:net';

/** Addresses that mean another machine at each site: private, shared, loopback, link-local (RFC 6890). */
const LOCAL = new BlockList();
for (const [net, prefix] of [['0.0.0.0', 8], ['10.0.0.0', 8], ['100.64.0.0', 10], ['127.0.0.0', 8], ['169.254.0.0', 16], ['172.16.0.0', 12], ['192.168.0.0', 16]] as const) LOCAL.addSubnet(net, prefix, 'ipv4');
for (const [net, prefix] of [['::', 127], ['fc00::', 7], ['fe80::', 10]] as const) LOCAL.addSubnet(net, prefix, 'ipv6');

/** Whether an address names the same machine wherever it is seen. Sites behind a proxy of their own often log its address. */
export function isPublicAddress(address: string): boolean {
  const family = isIP(address);
  return family !== 0 && !LOCAL.check(address, family === 4 ? 'ipv4' : 'ipv6');
}
