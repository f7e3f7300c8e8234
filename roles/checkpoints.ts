import { verifiersAt } from '../contracts/announced-key.ts';
import type { PublicKeys } from '../contracts/keys.ts';
import { openCheckpoint } from '../storage/anchor/signed-checkpoint.ts';
import type { SignedCheckpoint } from '../storage/anchor/signed-checkpoint.ts';
import { storedCheckpoints } from '../storage/anchor/stored-checkpoints.ts';
import { readingClient } from './connections.ts';
import type { StorageAccess } from './connections.ts';

/** Rows may come late to a replica, and workers' clocks differ. Looking only so far back spares reading the months before. */
const LOOK_BACK_MS = 86_400_000;

export interface NewestCheckpoints {
  /** The newest signed note of a site, as of a moment ago. */
  of(site: string): string | undefined;
  close(): Promise<void>;
}

/**
 * Follows the store's checkpoints, so that answers to shippers can carry them; a store that is away only makes them older.
 * One that no announced key signed is passed over: shippers would go on echoing it.
 */
export function followCheckpoints(access: Promise<StorageAccess>, keys: Pick<PublicKeys, 'checkpointVerifiers'>, everyMs: number): NewestCheckpoints {
  const newest = new Map<string, SignedCheckpoint>();
  let sinceMs = 0;
  const client = access.then((a) => readingClient(a));
  client.catch(() => undefined);
  let busy = false;
  const refresh = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const startMs = Date.now();
      const grown = (await storedCheckpoints(await client).newest(sinceMs)).filter(({ site, size }) => size > (newest.get(site)?.size ?? -1));
      const verifiers = grown.length === 0 ? [] : verifiersAt(await keys.checkpointVerifiers());
      for (const { site, size, note } of grown) {
        const signed = openCheckpoint(note, verifiers);
        if (signed?.site === site && signed.size === size) newest.set(site, signed);
      }
      sinceMs = startMs - LOOK_BACK_MS;
    } catch {
      // The next round tries again.
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void refresh(), everyMs);
  return {
    of: (site) => newest.get(site)?.note,
    async close() {
      clearInterval(timer);
      await client.then((c) => c.close()).catch(() => undefined);
    },
  };
}
