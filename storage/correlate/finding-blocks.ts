import type { Finding } from '../../contracts/keyed-stage.ts';
import { bodiesOf } from './line-bodies.ts';
import type { OwnHead } from './sealed-record.ts';

export interface FindingBlock {
  readonly site: string;
  readonly head: OwnHead;
  readonly body: Buffer;
}

/** Places of a record of observations: more blocks than its findings about one site can fill. Exact up to 2^41 records. */
const PLACES = 2 ** 12;

/**
 * Stream of a site that a partition's findings about it go to. No shipper can write to it: names of theirs begin with a
 * letter or digit. After a break equal findings can no longer be vouched for, so each epoch has a stream of its own.
 */
export function findingStream(partition: number, epoch: number): string {
  return `_correlation.${partition}.${epoch}`;
}

/** What an epoch itself has to say: stands before all findings. */
export const BEFORE_ALL = -1;

/**
 * Findings of the record of observations at `position`, for the trails of their sites. All follows from the arguments,
 * so whoever finds the same again (after a crash, at a takeover, two workers at once) writes the same lines at the
 * same places of their streams, and the committer stores a place once, as it does with the offsets of the ingress topic.
 */
export function findingBlocks(partition: number, epoch: number, position: number, findings: readonly Finding[], receivedAtMs: number): readonly FindingBlock[] {
  const stream = findingStream(partition, epoch);
  return [...Map.groupBy(findings, (f) => f.site)].flatMap(([site, mine]) =>
    bodiesOf(mine.map((f) => f.line)).map(({ lines, body }, part): FindingBlock => {
      const place = (position + 1) * PLACES + part;
      return { site, head: { stream, received_at: receivedAtMs, framing: 'plain', lines, ingress: { runs: [[place, 1, lines]] } }, body };
    }));
}
