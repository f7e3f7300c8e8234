import { UsageError } from '../usage-error.ts';

const UNIT_S = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** "90s", "30m", "4h", "2d" in seconds. `option` names where it stood. */
export function durationS(text: string, option: string, mostS: number): number {
  const [, digits, unit] = /^([1-9][0-9]{0,6})([smhd])$/.exec(text) ?? [];
  // The expression lets only these units through.
  const seconds = digits === undefined ? 0 : Number(digits) * UNIT_S[unit as keyof typeof UNIT_S];
  if (seconds === 0 || seconds > mostS) throw new UsageError(`${option} is a number and s, m, h or d, like 4h, at most ${mostS / UNIT_S.h}h`);
  return seconds;
}
