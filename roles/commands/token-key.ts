import { openSync, closeSync, fsyncSync, writeSync, existsSync } from 'node:fs';
import { listSites } from '../../ingest/sites/site-admin.ts';
import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { formatTokenKeys } from '../resolve/token-key-file.ts';
import { writeOnTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';

export interface TokenKeyOptions {
  readonly reason: string;
  readonly out: string;
}

/** Writes a site's token keys to a file for its owner, who can resolve a bundle's recipients with them. On the trail before they are asked for. */
export async function tokenKey(site: string, { reason, out }: TokenKeyOptions): Promise<number> {
  if (reason.trim() === '') throw new UsageError('--reason says why; it stands on the trail');
  if (existsSync(out)) throw new UsageError(`${out} is there already: name a new file`);
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  await using log = await openEventLog(config, home);
  const known = (await listSites(log.registry)).map((one) => one.site);
  if (!known.includes(site)) throw new UsageError(`there is no site "${site}"; there are ${known.join(', ')}`);
  const keys = await connectKeys(config, home, 'compliance');
  await writeOnTrail(config, home, log, { action: 'site-token-key-exported', category: ['iam'], outcome: 'unknown', reason, target: { kind: 'site', name: site, site } });
  const text = formatTokenKeys({ site, keys: (await keys.siteTokenKeys(site, reason)).map(({ key }) => key) });
  const file = openSync(out, 'wx', 0o600);
  try {
    writeSync(file, text);
    fsyncSync(file);
  } finally {
    closeSync(file);
  }
  process.stderr.write(`Token keys of ${site} in ${out}. Who has this file can tell which person a token of ${site} is: give it to the site's owner alone, and remove it when it was used.\n`);
  return 0;
}
