import type { Finding, KeyedRules, KeyedStage } from '../../contracts/keyed-stage.ts';
import { SYSTEM_SITE } from '../../contracts/names.ts';

/** How long a value may be silent. */
export const TOY_SILENCE_MS = 1_000;

interface Seen {
  /** The last two, as `site/leaf`. */
  readonly leaves: readonly string[];
  /** Receipt time of the last one; undefined once its silence was told. */
  readonly lastMs?: number;
}

interface ToySnapshot {
  readonly timeMs: number;
  readonly values: readonly (readonly [string, Seen])[];
}

function finding(rules: KeyedRules, what: string, leaves: readonly string[]): Finding {
  const sites = new Set(leaves.map((leaf) => leaf.split('/')[0] ?? ''));
  const [site = SYSTEM_SITE] = sites.size === 1 ? sites : [];
  return { site, line: JSON.stringify({ event: { kind: 'alert', id: `${rules.version} ${what} ${leaves.join(' ')}` } }) };
}

/**
 * A keyed stage in a few lines: each third observation of a value is a finding, and so is a value's silence; both say all
 * they are made of. Rule sets are called `r1`, `r2` and so on, in the order of their use.
 */
export function createToyKeyedStage(version = 'toy/1'): KeyedStage {
  return {
    version,
    rules: async (ruleSet) => ({ version: ruleSet, order: Number(ruleSet.slice(1)) }),
    begin(snapshot) {
      // Written by `snapshot` below.
      const { timeMs: beganMs, values } = (snapshot as ToySnapshot | undefined) ?? { timeMs: 0, values: [] };
      const seen = new Map(values);
      let timeMs = beganMs;
      let rules: KeyedRules | undefined;
      return {
        use(next) {
          if (rules === undefined || next.order > rules.order) rules = next;
        },
        observe({ value, site, leaf, received_at }) {
          if (rules === undefined) return [];
          const all = [...(seen.get(value)?.leaves ?? []), `${site}/${leaf}`];
          seen.set(value, { leaves: all.slice(-2), lastMs: received_at });
          return all.length === 3 ? [finding(rules, value, all)] : [];
        },
        advance(receivedAtMs) {
          timeMs = Math.max(timeMs, receivedAtMs);
          const found: Finding[] = [];
          for (const [value, { leaves, lastMs }] of seen) {
            if (rules === undefined || lastMs === undefined || lastMs + TOY_SILENCE_MS > timeMs) continue;
            found.push(finding(rules, `${value} silent`, leaves));
            seen.set(value, { leaves });
          }
          return found;
        },
        snapshot: (): ToySnapshot => ({ timeMs, values: [...seen] }),
        counts: () => ({ groups: seen.size, bytes: seen.size, waiting: [...seen.values()].filter((s) => s.lastMs !== undefined).length, late: 0, evicted: 0 }),
      };
    },
  };
}
