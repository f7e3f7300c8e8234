import type { EventLog } from '../contracts/event-log.ts';
import type { SealingKeys } from '../contracts/keys.ts';
import { SYSTEM_SITE } from '../contracts/names.ts';
import type { Act, Trail } from '../contracts/trail.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import type { BlockSealer } from '../ingest/sealing/block-sealer.ts';
import { accountName } from './account.ts';
import type { Config } from './config/config.ts';
import { connectKeys } from './connections.ts';
import type { Home } from './home.ts';
import { ownLines } from './own-lines.ts';

/** The stream of the `_system` site that tells what was done with the product. */
const STREAM = 'acts';

/** The line of an act. */
export function actLine({ action, category, outcome, reason, target, actor, about, id }: Act, nowMs: number): string {
  const { name, role, address } = actor ?? { name: accountName() };
  return JSON.stringify({
    '@timestamp': new Date(nowMs).toISOString(),
    event: { kind: 'event', category, action, outcome, dataset: 'tourniquet.acts', ...(reason === undefined ? {} : { reason }), ...(id === undefined ? {} : { id }) },
    user: { name, ...(role === undefined ? {} : { roles: [role] }) },
    ...(address === undefined ? {} : { source: { ip: address } }),
    tourniquet: { ...(target === undefined ? {} : { target }), ...about },
  });
}

export function trailOf(log: EventLog, sealer: BlockSealer): Trail {
  const write = ownLines(log, (headBytes, body) => sealer.seal(headBytes, body), SYSTEM_SITE, STREAM);
  return { write: (act) => write([actLine(act, Date.now())]) };
}

/** `keys`: the keys role as a gateway or worker may use it. */
export async function openTrail(log: EventLog, keys: SealingKeys): Promise<Trail> {
  return trailOf(log, await openBlockSealer(keys));
}

/** Puts one act on the trail: durable in the event log when it resolves. */
export async function writeOnTrail(config: Config, home: Home, log: EventLog, act: Act): Promise<void> {
  const trail = await openTrail(log, await connectKeys(config, home, 'gateway'));
  await trail.write(act);
}
