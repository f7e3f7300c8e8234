import { isAhead } from '../../contracts/control.ts';
import type { KeyedRecord, ReleaseRecord } from '../../contracts/control.ts';
import type { ControlEntry, ControlStream } from '../../contracts/event-log.ts';
import { parseControl } from './control-tail.ts';

const READ_ENTRIES = 512;

export interface ControlRelease {
  /**
   * Says on the stream that nobody needs the partition's entries below `before`, then trims what all partitions, those
   * of other workers too, have let go of. May be called again after any failure.
   */
  release(partition: number, before: number): Promise<void>;
}

/** The best snapshot of a partition of the second stage, and where it begins: with its first piece. */
interface KeyedStart extends Pick<KeyedRecord, 'epoch' | 'next'> {
  readonly start: number;
}

/** Undefined when it cannot be read: its correlator stops at it, and says so. */
function keyedStart({ offset, value }: ControlEntry): KeyedStart | undefined {
  try {
    // Only correlators write these keys. Once they counted no epochs, and held all in one entry.
    const { epoch = 0, next, memory } = JSON.parse(value) as Partial<KeyedRecord> & Pick<KeyedRecord, 'next' | 'memory'>;
    return { epoch, next, start: memory.reduce((start, piece) => (typeof piece === 'number' ? Math.min(start, piece) : start), offset) };
  } catch {
    return undefined;
  }
}

/**
 * The stream is shared by all partitions and by the second stage, whose best snapshot of each of its partitions
 * (`keyed/<p>`) always stays with its pieces. A release is true for ever, so the highest counts, whoever wrote it and
 * when. The trim never passes a partition's newest release record: that stands behind what it lets go of.
 */
export function createControlRelease(control: ControlStream, partitions: number): ControlRelease {
  const released = new Map<number, number>();
  const keyed = new Map<string, KeyedStart>();
  let cursor = 0;
  let trimmed = 0;

  /** Of equals the newest. */
  function takeKeyed(owner: string, entry: ControlEntry): void {
    const found = keyedStart(entry);
    const best = keyed.get(owner);
    if (found !== undefined && (best === undefined || !isAhead(best, found))) keyed.set(owner, found);
  }

  async function fold(): Promise<void> {
    for (;;) {
      const entries = await control.read(cursor, READ_ENTRIES);
      for (const entry of entries) {
        const [kind, owner = ''] = entry.key.split('/');
        if (kind === 'keyed') takeKeyed(owner, entry);
        if (kind !== 'release') continue;
        const { partition, before } = parseControl<ReleaseRecord>(entry, 'release');
        released.set(partition, Math.max(before, released.get(partition) ?? 0));
      }
      cursor = Math.max(cursor, (entries.at(-1)?.offset ?? -1) + 1);
      if (entries.length < READ_ENTRIES) return;
    }
  }

  return {
    async release(partition, before) {
      const record: ReleaseRecord = { type: 'release', partition, before };
      await control.append(`release/${partition}`, JSON.stringify(record));
      await fold();
      if (released.size < partitions) return;
      const needed = Math.min(...released.values(), ...Array.from(keyed.values(), ({ start }) => start));
      if (needed <= trimmed) return;
      await control.trim(needed);
      trimmed = needed;
    },
  };
}
