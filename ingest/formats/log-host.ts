import { isIP, isIPv6 } from 'node:net';

/** A client as logs write it: an address (also `::ffff:192.0.2.7`, in brackets, with a port), or a host's name. */
export interface LogHost {
  readonly ip?: string;
  readonly address?: string;
  readonly port?: number;
}

const MAPPED = /^::ffff:([0-9.]{7,15})$/i;

export function logHost(text: string): LogHost | undefined {
  if (text === '' || text === '-' || text.length > 255) return undefined;
  const bare = addressOf(text);
  if (bare !== undefined) return { ip: bare };
  const withPort = /^(?:\[([^\]]+)\]|([^:]+)):([0-9]{1,5})$/.exec(text);
  if (withPort === null) return { address: text };
  const host = withPort[1] ?? withPort[2] ?? '';
  const ip = addressOf(host);
  return { ...(ip === undefined ? { address: host } : { ip }), port: Number(withPort[3]) };
}

function addressOf(text: string): string | undefined {
  const mapped = MAPPED.exec(text)?.[1] ?? text;
  return isIP(mapped) === 4 || (isIPv6(mapped) && !mapped.includes('%')) ? mapped : undefined;
}

/** 16 bytes as hex, as databases keep addresses; IPv4 stands in the last four behind `::ffff:`. */
export function hexAddress(hex: string): string | undefined {
  if (!/^[0-9a-f]{32}$/i.test(hex)) return undefined;
  if (/^0{20}f{4}/i.test(hex)) return [...Buffer.from(hex.slice(24), 'hex')].join('.');
  // The usual short form, so that it equals what other logs write.
  return new URL(`http://[${(hex.match(/.{4}/g) ?? []).join(':')}]`).hostname.slice(1, -1);
}
