import type { ReleaseRecord } from '../../contracts/control.ts';
import type { ControlStream } from '../../contracts/event-log.ts';
import { parseControl } from './control-tail.ts';

const READ_ENTRIES = 512;

export interface ControlRelease {
  /**
   * Says on the stream that nobody needs the partition's entries below `before`, then trims what all partitions, those
   * of other workers too, have let go of. May be called again after any failure.
   */
  release(partition: number, before: number): Promise<void>;
}

/**
 * The stream is shared by all partitions and by the second stage, whose newest snapshot of each of its partitions
 * (`keyed/<p>`) always stays. A release is true for ever, so the highest counts, whoever wrote it and when. The trim never
 * passes a partition's newest release record: that stands behind what it lets go of.
 */
export function createControlRelease(control: ControlStream, partitions: number): ControlRelease {
  const released = new Map<number, number>();
  const keyed = new Map<string, number>();
  let cursor = 0;
  let trimmed = 0;

  async function fold(): Promise<void> {
    for (;;) {
      const entries = await control.read(cursor, READ_ENTRIES);
      for (const entry of entries) {
        const [kind, owner = ''] = entry.key.split('/');
        if (kind === 'keyed') keyed.set(owner, Math.max(entry.offset, keyed.get(owner) ?? 0));
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
      const needed = Math.min(...released.values(), ...keyed.values());
      if (needed <= trimmed) return;
      await control.trim(needed);
      trimmed = needed;
    },
  };
}
