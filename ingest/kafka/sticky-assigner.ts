/** What a member of the group says it owns, as of the generation it last took part in. */
export interface Claim {
  readonly memberId: string;
  readonly generation: number;
  readonly owned: readonly number[];
}

/**
 * Shares partitions 0 to `partitions - 1` out: each to exactly one member, the counts differ by one at most, and as few
 * partitions as possible leave the member that owned them. The same claims give the same answer in any order. Of two that
 * claim a partition the one of the later generation had it last.
 */
export function assignSticky(claims: readonly Claim[], partitions: number): ReadonlyMap<string, readonly number[]> {
  const kept = keptBy(claims, partitions);
  // Who has most may have the larger share: whatever is above its share must move.
  const members = [...kept.keys()].toSorted((a, b) => countOf(kept, b) - countOf(kept, a) || (a < b ? -1 : 1));
  const share = Math.floor(partitions / members.length);
  const larger = partitions % members.length;
  const assigned = new Map(members.map((member, i) => [member, (kept.get(member) ?? []).slice(0, i < larger ? share + 1 : share)]));
  const taken = new Set([...assigned.values()].flat());
  const free = Array.from({ length: partitions }, (_, p) => p).filter((p) => !taken.has(p));
  members.forEach((member, i) => {
    const owned = assigned.get(member) ?? [];
    owned.push(...free.splice(0, (i < larger ? share + 1 : share) - owned.length));
    owned.sort((a, b) => a - b);
  });
  return assigned;
}

function keptBy(claims: readonly Claim[], partitions: number): ReadonlyMap<string, readonly number[]> {
  const owner = new Map<number, string>();
  for (const { memberId, owned } of claims.toSorted((a, b) => b.generation - a.generation || (a.memberId < b.memberId ? -1 : 1))) {
    for (const partition of owned) {
      if (Number.isInteger(partition) && partition >= 0 && partition < partitions && !owner.has(partition)) owner.set(partition, memberId);
    }
  }
  const kept = new Map<string, number[]>(claims.map(({ memberId }) => [memberId, []]));
  for (const [partition, memberId] of [...owner].toSorted(([a], [b]) => a - b)) kept.get(memberId)?.push(partition);
  return kept;
}

function countOf(kept: ReadonlyMap<string, readonly number[]>, member: string): number {
  return kept.get(member)?.length ?? 0;
}
