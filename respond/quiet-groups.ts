import type { Database, RootDatabase } from 'lmdb';
import type { Alert } from '../contracts/alert.ts';
import { afterQuiet, holding, isGrouped, openedBy, rewound } from './quiet-group.ts';
import type { QuietGroup, Summary } from './quiet-group.ts';

/** What goes out: an alert at once, or a summary of those that were held. */
export type Notification =
  | { readonly kind: 'alert'; readonly alert: Alert }
  | { readonly kind: 'summary'; readonly summary: Summary };

export interface GroupCounts {
  /** Groups that are quiet now. */
  readonly quiet: number;
  /** Alerts held now. */
  readonly held: number;
  /** Alerts that were ever held: each is in the `alerts` table, and was or will be part of a summary. */
  readonly heldEver: number;
  readonly summaries: number;
  /** Groups whose quiet was cut short because there were too many. */
  readonly cutShort: number;
}

type EndKey = [endsAtMs: number, group: string];

const NONE: GroupCounts = { quiet: 0, held: 0, heldEver: 0, summaries: 0, cutShort: 0 };
/** Quiets ended in one transaction. */
const ENDS_AT_ONCE = 1_000;
/** At most 2 kB each. */
const MAX_GROUPS = 20_000;

/**
 * The groups that are quiet, in the environment of the delivery queue. Whatever changes them is called inside one of the
 * queue's transactions, which queues the notifications as well: after a crash both have happened, or neither.
 */
export class QuietGroups {
  readonly #groups: Database<QuietGroup, string>;
  readonly #ends: Database<true, EndKey>;
  readonly #counts: Database<GroupCounts, string>;
  readonly #mostGroups: number;

  constructor(root: RootDatabase, mostGroups = MAX_GROUPS) {
    this.#groups = root.openDB<QuietGroup, string>({ name: 'groups' });
    this.#ends = root.openDB<true, EndKey>({ name: 'group_ends' });
    this.#counts = root.openDB<GroupCounts, string>({ name: 'group_counts' });
    this.#mostGroups = mostGroups;
  }

  /** What to notify now of alerts that came; the rest is held. Inside a transaction. */
  admit(alerts: readonly Alert[], nowMs: number): readonly Notification[] {
    const out: Notification[] = [];
    // A burst is of few groups: each is written once.
    const touched = new Map<string, QuietGroup>();
    let held = 0;
    for (const alert of alerts) {
      const group = isGrouped(alert) ? (touched.get(alert.group) ?? this.#quiet(alert.group, nowMs, out)) : undefined;
      if (group === undefined) {
        out.push({ kind: 'alert', alert });
        if (isGrouped(alert)) touched.set(alert.group, this.#open(alert, nowMs, touched, out));
      } else {
        touched.set(alert.group, holding(group, alert));
        held++;
      }
    }
    for (const [name, group] of touched) this.#groups.putSync(name, group);
    if (held > 0) this.#count({ held, heldEver: held });
    return out;
  }

  /** Ends quiets that are over, the oldest first, at most a thousand. Inside a transaction. */
  end(nowMs: number): readonly Notification[] {
    const out: Notification[] = [];
    for (const [, name] of Array.from(this.#ends.getKeys({ end: [nowMs + 1, ''], limit: ENDS_AT_ONCE }))) this.#end(name, nowMs, out);
    return out;
  }

  /** After the clock was set back, and at a start. Inside a transaction. */
  rewind(nowMs: number): void {
    for (const { key: name, value: group } of Array.from(this.#groups.getRange())) {
      const now = rewound(group, nowMs);
      if (now.endsAtMs === group.endsAtMs) continue;
      this.#ends.removeSync([group.endsAtMs, name]);
      this.#put(name, now);
    }
  }

  /** When the next quiet is over. */
  nextEndMs(): number | undefined {
    for (const [endsAtMs] of this.#ends.getKeys({ limit: 1 })) return endsAtMs;
    return undefined;
  }

  counts(): GroupCounts {
    return this.#counts.get('all') ?? NONE;
  }

  /** The group when it is quiet now; one whose quiet is over and was not looked at since is ended first. */
  #quiet(name: string, nowMs: number, out: Notification[]): QuietGroup | undefined {
    const group = this.#groups.get(name);
    if (group === undefined || group.endsAtMs > nowMs) return group;
    this.#end(name, nowMs, out);
    return this.#groups.get(name);
  }

  /** The caller writes the group itself, with what else comes to it. */
  #open(alert: Alert, nowMs: number, touched: Map<string, QuietGroup>, out: Notification[]): QuietGroup {
    if (this.counts().quiet >= this.#mostGroups) this.#cutShort(nowMs, touched, out);
    const group = openedBy(alert, nowMs);
    this.#ends.putSync([group.endsAtMs, alert.group], true);
    this.#count({ quiet: 1 });
    return group;
  }

  /** Makes room: the quiet that would end first ends now, for good. */
  #cutShort(nowMs: number, touched: Map<string, QuietGroup>, out: Notification[]): void {
    for (const [endsAtMs, name] of Array.from(this.#ends.getKeys({ limit: 1 }))) {
      const group = touched.get(name) ?? this.#groups.get(name);
      touched.delete(name);
      const ended = group && afterQuiet(group, nowMs);
      if (ended !== undefined) this.#told(ended.summary, out);
      this.#forget(endsAtMs, name);
      this.#count({ cutShort: 1 });
    }
  }

  #end(name: string, nowMs: number, out: Notification[]): void {
    const group = this.#groups.get(name);
    if (group === undefined) return;
    const ended = afterQuiet(group, nowMs);
    if (ended === undefined) return this.#forget(group.endsAtMs, name);
    this.#told(ended.summary, out);
    this.#ends.removeSync([group.endsAtMs, name]);
    this.#put(name, ended.next);
  }

  #told(summary: Summary, out: Notification[]): void {
    out.push({ kind: 'summary', summary });
    this.#count({ held: -summary.held.count, summaries: 1 });
  }

  #put(name: string, group: QuietGroup): void {
    this.#groups.putSync(name, group);
    this.#ends.putSync([group.endsAtMs, name], true);
  }

  #forget(endsAtMs: number, name: string): void {
    this.#groups.removeSync(name);
    this.#ends.removeSync([endsAtMs, name]);
    this.#count({ quiet: -1 });
  }

  #count(change: Partial<GroupCounts>): void {
    const { quiet, held, heldEver, summaries, cutShort } = this.counts();
    this.#counts.putSync('all', {
      quiet: quiet + (change.quiet ?? 0), held: held + (change.held ?? 0), heldEver: heldEver + (change.heldEver ?? 0),
      summaries: summaries + (change.summaries ?? 0), cutShort: cutShort + (change.cutShort ?? 0),
    });
  }
}
