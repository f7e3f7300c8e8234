import type { PartitionedLog } from '../../contracts/event-log.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { Observation } from '../../contracts/observation.ts';
import { observationPartition } from '../../contracts/observation.ts';
import type { GroupRange } from '../../contracts/store.ts';
import { bodiesOf } from './line-bodies.ts';
import { sealedRecord } from './sealed-record.ts';
import type { Seal } from './sealed-record.ts';

export const OBSERVATION_STREAM = 'observations';

export interface ObservationPublisher {
  /**
   * Tells a group's observations to the second stage, and the version of the rule set they were made with; durable when
   * it resolves. When it rejects, some may have been told: call it again with the same arguments, before the group after.
   */
  publish(range: GroupRange, rules: string, observations: readonly Observation[]): Promise<void>;
}

export interface ObservationPublisherDeps {
  /** `observations` of the event log. */
  readonly log: PartitionedLog;
  readonly seal: Seal;
  readonly clock: { nowMs(): number };
}

export function createObservationPublisher({ log, seal, clock }: ObservationPublisherDeps): ObservationPublisher {
  return {
    async publish({ partition, first, last }, rules, observations) {
      // Not before what is told, also where clocks differ: a finding of it is received then.
      const receivedAt = observations.reduce((ms, o) => Math.max(ms, o.received_at), clock.nowMs());
      const appends: Promise<unknown>[] = [];
      for (const [to, mine] of Map.groupBy(observations, (o) => observationPartition(o, log.partitions))) {
        for (const [part, { lines, body }] of bodiesOf(mine.map((o) => JSON.stringify(o))).entries()) {
          const observed = { partition, first, last, rules, ...(part === 0 ? {} : { part }) };
          const record = await sealedRecord(seal, SYSTEM_SITE, { stream: OBSERVATION_STREAM, received_at: receivedAt, framing: 'plain', lines, observed }, body);
          const append = log.appendTo(to, String(partition), record);
          append.catch(() => {}); // Met below; one that fails while another record is sealed may do so unheard.
          appends.push(append);
        }
      }
      await Promise.all(appends);
    },
  };
}
