import { TIERS } from '../../contracts/tiers.ts';
import type { PartitionState } from '../../storage/retention/partitions.ts';
import { loadConfig } from '../config/config.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { openRetentionStore, retentionPolicy, retentionStates } from '../retention-store.ts';
import { printTable } from './rules/table.ts';

/** A partition as NDJSON. */
export function stateRecord({ tier, month, rows, bytes, sites, policy, dueAtMs, holds, state }: PartitionState): object {
  return { tier: tier ?? null, month, rows, bytes, sites: sites.length, policy, due_at: dueAtMs === undefined ? null : new Date(dueAtMs).toISOString(), holds, state };
}

/** Partitions as a table. */
export function printStates(states: readonly PartitionState[]): string {
  const rows = states.map(({ tier, month, rows: count, bytes, dueAtMs, holds, state, sites }) => [
    tier ?? '(no tier)', `${Math.floor(month / 100)}-${String(month % 100).padStart(2, '0')}`, String(count), `${(bytes / 1_000_000).toFixed(1)} MB`, String(sites.length),
    dueAtMs === undefined ? 'never' : new Date(dueAtMs).toISOString().slice(0, 10), state === 'held' ? `held by ${holds.join(', ')}` : state,
  ]);
  return printTable([{ title: 'TIER' }, { title: 'MONTH' }, { title: 'ROWS', align: 'right' }, { title: 'ON DISK', align: 'right' }, { title: 'SITES', align: 'right' }, { title: 'DUE' }, { title: 'STATE' }], rows);
}

/** Which rows are kept until when, and what holds them. */
export async function retention(options: { readonly json?: true }): Promise<number> {
  const [home, config] = [homeAt(), loadConfig()];
  const policy = retentionPolicy(config);
  const client = await openRetentionStore(config, home, 'reader');
  try {
    await using log = await openEventLog(config, home);
    const states = await retentionStates(client, policy, log);
    if (options.json === true) {
      for (const state of states) process.stdout.write(`${JSON.stringify(stateRecord(state))}\n`);
      return 0;
    }
    process.stdout.write(printTable([{ title: 'TIER' }, { title: 'KEPT FOR' }], TIERS.map((tier) => [tier, policy[tier].text])));
    process.stdout.write(states.length === 0 ? '\nNothing is stored yet.\n' : `\n${printStates(states)}`);
    return 0;
  } finally {
    await client.close();
  }
}
