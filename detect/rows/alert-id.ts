import { hash } from 'node:crypto';

const LETTERS = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15)));

/**
 * `alert_` and 32 letters a to p from SHA-256 of site, what it is about, and rule: the same on every derivation and try.
 * It is about a leaf; of an event that has an id of its own, about that id, and so equal for the same finding found again.
 */
export function alertId(site: string, about: number | { readonly id: string }, rule: string): string {
  const place = typeof about === 'number' ? String(about) : `id ${about.id}`;
  const bytes = hash('sha256', `tourniquet/alert/v1\n${site}\n${place}\n${rule}\n`, 'buffer');
  let id = 'alert_';
  for (let i = 0; i < 16; i++) id += LETTERS[bytes[i] ?? 0] ?? '';
  return id;
}
