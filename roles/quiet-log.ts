import type { RoleContext } from './role-process.ts';

const TOLD_FOR_MS = 10_000;
const MOST_KNOWN = 1_000;

/**
 * A log for what tries again by itself, many times a second while a peer is away: of equal lines one is written, then none
 * for ten seconds; the next one says how many were `left_out`.
 */
export function quietLog(log: RoleContext['log'], now: () => number = () => performance.now()): RoleContext['log'] {
  const told = new Map<string, { untilMs: number; leftOut: number }>();
  return (event, facts = {}) => {
    const line = JSON.stringify([event, facts]);
    const nowMs = now();
    const before = told.get(line);
    if (before !== undefined && nowMs < before.untilMs) {
      before.leftOut += 1;
      return;
    }
    if (told.size >= MOST_KNOWN) told.clear();
    told.set(line, { untilMs: nowMs + TOLD_FOR_MS, leftOut: 0 });
    log(event, before === undefined || before.leftOut === 0 ? facts : { ...facts, left_out: before.leftOut });
  };
}
