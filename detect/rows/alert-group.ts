import { hash } from 'node:crypto';
import type { Alert } from '../../contracts/alert.ts';
import type { Suppression } from '../sigma/rule.ts';
import { letters } from './letters.ts';

type Grouped = Pick<Alert, 'group' | 'quiet_s' | 'back_off' | 'quiet_most_s'>;

/** Of rules that say nothing: alerts about one address are one group, first quiet for ten minutes, a day at most. */
export const USUAL: Suppression = { by: ['source.ip'], quietMs: 600_000, backOff: 2, mostMs: 86_400_000 };

/** Alerts of one rule and site that agree in `values` are one group. */
export function alertGroup(site: string, rule: string, values: readonly unknown[], { quietMs, backOff, mostMs }: Suppression): Grouped {
  const digest = hash('sha256', `tourniquet/group/v1\n${site}\n${rule}\n${JSON.stringify(values.map((value) => value ?? null))}\n`, 'buffer');
  return { group: `group_${letters(digest)}`, quiet_s: Math.round(quietMs / 1_000), back_off: Math.min(255, Math.round(backOff)), quiet_most_s: Math.round(mostMs / 1_000) };
}
