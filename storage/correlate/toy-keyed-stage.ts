import type { KeyedStage } from '../../contracts/keyed-stage.ts';

/** A keyed stage in a few lines: each third observation of a value is a finding that says all it was made of. */
export function createToyKeyedStage(version = 'toy/1'): KeyedStage {
  return {
    version,
    begin(snapshot) {
      // Written by `snapshot` below.
      const leaves = new Map<string, readonly string[]>((snapshot as readonly (readonly [string, readonly string[]])[] | undefined) ?? []);
      return {
        observe({ value, site, leaf }) {
          const all = [...(leaves.get(value) ?? []), `${site}/${leaf}`];
          leaves.set(value, all.slice(-2));
          return all.length === 3 ? [JSON.stringify({ event: { kind: 'alert', id: `${value} ${all.join(' ')}` } })] : [];
        },
        snapshot: () => [...leaves],
        counts: () => ({ values: leaves.size, late: 0, evicted: 0 }),
      };
    },
  };
}
