import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { openAudit } from '../../keys/audit.ts';
import { segmentsOf } from '../../keys/audit-chain.ts';
import { auditDirectory } from '../../keys/server.ts';
import { openVaultStore } from '../../keys/vault.ts';
import type { Tombstone } from './tombstone.ts';

/**
 * Erases again, in a keys directory that nobody serves from, what was erased after it was copied. Its own audit tells how
 * old it is: the last act on it. An erasure counts as made there when its `done` is not younger than that. Resolves with
 * the number of erasures that were made; each stands on the audit.
 */
export async function replayErasures(keysDirectory: string, tombstones: readonly Tombstone[]): Promise<number> {
  const vaultDirectory = path.join(keysDirectory, 'vault');
  if (!existsSync(vaultDirectory)) return 0;
  const asOfMs = lastActMs(auditDirectory(keysDirectory));
  const done = new Set(tombstones.filter(({ state, atMs }) => state === 'done' && atMs <= asOfMs).map(({ id }) => id));
  const asked = tombstones.filter(({ state }) => state === 'asked');
  // An erasure took all there was when it was asked for: also what one before it, that was broken off, was to take.
  const takenMs = new Map<string, number>();
  for (const one of asked) if (done.has(one.id)) takenMs.set(nameOf(one), Math.max(one.atMs, takenMs.get(nameOf(one)) ?? 0));
  const missing = new Map(asked.filter((one) => !done.has(one.id) && one.atMs > (takenMs.get(nameOf(one)) ?? -1)).map((one) => [nameOf(one), one]));
  if (missing.size === 0) return 0;
  await using audit = openAudit(auditDirectory(keysDirectory));
  await using vault = openVaultStore(vaultDirectory);
  let replayed = 0;
  for (const { site, token } of missing.values()) {
    if (vault.linked(site, token) === 0) continue;
    await vault.erase(site, token);
    await audit.record({ role: 'restore', operation: 'vault-erase', site, reason: 'an erasure that was made after this copy of the keys', outcome: 'done' });
    replayed++;
  }
  return replayed;
}

function nameOf({ site, token }: Tombstone): string {
  return `${site}/${token}`;
}

/** Unix ms of the last act on the keys; 0 when there is none that can be read. */
function lastActMs(directory: string): number {
  const newest = segmentsOf(directory).at(-1);
  const lines = newest === undefined ? [] : readFileSync(path.join(directory, newest), 'utf8').split('\n').slice(0, -1);
  try {
    const entry: unknown = JSON.parse(lines.at(-1) ?? '');
    const at = typeof entry === 'object' && entry !== null && 'at' in entry && typeof entry.at === 'string' ? Date.parse(entry.at) : 0;
    return Number.isNaN(at) ? 0 : at;
  } catch {
    return 0;
  }
}
