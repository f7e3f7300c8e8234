import { createClient } from '@clickhouse/client';
import type { StorageAccess } from './connections.ts';

const NEWEST = 'SELECT site, argMax(note, size) AS note FROM checkpoints GROUP BY site';

export interface NewestCheckpoints {
  /** The newest signed note of a site, as of a moment ago. */
  of(site: string): string | undefined;
  close(): Promise<void>;
}

/** Follows the store's checkpoints, so that answers to shippers can carry them; a store that is away only makes them older. */
export function followCheckpoints(access: Promise<StorageAccess>, everyMs: number): NewestCheckpoints {
  let notes: ReadonlyMap<string, string> = new Map();
  const client = access.then((a) => createClient({ url: a.url, username: a.user, password: a.password, database: 'tourniquet' }));
  client.catch(() => undefined);
  let busy = false;
  const refresh = async (): Promise<void> => {
    if (busy) return;
    busy = true;
    try {
      const answer = await (await client).query({ query: NEWEST, format: 'JSONEachRow' });
      notes = new Map((await answer.json<{ site: string; note: string }>()).map((row) => [row.site, row.note]));
    } catch {
      // The next round tries again.
    } finally {
      busy = false;
    }
  };
  const timer = setInterval(() => void refresh(), everyMs);
  return {
    of: (site) => notes.get(site),
    async close() {
      clearInterval(timer);
      await client.then((c) => c.close()).catch(() => undefined);
    },
  };
}
