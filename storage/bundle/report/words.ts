import type { Entity, ScopeDeed } from '../../../contracts/scope.ts';
import { touches, touchOf } from '../../scope/touched-people.ts';
import type { Touch } from '../../scope/touched-people.ts';

/** How the report says what machines write. */

/** What a deed did to data; `other` when it failed or touched none. */
export const EFFECTS = ['read', 'changed', 'exported', 'sent out', 'other'] as const;
export type Effect = (typeof EFFECTS)[number];

const EFFECT_OF: Readonly<Record<Touch, Effect>> = { read: 'read', changed: 'changed', exported: 'exported', sentOut: 'sent out' };

export function effectOf(deed: Pick<ScopeDeed, 'how' | 'outcome'>): Effect {
  return deed.how === '' || !touches(deed) ? 'other' : EFFECT_OF[touchOf(deed.how)];
}

const FAMILIES: Readonly<Record<string, string>> = { phi: 'health', pii: 'personal', pci: 'payment card', fin: 'financial', secret: 'credential', ip: 'business secret', ai: 'AI' };

/** `phi.diagnosis` as `health: diagnosis`. */
export function className(name: string): string {
  const [family = '', ...rest] = name.split('.');
  const known = Object.hasOwn(FAMILIES, family) ? FAMILIES[family] : undefined;
  return known === undefined || rest.length === 0 ? name : `${known}: ${rest.join(' ').replaceAll('_', ' ')}`;
}

const KINDS: Readonly<Record<Entity['kind'], string>> = { actor: 'account', session: 'session', address: 'address', key: 'key', plugin: 'plugin', destination: 'destination' };

export function entityName({ kind, value, at }: Entity): string {
  return `${KINDS[kind]} ${value}${at === undefined ? '' : ` from ${at}`}`;
}

/** `2026-11-20 10:00:00 UTC`. */
export function time(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** `2026-11-20 10:00`, for tables: UTC. */
export function minute(atMs: number): string {
  return time(atMs).slice(0, 16);
}

/** `12,345`: not of the machine's locale, or equal input would not give equal bytes. */
export function count(value: number): string {
  return String(value).replace(/\B(?=(\d{3})+$)/g, ',');
}

/** `1 person`, `12,345 persons`. */
export function counted(value: number, one: string, many = `${one}s`): string {
  return `${count(value)} ${value === 1 ? one : many}`;
}

export function percent(share: number): string {
  return `${Math.round(share * 100)} %`;
}

/** `a, b and c`. */
export function listed(parts: readonly string[]): string {
  const [last = '', ...before] = parts.toReversed();
  return before.length === 0 ? last : `${before.toReversed().join(', ')} and ${last}`;
}

export function shortened(text: string, length: number): string {
  const characters = Array.from(text);
  return characters.length <= length ? text : `${characters.slice(0, length - 1).join('')}…`;
}
