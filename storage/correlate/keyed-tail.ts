import type { ControlStream } from '../../contracts/event-log.ts';
import { isAhead, parseSnapshot } from './correlator-state.ts';
import type { KeyedSnapshot } from './correlator-state.ts';

const READ_ENTRIES = 512;

/** One partition's snapshots in the control stream, as far as it was read. */
export interface KeyedTail {
  /** The one that is ahead of all others. */
  readonly best: { readonly offset: number; readonly snapshot: KeyedSnapshot } | undefined;
  /** Whether an entry that is behind `best` stands after it: who trims the stream may take that for the newest. */
  readonly isShadowed: boolean;
  /** Entries of any key behind `best`: what it keeps from being trimmed. */
  readonly behind: number;
  /** Reads to the stream's present end. */
  refresh(): Promise<void>;
}

export function openKeyedTail(control: ControlStream, partition: number): KeyedTail {
  const key = `keyed/${partition}`;
  let cursor = 0;
  let newestOffset = -1;
  let best: KeyedTail['best'];
  return {
    get best() {
      return best;
    },
    get isShadowed() {
      return best !== undefined && newestOffset > best.offset;
    },
    get behind() {
      return best === undefined ? 0 : cursor - 1 - best.offset;
    },
    async refresh() {
      for (;;) {
        const entries = await control.read(cursor, READ_ENTRIES);
        for (const { offset, key: entryKey, value } of entries) {
          if (entryKey !== key) continue;
          const snapshot = parseSnapshot(value, `control offset ${offset}`);
          newestOffset = offset;
          // Of equals the newest: the others may be trimmed.
          if (best === undefined || !isAhead(best.snapshot, snapshot)) best = { offset, snapshot };
        }
        cursor = Math.max(cursor, (entries.at(-1)?.offset ?? -1) + 1);
        if (entries.length < READ_ENTRIES) return;
      }
    },
  };
}
