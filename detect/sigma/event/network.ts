import { BlockList, isIP } from 'node:net';

/**
 * Whether an address lies in a network (`10.0.0.0/8`, `2001:db8::/32`, or an address alone). An IPv4 address written as
 * IPv6 (`::ffff:10.0.0.1`) is the IPv4 address. Throws a RangeError when the network is none.
 */
export function networkTest(network: string): (text: string) => boolean {
  const [address = '', prefix, ...more] = network.split('/');
  const family = isIP(address);
  const most = family === 4 ? 32 : 128;
  const bits = prefix === undefined ? most : Number(prefix);
  if (family === 0 || (prefix !== undefined && !/^[0-9]{1,3}$/.test(prefix)) || bits > most || more.length > 0) throw new RangeError('not a network in CIDR form');
  const list = new BlockList();
  list.addSubnet(address, bits, family === 4 ? 'ipv4' : 'ipv6');
  const fast = family === 4 ? inNetwork(address, bits) : holdsNone(list, address, bits);
  return (text) => {
    if (text.length > MOST_ADDRESS_UNITS) return false;
    const number = ipv4(text);
    if (number >= 0) return fast === undefined ? list.check(text, 'ipv4') : fast(number);
    return isIP(text) === 6 && list.check(text, 'ipv6');
  };
}

const MOST_ADDRESS_UNITS = 64;

/** Four decimal numbers as one, -1 when the text is no IPv4 address. */
function ipv4(text: string): number {
  let [address, part, digits, dots] = [0, 0, 0, 0];
  for (let i = 0; i < text.length; i++) {
    const unit = text.charCodeAt(i);
    if (unit === DOT) {
      if (digits === 0 || ++dots > 3) return -1;
      [address, part, digits] = [address * 256 + part, 0, 0];
      continue;
    }
    const digit = unit - ZERO;
    if (digit < 0 || digit > 9 || (digits > 0 && part === 0)) return -1;
    part = part * 10 + digit;
    digits++;
    if (part > 255) return -1;
  }
  return dots === 3 && digits > 0 ? address * 256 + part : -1;
}

const DOT = 46;
const ZERO = 48;

function inNetwork(address: string, bits: number): (number: number) => boolean {
  const size = 2 ** (32 - bits);
  const base = Math.floor(ipv4(address) / size);
  return (number) => Math.floor(number / size) === base;
}

/** Most IPv6 networks hold none of the IPv4 addresses, which stand in `::ffff:0:0/96`; undefined for those that do. */
function holdsNone(list: BlockList, address: string, bits: number): ((number: number) => boolean) | undefined {
  const mapped = new BlockList();
  mapped.addSubnet('::ffff:0:0', 96, 'ipv6');
  const overlaps = bits <= 96 ? list.check('::ffff:0:0', 'ipv6') : mapped.check(address, 'ipv6');
  return overlaps ? undefined : () => false;
}
