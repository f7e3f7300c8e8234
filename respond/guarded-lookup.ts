import { lookup as systemLookup } from 'node:dns';
import type { LookupAddress } from 'node:dns';
import { isIP } from 'node:net';
import type { LookupFunction } from 'node:net';
import { addressAllowed } from './address-guard.ts';
import { RespondError } from './errors.ts';

/** All addresses of a host name. */
export type Resolve = (host: string) => Promise<readonly LookupAddress[]>;

export const resolveHost: Resolve = (host) => new Promise((resolve, reject) => {
  systemLookup(host, { all: true }, (error, addresses) => (error === null ? resolve(addresses) : reject(error)));
});

/**
 * Resolves the name itself and hands exactly the addresses it has judged to the socket, so that a name which changes its
 * answer between check and use gains nothing. One wrong address refuses all: such a name is an attack or a mistake.
 */
export function guardedLookup(resolve: Resolve, allowPrivate: boolean): LookupFunction {
  return (host, options, callback) => {
    resolve(host).then((addresses) => {
      const first = addresses[0];
      if (first === undefined) return callback(new RespondError('TQ-RESPOND-04'), '');
      if (addresses.some((a) => !addressAllowed(a.address, allowPrivate))) return callback(new RespondError('TQ-RESPOND-03'), '');
      return options.all === true ? callback(null, [...addresses]) : callback(null, first.address, first.family);
    }, (cause: unknown) => callback(new RespondError('TQ-RESPOND-04', '', { cause }), ''));
  };
}

/** A literal address never reaches the look-up. */
export function isRefusedLiteral(url: URL, allowPrivate: boolean): boolean {
  const literal = url.hostname.replace(/^\[|\]$/g, '');
  return isIP(literal) !== 0 && !addressAllowed(literal, allowPrivate);
}
