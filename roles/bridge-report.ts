import type { BridgeEvent } from '../ingest/bridge/bridge-event.ts';
import type { BridgeStatus } from '../ingest/bridge/bridge-status.ts';
import { messageOf } from './error-message.ts';
import type { RoleContext } from './role-process.ts';

/** The first tries of a restarting peer are no news. */
const FIRST_TOLD_ATTEMPT = 5;
/** A wait this long is no hiccup. */
const STUCK_MS = 60_000;

/** What an operator should see of the bridge. */
export function reportBridge(log: RoleContext['log'], event: BridgeEvent): void {
  if (event.type !== 'retry') {
    const { type, ...facts } = event;
    log(`ingress ${type.replaceAll('_', ' ')}`, facts);
  } else if (event.attempt >= FIRST_TOLD_ATTEMPT) {
    log('waiting', { partition: event.partition, for: event.what, tries: event.attempt, message: messageOf(event.error) });
  }
}

/** What the partitions wait for, so that health can say what is stuck. A partition that moves on waits no more. */
export function createBridgeWaits(): { seen(event: BridgeEvent): void; stuck(partitions: BridgeStatus['partitions']): string } {
  const waits = new Map<number, { readonly what: string; readonly sinceMs: number }>();
  let before: BridgeStatus['partitions'] = {};
  return {
    seen(event) {
      if (event.type === 'assigned') waits.clear();
      else if (event.type === 'started') waits.delete(event.partition);
      else if (event.type === 'retry' && (event.attempt === 1 || !waits.has(event.partition))) waits.set(event.partition, { what: event.what.replaceAll('_', ' '), sinceMs: performance.now() });
    },
    stuck(partitions) {
      for (const partition of waits.keys()) if (partitions[partition]?.next !== before[partition]?.next) waits.delete(partition);
      before = partitions;
      const long = [...waits].filter(([, { sinceMs }]) => performance.now() - sinceMs > STUCK_MS);
      return long.map(([partition, { what }]) => `ingress partition ${partition} cannot ${what}`).join('; ');
    },
  };
}
