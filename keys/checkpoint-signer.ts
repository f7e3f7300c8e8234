import { checkpointText, signNote } from '../contracts/checkpoint.ts';
import { KeysError } from './errors.ts';
import type { KeyRing } from './key-ring.ts';
import type { VaultStore } from './vault.ts';

export type CheckpointSigner = (site: string, size: number, root: Buffer) => Promise<string>;

/** Refuses a smaller tree and a second root of the same size: what is signed is remembered before it is given out. */
export function checkpointSigner(ring: KeyRing, memory: VaultStore, now: () => number): CheckpointSigner {
  const turns = new Map<string, Promise<unknown>>();
  const sign: CheckpointSigner = async (site, size, root) => {
    const last = memory.lastCheckpoint(site);
    if (last !== undefined && (size < last.size || (size === last.size && !root.equals(last.root)))) throw new KeysError('TQ-KEYS-05', `signed before: size ${last.size}`);
    if (last === undefined || size > last.size) await memory.rememberCheckpoint(site, size, root);
    const origin = `${ring.deployment}/${site}`;
    return signNote(checkpointText({ origin, size, root, extensions: [] }), ring.deployment, ...ring.announced.signing(now()));
  };
  // One at a time for a site, or two roots could both be compared with the checkpoint before.
  return async (site, size, root) => {
    const turn = (turns.get(site) ?? Promise.resolve()).then(
      () => sign(site, size, root),
      () => sign(site, size, root),
    );
    turns.set(site, turn);
    try {
      return await turn;
    } finally {
      if (turns.get(site) === turn) turns.delete(site);
    }
  };
}
