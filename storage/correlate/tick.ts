import type { PartitionedLog } from '../../contracts/event-log.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';
import { OBSERVATION_STREAM } from './observation-publisher.ts';
import { sealedRecord } from './sealed-record.ts';
import type { Seal } from './sealed-record.ts';

export interface TickDeps {
  readonly partition: number;
  /** `observations` of the event log. */
  readonly log: PartitionedLog;
  readonly seal: Seal;
  readonly nowMs: number;
}

/** Tells a partition of the second stage that all received before `tick` (Unix ms) was observed; durable when it resolves. */
export async function appendTick({ partition, log, seal, nowMs }: TickDeps, tick: number): Promise<void> {
  const record = await sealedRecord(seal, SYSTEM_SITE, { stream: OBSERVATION_STREAM, received_at: nowMs, framing: 'plain', lines: 0, tick }, Buffer.alloc(0));
  await log.appendTo(partition, 'tick', record);
}
