import { claimCommand, readCommands } from '../ingest/sites/order-register.ts';
import { readRegistered } from '../ingest/sites/site-register.ts';
import type { SignedCommand } from '../contracts/command.ts';
import type { IssuingDeps } from '../respond/orders/issue-command.ts';
import { announceCommandKey, openCommandKey } from './command-key.ts';
import { loadConfig } from './config/config.ts';
import { requireRunning } from './connections.ts';
import { openEventLog } from './event-log.ts';
import { homeAt } from './home.ts';
import { secretOf } from './secrets.ts';
import { writeOnTrail } from './trail.ts';
import { UsageError } from './usage-error.ts';

/** All that giving a site a command needs. */
export interface CommandDesk {
  readonly issuing: IssuingDeps;
  readonly issued: readonly SignedCommand[];
  /** Boxes in force: plugins that will fetch it. */
  readonly boxes: number;
}

export async function withCommandDesk<T>(site: string, use: (desk: CommandDesk) => Promise<T>): Promise<T> {
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  const commandKey = openCommandKey(secretOf(config, home, 'respond-command'));
  await using log = await openEventLog(config, home);
  const { sites, commandKey: known } = await readRegistered(log.registry);
  const state = sites.get(site);
  if (state === undefined) throw new UsageError(`there is no site "${site}"; "tourniquet site list" shows them`);
  if (known !== undefined && known !== commandKey.key) throw new UsageError('sites were given another command key than this one: use the secret of the respond role (secrets.respond_command)');
  await announceCommandKey(log.registry, known, commandKey);
  const issued = () => readCommands(log.registry, site);
  const issuing: IssuingDeps = {
    ...commandKey,
    issued,
    claim: (command) => claimCommand(log.registry, command, Date.now()),
    note: (act) => writeOnTrail(config, home, log, act),
    nowMs: Date.now,
  };
  return await use({ issuing, issued: await issued(), boxes: state.mail.mailboxes.size });
}
