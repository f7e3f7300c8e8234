import type { Level } from './pack.ts';

/** An alert as the `alerts` table holds it; nothing in it is personal data. Times are Unix ms. */
export interface Alert {
  /** `alert_` and 32 letters from SHA-256 of site, leaf (or position) and rule: the same on every derivation and try. */
  readonly id: string;
  readonly site: string;
  readonly leaf: number;
  readonly received_at: number;
  readonly timestamp: number;
  readonly rule: string;
  readonly rule_version: string;
  readonly title: string;
  readonly level: Level;
  readonly class: string;
  readonly field: string;
  readonly source_ip: string;
  readonly stream: string;
  readonly epoch: number;
  readonly seq: number;
  /** 1: what completed it came behind the watermark. */
  readonly late: number;
  /** `group_` and 32 letters: alerts of one rule, site and values of the fields it groups by. Empty: an alert for itself. */
  readonly group: string;
  /** How long a group is quiet after a notification (0: never), by what each following quiet is longer, and at most. */
  readonly quiet_s: number;
  readonly back_off: number;
  readonly quiet_most_s: number;
}

/** Levels that raise an alert. */
export const ALERT_LEVELS: readonly Level[] = ['high', 'critical'];
