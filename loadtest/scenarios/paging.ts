import type { Finding, Grouping } from './watch.ts';

interface Quiet {
  endsAt: number;
  quietMs: number;
  held: boolean;
}

/** Whether the group is still quiet at that time: each quiet in which alerts came is followed by a longer one. */
function stillQuiet(group: Quiet, at: number, { back_off, quiet_most_s }: Grouping): boolean {
  while (at >= group.endsAt && group.held) {
    group.quietMs = Math.min(group.quietMs * back_off, quiet_most_s * 1_000);
    group.endsAt += group.quietMs;
    group.held = false;
  }
  return at < group.endsAt;
}

/** Of findings the alerts that page somebody: the first of a group; later ones only update it while the group lasts. */
export function paging(findings: readonly Finding[]): readonly Finding[] {
  const groups = new Map<string, Quiet>();
  return findings.toSorted((a, b) => a.at - b.at).filter(({ alert, at }) => {
    if (alert === undefined) return false;
    const known = groups.get(alert.group);
    if (known !== undefined && stillQuiet(known, at, alert)) {
      known.held = true;
      return false;
    }
    const quietMs = alert.quiet_s * 1_000;
    groups.set(alert.group, { endsAt: at + quietMs, quietMs, held: false });
    return true;
  });
}
