import type { CommitterEvent } from '../storage/commit/committer-deps.ts';
import { messageOf } from './error-message.ts';
import type { RoleContext } from './role-process.ts';

/** What an operator should see of the committer; committed groups are in the status instead. */
export function reportCommitter(log: RoleContext['log'], event: CommitterEvent): void {
  switch (event.type) {
    case 'committed':
    case 'trimmed':
      return;
    case 'waiting':
      // The first tries of a restarting peer are no news.
      if (event.tries >= 5) log('waiting', { partition: event.partition, for: event.what, tries: event.tries, message: messageOf(event.error) });
      return;
    case 'recovered':
      if (event.restored > 0) log('restored', { partition: event.partition, groups: event.restored, reason: 'rows the store had lost were derived again' });
      return;
    case 'adopted':
      log('adopted', { partition: event.partition, first: event.prepare.first, last: event.prepare.last });
      return;
    case 'amended':
      log('amended', { partition: event.partition, first: event.first, lines: event.lines, reason: 'the store refused these lines; they are dead letters' });
      return;
    case 'damaged_record':
      log('damaged record', { partition: event.partition, position: event.position, message: messageOf(event.error) });
      return;
    case 'overtaken':
      log('overtaken', { partition: event.partition, next: event.next });
      return;
    case 'lost':
      log('lost', { partition: event.partition, from: event.from, to: event.to, records: event.to - event.from + 1, reason: 'the event log let go of them before anyone stored them; a gap and an alert are on the trail' });
      return;
    default:
      event satisfies never;
  }
}

/** A wait this long is no hiccup. */
const STUCK_MS = 60_000;

/** What the partitions wait for, so that health can say what is stuck. */
export function createWaits(): { seen(event: CommitterEvent): void; stuck(owned: ReadonlySet<number>): string } {
  const since = new Map<number, { readonly what: string; readonly sinceMs: number }>();
  return {
    seen(event) {
      if (event.type !== 'waiting') {
        since.delete(event.partition);
        return;
      }
      const known = since.get(event.partition);
      if (known?.what !== event.what) since.set(event.partition, { what: event.what, sinceMs: performance.now() });
    },
    stuck(owned) {
      // Of a partition that another worker has now, nothing more is heard here.
      for (const partition of since.keys()) if (!owned.has(partition)) since.delete(partition);
      const long = [...since].filter(([, { sinceMs }]) => performance.now() - sinceMs > STUCK_MS);
      return long.map(([partition, { what }]) => `partition ${partition} waits for ${what}`).join('; ');
    },
  };
}
