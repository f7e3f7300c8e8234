import { isIP } from 'node:net';

/** Entries that are neither an address nor a network. Whom everybody may name (`/0`) nobody is to believe. */
export function wrongProxies(proxies: readonly string[]): readonly string[] {
  return proxies.filter((proxy) => {
    const [address = '', prefix = '1', ...rest] = proxy.split('/');
    const version = address.includes('%') ? 0 : isIP(address);
    return version === 0 || rest.length > 0 || !/^[1-9][0-9]{0,2}$/.test(prefix) || Number(prefix) > (version === 4 ? 32 : 128);
  });
}
