import { hash } from 'node:crypto';
import { letters } from './letters.ts';

/**
 * `alert_` and 32 letters a to p from SHA-256 of site, what it is about, and rule: the same on every derivation and try.
 * It is about a leaf; of an event that has an id of its own, about that id, and so equal for the same finding found again.
 */
export function alertId(site: string, about: number | { readonly id: string }, rule: string): string {
  const place = typeof about === 'number' ? String(about) : `id ${about.id}`;
  return `alert_${letters(hash('sha256', `tourniquet/alert/v1\n${site}\n${place}\n${rule}\n`, 'buffer'))}`;
}
