import { createHash } from 'node:crypto';
import type { Trail } from '../contracts/trail.ts';
import type { Noted } from './noted.ts';

/** Acts of the product itself that nobody asked for by a command. Each is durable before its effect shows, and told once a change. */

/** Names in one act; what is beyond is only counted. */
const MOST_NAMES = 200;

function hashOf(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex');
}

/** Settings by their dotted names. */
function leavesOf(value: unknown, name: string): readonly (readonly [string, unknown])[] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [[name, value]];
  return Object.entries(value).flatMap(([key, inner]) => leavesOf(inner, name === '' ? key : `${name}.${key}`));
}

/** The names of settings whose values are others than last time. Only hashes of values are kept, and none goes on the trail. */
export async function noteConfiguration(noted: Noted, trail: Trail, role: string, config: unknown): Promise<void> {
  const hashes = Object.fromEntries(leavesOf(config, '').map(([name, value]) => [name, hashOf(value)]));
  const now = JSON.stringify(hashes);
  const name = `configuration of ${role}`;
  const before = noted.get(name);
  if (before === now) return;
  const known = new Map<string, unknown>(before === undefined ? [] : Object.entries(JSON.parse(before) as object)); // Our own file, read as a record of texts.
  const changed = before === undefined ? [] : [...new Set([...known.keys(), ...Object.keys(hashes)])].filter((key) => known.get(key) !== hashes[key]).toSorted();
  const hash = hashOf(hashes);
  await trail.write({
    action: before === undefined ? 'configuration-in-use' : 'configuration-changed', category: ['configuration'], outcome: 'success', id: `configuration ${role} ${hash}`,
    actor: { name: `role:${role}` }, target: { kind: 'option', name: 'configuration' }, about: { configuration: { hash, changed: changed.slice(0, MOST_NAMES), changes: changed.length } },
  });
  noted.set(name, now);
}

export async function noteRules(noted: Noted, trail: Trail, version: string): Promise<void> {
  const before = noted.get('rules');
  if (before === version) return;
  await trail.write({
    action: 'rules-put-to-use', category: ['configuration'], outcome: 'success', id: `rules ${version}`,
    actor: { name: 'role:worker' }, target: { kind: 'rule', name: version }, about: { rules: { version, ...(before === undefined ? {} : { before }) } },
  });
  noted.set('rules', version);
}
