import type { ControlStream } from '../contracts/event-log.ts';

/**
 * The control stream is shared by all partitions, so it may be trimmed only behind the slowest of them. Holds what each
 * has let go of.
 */
export function createControlTrimmer(control: ControlStream, partitions: number): (partition: number, before: number) => Promise<void> {
  const released = new Map<number, number>();
  return async (partition, before) => {
    released.set(partition, Math.max(before, released.get(partition) ?? 0));
    if (released.size === partitions) await control.trim(Math.min(...released.values()));
  };
}
