import type { SignedCommand } from '../../contracts/command.ts';
import { readCommands } from '../../ingest/sites/order-register.ts';
import { readSites } from '../../ingest/sites/site-register.ts';
import { loadConfig } from '../config/config.ts';
import type { Config } from '../config/config.ts';
import { readingClient, storageAccess } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { readRunFile } from '../run-file.ts';
import { UsageError } from '../usage-error.ts';

/** What the site's plugin said of a command: only signed chains count, since anybody with an ingest key could claim it. */
const ANSWERS = `
  SELECT toUnixTimestamp64Milli(timestamp) AS at, action, JSONExtractUInt(line, 'wordpress', 'containment', 'counter') AS counter,
    JSONExtractUInt(line, 'wordpress', 'containment', 'undoes') AS undoes, JSONExtractString(line, 'event', 'reason') AS reason
  FROM events WHERE site = {site:String} AND provenance = 'plugin' AND startsWith(action, 'containment-')
  ORDER BY timestamp DESC, seq DESC LIMIT 10000`;

interface Answer {
  readonly at: number;
  readonly action: string;
  readonly counter: number;
  readonly undoes: number;
  readonly reason: string;
}

/** Undefined where no store can be asked. */
async function answersOf(config: Config, home: Home, site: string): Promise<readonly Answer[] | undefined> {
  if (config.addresses.storage === '' && readRunFile(home, 'storage') === undefined) return undefined;
  const client = readingClient(await storageAccess(config, home, 'reader'));
  try {
    const answer = await client.query({ query: ANSWERS, query_params: { site }, format: 'JSONEachRow', clickhouse_settings: { output_format_json_quote_64bit_integers: 0 } });
    return (await answer.json<Answer>()).toReversed();
  } finally {
    await client.close();
  }
}

interface Told {
  readonly command: SignedCommand;
  readonly state: string;
  readonly answers: readonly Answer[];
}

function told(command: SignedCommand, answers: readonly Answer[] | undefined, nowMs: number): Told {
  const mine = answers?.filter(({ counter, undoes }) => counter === command.counter || undoes === command.counter) ?? [];
  const last = mine.at(-1);
  const state = last === undefined ? unanswered(command, answers, nowMs) : `${plain(last.action.replace('containment-', ''))}${last.reason === '' ? '' : ` (${plain(last.reason)})`}`;
  return { command, state, answers: mine };
}

/** What a site says may be meant for the terminal of whoever reads it. */
function plain(text: string): string {
  return text.replace(/[^\x20-\x7e]/g, '?').slice(0, 80);
}

function unanswered({ expires_at: expiresAt }: SignedCommand, answers: readonly Answer[] | undefined, nowMs: number): string {
  if (answers === undefined) return 'unknown: no store runs here';
  return nowMs >= expiresAt ? 'never fetched' : 'waiting';
}

/** Everything a site was told, with what it answered. */
export async function listCommands(site: string, asJson: boolean): Promise<number> {
  const home = homeAt();
  const config = loadConfig();
  await using log = await openEventLog(config, home);
  if (!(await readSites(log.registry)).has(site)) throw new UsageError(`there is no site "${site}"; "tourniquet site list" shows them`);
  const answers = await answersOf(config, home, site);
  const rows = (await readCommands(log.registry, site)).map((command) => told(command, answers, Date.now()));
  if (asJson) {
    for (const { command, state, answers: mine } of rows) process.stdout.write(`${JSON.stringify({ ...command, state, answers: mine.map(({ at, action, reason }) => ({ at: new Date(at).toISOString(), action, ...(reason === '' ? {} : { reason }) })) })}\n`);
    return 0;
  }
  if (rows.length === 0) process.stdout.write(`${site} was never told anything.\n`);
  for (const { command: c, state } of rows) {
    const what = c.action === 'undo' ? `undo ${c.undoes}` : `${c.action}${c.target === '' ? '' : ` ${c.target}`}`;
    process.stdout.write(`${String(c.counter).padStart(4)}  ${new Date(c.issued_at).toISOString().slice(0, 19)}Z  ${c.mode.padEnd(7)}  ${what}: ${state}. ${c.reason}\n`);
  }
  return 0;
}
