import type { PartitionPlace } from './ingress-source.ts';

export interface StartingPoint {
  readonly from: number;
  /** `certain`: the group stood below. Otherwise it has no position, and nobody knows how much of this was bridged. */
  readonly lost: { readonly from: number; readonly to: number; readonly certain: boolean } | undefined;
  /** `committed`: goes on; `first`: the group has no position here; `recreated`: it has one of a topic that is gone. */
  readonly reason: 'committed' | 'first' | 'recreated';
}

/**
 * Where to go on in a partition. Undefined when the group stands behind the partition's end: right after a new leader
 * was elected that passes, otherwise records were cut off and their offsets will be given again.
 *
 * A position without an id was set by an operator's tool and is believed. An operator's position further back makes
 * everything come again, which is stored once.
 */
export function startingPoint({ topicId, committed, first, next }: PartitionPlace): StartingPoint | undefined {
  if (committed === undefined || (committed.topicId !== '' && committed.topicId !== topicId)) {
    return { from: first, lost: first === 0 ? undefined : { from: 0, to: first - 1, certain: false }, reason: committed === undefined ? 'first' : 'recreated' };
  }
  if (committed.next > next) return undefined;
  if (committed.next >= first) return { from: committed.next, lost: undefined, reason: 'committed' };
  return { from: first, lost: { from: committed.next, to: first - 1, certain: true }, reason: 'committed' };
}
