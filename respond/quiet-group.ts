import { hash } from 'node:crypto';
import type { Alert } from '../contracts/alert.ts';

/**
 * A group of alerts that is quiet after a notification. Further alerts are held; when the quiet ends and some were, one
 * summary tells of them and the next quiet is longer; a quiet without any ends the group. All times are the responder's
 * clock (Unix ms) but those of `Held`, which are the events'.
 */
export interface QuietGroup {
  /** The alert that opened the group and was notified at once: its summaries update that finding. */
  readonly opened: { readonly id: string; readonly receivedAtMs: number };
  readonly quietMs: number;
  readonly endsAtMs: number;
  /** Alerts since the last notification. */
  readonly held?: Held;
}

/** Alerts that no notification has named yet. */
export interface Held {
  readonly first: Alert;
  readonly count: number;
  /** How many of them came late. */
  readonly late: number;
  readonly firstSeenMs: number;
  readonly lastSeenMs: number;
  /** Receipt of the newest. */
  readonly receivedAtMs: number;
  /** Of the first `MAX_IDS` alerts, the oldest first. */
  readonly ids: readonly string[];
}

/** What one notification tells of a group whose quiet ended. */
export interface Summary {
  /** `summary_` and 32 letters: of the same held alerts always the same. */
  readonly id: string;
  readonly opened: QuietGroup['opened'];
  readonly held: Held;
}

/** Alerts that a summary names; it counts all. */
export const MAX_IDS = 20;

/** Whether an alert belongs to a group that is to be quiet. */
export function isGrouped(alert: Alert): boolean {
  return alert.group !== '' && alert.quiet_s > 0;
}

/** After its first alert was notified. */
export function openedBy(alert: Alert, nowMs: number): QuietGroup {
  const quietMs = alert.quiet_s * 1000;
  return { opened: { id: alert.id, receivedAtMs: alert.received_at }, quietMs, endsAtMs: nowMs + quietMs };
}

export function holding(group: QuietGroup, alert: Alert): QuietGroup {
  const { held } = group;
  const { id, late, timestamp, received_at: receivedAtMs } = alert;
  if (held === undefined) {
    return { ...group, held: { first: alert, count: 1, late, firstSeenMs: timestamp, lastSeenMs: timestamp, receivedAtMs, ids: [id] } };
  }
  return {
    ...group,
    held: {
      first: held.first,
      count: held.count + 1,
      late: held.late + late,
      firstSeenMs: Math.min(held.firstSeenMs, timestamp),
      lastSeenMs: Math.max(held.lastSeenMs, timestamp),
      receivedAtMs: Math.max(held.receivedAtMs, receivedAtMs),
      ids: held.ids.length < MAX_IDS ? [...held.ids, id] : held.ids,
    },
  };
}

/** What is left of a group once its quiet is over: undefined for a group that nothing came to, else a summary and the next quiet. */
export function afterQuiet({ opened, quietMs, held }: QuietGroup, nowMs: number): { readonly summary: Summary; readonly next: QuietGroup } | undefined {
  if (held === undefined) return undefined;
  // The rule may have changed since the group opened: what was held says how it goes on.
  const { group, quiet_s: quietS, back_off: backOff, quiet_most_s: mostS } = held.first;
  const nextMs = Math.min(quietMs * Math.max(1, backOff), Math.max(quietS, mostS) * 1000);
  return { summary: { id: summaryId(group, held.first.id), opened, held }, next: { opened, quietMs: nextMs, endsAtMs: nowMs + nextMs } };
}

/** A clock that was set back must not make a group quiet for longer than it should be. */
export function rewound(group: QuietGroup, nowMs: number): QuietGroup {
  return { ...group, endsAtMs: Math.min(group.endsAtMs, nowMs + group.quietMs) };
}

function summaryId(group: string, firstHeld: string): string {
  let id = 'summary_';
  for (const byte of hash('sha256', `tourniquet/summary/v1\n${group}\n${firstHeld}\n`, 'buffer').subarray(0, 16)) id += String.fromCharCode(97 + (byte >> 4), 97 + (byte & 15));
  return id;
}
