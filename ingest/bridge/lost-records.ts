import { SYSTEM_SITE } from '../../contracts/names.ts';
import type { IngressBlock } from './ingress-block.ts';
import type { StartingPoint } from './starting-point.ts';

/**
 * The trail's word about records of the ingress topic that were deleted before they were bridged: an event of the
 * `_system` site in the stream of the partition's dead letters. It stands at the last lost offset, so that it is stored
 * once however often it is written, and not at all when later lines of that stream show the range was passed before.
 */
export function lostBlock(stream: string, partition: number, { from, to, certain }: NonNullable<StartingPoint['lost']>, nowMs: number): IngressBlock {
  const event = {
    '@timestamp': new Date(nowMs).toISOString(),
    event: { kind: 'event', category: ['process'], action: 'ingress-records-lost', outcome: certain ? 'failure' : 'unknown' },
    labels: { ingress_stream: stream, ingress_partition: String(partition), first_offset: String(from), last_offset: String(to) },
  };
  return { site: SYSTEM_SITE, stream, body: Buffer.from(`${JSON.stringify(event)}\n`), lines: 1, runs: [[to, 1, 1]], rejects: [], deadLetters: 0 };
}
