import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { announceFirstSite } from '../first-site.ts';
import { Instance } from '../instance.ts';
import { PIPELINE_ROLES, ROLES } from '../run-file.ts';
import type { RoleName } from '../run-file.ts';
import { UsageError } from '../usage-error.ts';

export function parseRoles(text: string | undefined): readonly RoleName[] {
  if (text === undefined) return PIPELINE_ROLES;
  const names = text.split(',').map((n) => n.trim());
  const unknown = names.filter((n) => !ROLES.some((r) => r === n));
  if (unknown.length > 0) throw new UsageError(`there is no role "${unknown.join('", "')}"; the roles are ${ROLES.join(', ')}`);
  return ROLES.filter((r) => names.includes(r));
}

/** npm passes on the Ctrl-C that the terminal has already sent to every process, so what follows at once is the same one. */
const SAME_SIGNAL_MS = 700;

/** Resolves at the first signal that asks to stop; asked again, the process ends at once. */
export function stopSignal(): Promise<'stopped'> {
  return new Promise((resolve) => {
    let askedAtMs: number | undefined;
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) {
      process.on(signal, () => {
        if (askedAtMs !== undefined && performance.now() - askedAtMs > SAME_SIGNAL_MS) process.kill(process.pid, 'SIGKILL');
        askedAtMs ??= performance.now();
        resolve('stopped');
      });
    }
  });
}

function printAddresses(home: Home, addresses: ReadonlyMap<RoleName, string>, tookMs: number): void {
  const lines = [`Tourniquet is up (${(tookMs / 1000).toFixed(1)} s). Data in ${home.data}, keys in ${home.keys}.`];
  const gateway = addresses.get('gateway');
  const storage = addresses.get('storage');
  const console = addresses.get('console');
  if (gateway !== undefined) lines.push(`  gateway  ${gateway}   (API: ${gateway}/openapi.json, metrics: ${gateway}/metrics)`);
  if (storage !== undefined) lines.push(`  storage  ${storage}   (ClickHouse HTTP; read it with: npx tourniquet query "SELECT count() FROM events")`);
  if (console !== undefined) lines.push(`  console  ${console}   (audit queries and the ledger, for the people of "npx tourniquet person add": docs/audit.md)`);
  process.stderr.write(`${lines.join('\n')}\n`);
}

/** Runs the roles until a signal. Returns the exit code. */
export async function up(options: { readonly roles?: string }): Promise<number> {
  const startedAt = performance.now();
  const home = homeAt();
  const roles = parseRoles(options.roles);
  const stopped = stopSignal();
  await using instance = await Instance.open(home, roles, {
    line: (_role, line) => process.stderr.write(`${line}\n`),
    restarted: (_role, why) => process.stderr.write(`tourniquet: ${why}; starting it again\n`),
  });
  const addresses = await Promise.race([instance.start(), stopped]);
  if (addresses !== 'stopped') {
    printAddresses(home, addresses, performance.now() - startedAt);
    const gateway = addresses.get('gateway');
    // Of a deployment on several machines, sites are added by hand, once.
    if (gateway !== undefined && options.roles === undefined) await announceFirstSite(home, gateway);
    await Promise.race([stopped, instance.failed]);
  }
  process.stderr.write('tourniquet: stopping …\n');
  return 0;
}
