import { isUtf8 } from 'node:buffer';

const MOST_CHARACTERS = 256;
/** Encodings around encodings that are taken off. */
const MOST_LAYERS = 3;

/**
 * Hosts and paths are no identifiers but may hold some: what looks like an e-mail address, a telephone, card or account
 * number, or a secret is replaced by `-`. As the plugin does it, so that both name a path alike: `vectors/redacted-text.ndjson`. In linear time, for anybody may send it.
 */
export function redactedText(text: string): string {
  const safe = decoded(text.slice(0, 4 * MOST_CHARACTERS))
    .replace(/\p{Cc}+/gu, ' ')
    .replace(/[^\s/@=&?]+(@[^\s/@=&?]+)?/gu, (word, domain?: string) => (domain === undefined ? word : '-'))
    .replace(/[A-Za-z0-9_-]{32,}/g, (run) => (/\d/.test(run) ? '-' : run))
    .replace(/[A-Za-z0-9]{20,}/g, (run) => (/\d/.test(run) ? /[A-Za-z]/.test(run) : run.length >= 32) ? '-' : run)
    .replace(/\+?\d(?:[ ().-]{0,2}\d){6,}/g, '-');
  return [...safe].slice(0, MOST_CHARACTERS).join('');
}

/** Percent escapes are taken off, byte by byte; what is no UTF-8 then keeps its ASCII alone. */
function decoded(text: string): string {
  let bytes = Buffer.from(text).toString('latin1');
  for (let layer = 0; layer < MOST_LAYERS && bytes.includes('%'); layer++) bytes = bytes.replace(/%([0-9A-Fa-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  const buffer = Buffer.from(bytes, 'latin1');
  return isUtf8(buffer) ? buffer.toString() : bytes.replace(/[^\x20-\x7e]/g, '?');
}

export interface RedactedAddress {
  readonly host: string;
  readonly path: string;
}

/**
 * Host and path of a web address: credentials, query and fragment are gone. Undefined for anything else. What is no letter,
 * digit or usual mark of a path becomes `-`: whoever makes up an address must not make up an attack with it.
 */
export function redactedAddress(text: unknown): RedactedAddress | undefined {
  if (typeof text !== 'string' || text.length > 8192) return undefined;
  const url = URL.parse(text);
  if (url === null || !/^(?:https?|wss?):$/.test(url.protocol) || url.hostname === '') return undefined;
  return { host: redactedText(url.hostname), path: redactedText(url.pathname).replace(/[^\p{L}\p{N}/._~-]/gu, '-') };
}
