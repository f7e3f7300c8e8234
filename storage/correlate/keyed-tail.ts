import { isAhead } from '../../contracts/control.ts';
import type { ControlStream } from '../../contracts/event-log.ts';
import { parseSnapshot } from './correlator-state.ts';
import type { KeyedSnapshot } from './correlator-state.ts';

const READ_ENTRIES = 512;

export interface KeptSnapshot {
  readonly offset: number;
  readonly snapshot: KeyedSnapshot;
}

/** One partition's snapshots in the control stream, as far as it was read. */
export interface KeyedTail {
  /** The one that is ahead of all others; its pieces were there at the last refresh. */
  readonly best: KeptSnapshot | undefined;
  /** Entries of any key behind the first piece of `best`: what it keeps from being trimmed. */
  readonly behind: number;
  /** Reads to the stream's present end. */
  refresh(): Promise<void>;
}

/** Where what a snapshot needs begins in the stream. */
function startOf({ offset, snapshot }: KeptSnapshot): number {
  return Math.min(offset, ...snapshot.memory);
}

export function openKeyedTail(control: ControlStream, partition: number): KeyedTail {
  const key = `keyed/${partition}`;
  let cursor = 0;
  /** In the order of the stream. One is spared for the case that the pieces of a better one go while it is written. */
  let kept: readonly KeptSnapshot[] = [];
  let best: KeptSnapshot | undefined;
  return {
    get best() {
      return best;
    },
    get behind() {
      return best === undefined ? 0 : cursor - 1 - startOf(best);
    },
    async refresh() {
      for (;;) {
        const entries = await control.read(cursor, READ_ENTRIES);
        for (const { offset, key: entryKey, value } of entries) {
          if (entryKey !== key) continue;
          kept = [...kept, { offset, snapshot: parseSnapshot(value, `control offset ${offset}`) }];
        }
        cursor = Math.max(cursor, (entries.at(-1)?.offset ?? -1) + 1);
        if (entries.length < READ_ENTRIES) break;
      }
      const { first } = await control.bounds();
      kept = kept.filter((k) => startOf(k) >= first);
      // Of equals the newest: the others may be trimmed.
      best = kept.reduce<KeptSnapshot | undefined>((a, b) => (a === undefined || !isAhead(a.snapshot, b.snapshot) ? b : a), undefined);
    },
  };
}
