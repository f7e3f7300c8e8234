import { findMasks } from '../../contracts/masked-span.ts';
import { TOKEN_LETTERS } from '../../contracts/token.ts';
import type { EventLog } from '../../contracts/event-log.ts';
import { listSites } from '../../ingest/sites/site-admin.ts';
import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { writeOnTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';

export interface RevealOptions {
  readonly reason: string;
  readonly site?: string;
  readonly json?: true;
}

function tokenIn(text: string): string {
  const token = findMasks(text)[0]?.token ?? text.trim();
  if (!new RegExp(`^[a-p]{${TOKEN_LETTERS}}$`).test(token)) throw new UsageError(`a token is ${TOKEN_LETTERS} letters a to p, as they stand behind the class in a mask; give it, or the whole mask`);
  return token;
}

/** A token is one site's. */
async function siteOf(log: EventLog, named: string | undefined): Promise<string> {
  const known = (await listSites(log.registry)).map(({ site }) => site);
  if (named !== undefined) {
    if (!known.includes(named)) throw new UsageError(`there is no site "${named}"; there are ${known.join(', ')}`);
    return named;
  }
  const [only, ...others] = known;
  if (only === undefined || others.length > 0) throw new UsageError(`name the site of the event with --site: ${known.join(', ')}`);
  return only;
}

/** Prints what stands behind a token. The look is on the trail before it is shown. Exit code 1 when nothing stands behind it any more. */
export async function reveal(text: string, options: RevealOptions): Promise<number> {
  const token = tokenIn(text);
  if (options.reason.trim() === '') throw new UsageError('--reason says why; it stands on the trail');
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  await using log = await openEventLog(config, home);
  const site = await siteOf(log, options.site);
  const keys = await connectKeys(config, home, 'compliance');
  const value = await keys.reveal(site, token, options.reason);
  await writeOnTrail(config, home, log, { action: 'token-revealed', category: ['iam'], outcome: value === undefined ? 'failure' : 'success', reason: options.reason, target: { kind: 'token', name: token, site } });
  if (options.json === true) process.stdout.write(`${JSON.stringify({ site, token, value: value?.toString() ?? null })}\n`);
  else if (value !== undefined) process.stdout.write(`${value.toString()}\n`);
  if (value === undefined) process.stderr.write(`Nothing can be revealed for this token of ${site}: its class is not kept in the vault, or its key was erased.\n`);
  return value === undefined ? 1 : 0;
}
