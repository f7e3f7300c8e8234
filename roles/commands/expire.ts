import type { EventLog } from '../../contracts/event-log.ts';
import { clusterOf } from '../../storage/config.ts';
import { expirePartition } from '../../storage/retention/expire.ts';
import type { ExpiryDeps } from '../../storage/retention/expire.ts';
import { readHolds } from '../../storage/retention/holds.ts';
import type { PartitionState } from '../../storage/retention/partitions.ts';
import { monthEndMs, monthStartMs } from '../../storage/retention/period.ts';
import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { createProgress } from '../progress.ts';
import { openRetentionStore, retentionPolicy, retentionStates } from '../retention-store.ts';
import { openTrail } from '../trail.ts';
import { verifyStore } from '../verify-store.ts';
import { printStates, stateRecord } from './retention.ts';

export interface ExpireOptions {
  /** Otherwise it only says what it would drop. */
  readonly apply?: true;
  readonly json?: true;
}

/**
 * Drops the months that are past their period and not held, each with a signed word that keeps its leaf hashes. Exit
 * code 1 when one could not be dropped; what was dropped before stays so, and the next run goes on.
 */
export async function expire(options: ExpireOptions): Promise<number> {
  const [home, config] = [homeAt(), loadConfig()];
  const policy = retentionPolicy(config);
  requireRunning(config, home, 'keys');
  const client = await openRetentionStore(config, home, options.apply === true ? 'retention' : 'reader');
  try {
    await using log = await openEventLog(config, home);
    const states = await retentionStates(client, policy, log);
    const due = states.filter(({ state }) => state === 'due');
    if (options.apply !== true) return announce(due, options);
    const deps = await expiryDeps(config, home, log, client);
    const dropped = await dropAll(due, deps, options);
    // What has no tier becomes due only when the last tier of its month is gone.
    const after = (await retentionStates(client, policy, log)).filter(({ state, tier }) => state === 'due' && tier === undefined);
    const further = dropped ? await dropAll(after, deps, options) : true;
    if (options.json !== true && due.length + after.length === 0) process.stdout.write('Nothing is due. "tourniquet retention" shows what is kept until when.\n');
    return dropped && further ? 0 : 1;
  } finally {
    await client.close();
  }
}

function announce(due: readonly PartitionState[], options: ExpireOptions): number {
  if (options.json === true) for (const state of due) process.stdout.write(`${JSON.stringify(stateRecord(state))}\n`);
  else process.stdout.write(due.length === 0 ? 'Nothing is due. "tourniquet retention" shows what is kept until when.\n' : `${printStates(due)}\nNothing was dropped. "tourniquet expire --apply" drops these rows for good; their leaf hashes stay, and proofs hold.\n`);
  return 0;
}

async function expiryDeps(config: Config, home: Home, log: EventLog, client: ExpiryDeps['client']): Promise<ExpiryDeps> {
  const trail = await openTrail(log, await connectKeys(config, home, 'gateway'));
  // One pass over a month vouches for all of its tiers.
  const verified = new Map<number, Promise<readonly string[]>>();
  const verify = async (month: number): Promise<readonly string[]> => {
    const { problems } = await verifyStore(home, undefined, { window: { fromMs: monthStartMs(month), toMs: monthEndMs(month) } });
    return problems.map(({ message }) => message);
  };
  return {
    client, trail, cluster: clusterOf(config.storage), keys: await connectKeys(config, home, 'retention'), holds: () => readHolds(log.registry), nowMs: Date.now,
    verify: (_sites, month) => {
      const known = verified.get(month) ?? verify(month);
      verified.set(month, known);
      return known;
    },
  };
}

async function dropAll(due: readonly PartitionState[], deps: ExpiryDeps, options: ExpireOptions): Promise<boolean> {
  const progress = createProgress('expire');
  let failures = 0;
  for (const [i, partition] of due.entries()) {
    const name = `${partition.tier ?? 'no tier'} ${partition.month}`;
    try {
      const { tier, month, rows, id } = await expirePartition(partition, { ...deps, onStep: (step) => progress.update(i, due.length, `${name}: ${step}`) });
      progress.print(`dropped ${name}: ${rows} rows${id === '' ? '' : `, signed as ${id}`}`);
      if (options.json === true) process.stdout.write(`${JSON.stringify({ tier: tier ?? null, month, rows, id })}\n`);
    } catch (error) {
      failures++;
      const message = error instanceof Error ? error.message : String(error);
      progress.print(`kept ${name}: ${message}`);
      if (options.json === true) process.stdout.write(`${JSON.stringify({ tier: partition.tier ?? null, month: partition.month, error: message })}\n`);
    }
  }
  if (due.length > 0) progress.end();
  return failures === 0;
}
