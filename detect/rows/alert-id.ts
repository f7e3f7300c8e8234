import { hash } from 'node:crypto';

const LETTERS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15)));

/** `alert_` and 32 letters a to p from SHA-256 of site, leaf and rule: the same on every derivation and try. */
export function alertId(site: string, leaf: number, rule: string): string {
  const bytes = hash('sha256', `tourniquet/alert/v1\n${site}\n${leaf}\n${rule}\n`, 'buffer');
  let id = 'alert_';
  for (let i = 0; i < 16; i++) id += LETTERS[bytes[i] ?? 0] ?? '';
  return id;
}
