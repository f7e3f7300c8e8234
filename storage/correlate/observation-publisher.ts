import type { PartitionedLog } from '../../contracts/event-log.ts';
import { MAX_BLOCK_BYTES } from '../../contracts/limits.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { Observation } from '../../contracts/observation.ts';
import { observationPartition } from '../../contracts/observation.ts';
import type { GroupRange } from '../../contracts/store.ts';
import { sealedRecord } from './sealed-record.ts';
import type { Seal } from './sealed-record.ts';

export const OBSERVATION_STREAM = 'observations';

export interface ObservationPublisher {
  /**
   * Tells a group's observations to the second stage; durable when it resolves. When it rejects, some may have been told:
   * call it again with the same observations, before the group after.
   */
  publish(range: GroupRange, observations: readonly Observation[]): Promise<void>;
}

export interface ObservationPublisherDeps {
  /** `observations` of the event log. */
  readonly log: PartitionedLog;
  readonly seal: Seal;
  readonly clock: { nowMs(): number };
}

interface Part {
  readonly lines: readonly string[];
  readonly body: Buffer;
}

/** Cut by bytes alone, so that every try cuts alike. */
function partsOf(observations: readonly Observation[]): readonly Part[] {
  const parts: Part[] = [];
  let lines: string[] = [];
  let bytes = 0;
  const cut = (): void => {
    parts.push({ lines, body: Buffer.from(lines.join('')) });
    lines = [];
    bytes = 0;
  };
  for (const observation of observations) {
    const line = `${JSON.stringify(observation)}\n`;
    const lineBytes = Buffer.byteLength(line);
    if (bytes > 0 && bytes + lineBytes > MAX_BLOCK_BYTES) cut();
    lines.push(line);
    bytes += lineBytes;
  }
  if (lines.length > 0) cut();
  return parts;
}

export function createObservationPublisher({ log, seal, clock }: ObservationPublisherDeps): ObservationPublisher {
  return {
    async publish({ partition, first, last }, observations) {
      // Not before what is told, also where clocks differ: a finding of it is received then.
      const receivedAt = observations.reduce((ms, o) => Math.max(ms, o.received_at), clock.nowMs());
      const appends: Promise<unknown>[] = [];
      for (const [to, mine] of Map.groupBy(observations, (o) => observationPartition(o, log.partitions))) {
        for (const [part, { lines, body }] of partsOf(mine).entries()) {
          const observed = { partition, first, last, ...(part === 0 ? {} : { part }) };
          const record = await sealedRecord(seal, SYSTEM_SITE, { stream: OBSERVATION_STREAM, received_at: receivedAt, framing: 'plain', lines: lines.length, observed }, body);
          const append = log.appendTo(to, String(partition), record);
          append.catch(() => {}); // Met below; one that fails while another record is sealed may do so unheard.
          appends.push(append);
        }
      }
      await Promise.all(appends);
    },
  };
}
