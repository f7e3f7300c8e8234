import { hash } from 'node:crypto';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';

export const MINUTE = 60_000;
export const HOUR = 3_600_000;
export const DAY = 86_400_000;

/** The first day of all scenarios: Monday, 16 November 2026, UTC. */
export const FIRST_DAY: number = Date.UTC(2026, 10, 16);

/** Share of a shop's visits in each hour of the day, in thousandths. */
const VISITS = [12, 8, 6, 5, 6, 10, 20, 35, 48, 56, 60, 62, 60, 55, 54, 55, 57, 62, 72, 82, 78, 56, 28, 13];
const ALL = VISITS.reduce((sum, share) => sum + share, 0);

/** A time of the day by how many people visit at that hour, ms from midnight. */
export function visitTime(random: Random): number {
  let left = random() * ALL;
  const hour = VISITS.findIndex((share) => (left -= share) < 0);
  return Math.max(hour, 0) * HOUR + random.below(HOUR);
}

/** A time between two hours, fewer around noon. */
export function workTime(random: Random, from: number, to: number): number {
  const at = from * HOUR + random.below((to - from) * HOUR);
  return Math.floor(at / HOUR) === 12 && random.chance(0.6) ? at + HOUR : at;
}

/** Monday to Friday. */
export function isWorkday(day: number): boolean {
  return ![0, 6].includes(new Date(day).getUTCDay());
}

/** A generator of its own for each name: what one part draws changes nothing in another. */
export function randomOf(...names: readonly (string | number)[]): Random {
  return seededRandom(hash('sha256', names.join('/'), 'buffer').readUInt32LE(0));
}

const LETTERS = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789';

/** Letters and digits, as keys, nonces and click ids have them. */
export function word(random: Random, length: number, from = LETTERS): string {
  return Array.from({ length }, () => from.charAt(random.below(from.length))).join('');
}
