import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { verifiersAt } from '../../contracts/announced-key.ts';
import { parseVerifier } from '../../contracts/checkpoint.ts';
import type { NoteVerifier } from '../../contracts/checkpoint.ts';
import { dataFlowLines, dataFlowParts, openDataFlow } from '../../contracts/data-flow.ts';
import type { DataFlowStatement } from '../../contracts/data-flow.ts';
import { isName, NAME_RULE } from '../../contracts/names.ts';
import { listSites } from '../../ingest/sites/site-admin.ts';
import { createKeysClient } from '../../keys/client.ts';
import { computeDataFlow } from '../../storage/data-flow/compute-data-flow.ts';
import { createFlowStore } from '../../storage/data-flow/flow-store.ts';
import { DECLARED, isRegion, REGION_RULE } from '../../storage/data-flow/region.ts';
import { ScopeError } from '../../storage/scope/compute-scope.ts';
import { loadConfig } from '../config/config.ts';
import { connectKeys, readingClient, requireRunning, storageAccess } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { parseTime, TIME_RULE } from '../hunt/time-text.ts';
import { createProgress } from '../progress.ts';
import { addressOf } from '../run-file.ts';
import { openTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';

export interface StatementOptions {
  readonly site?: string;
  readonly all?: true;
  readonly from?: string;
  readonly to?: string;
  readonly region?: string;
  /** A folder: `<site>.note` and `<site>.json` of each site. */
  readonly out?: string;
  readonly json?: true;
}

/** A statement as it is handed out. */
interface SignedStatement {
  readonly statement: DataFlowStatement;
  readonly note: string;
  readonly json: string;
}

/** States, signed, where personal data went. Each statement stands on the trail before it is shown. Exit code 1 when data left the region. */
export async function statement(options: StatementOptions): Promise<number> {
  const { fromMs, toMs, region } = askedOf(options);
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'storage');
  requireRunning(config, home, 'keys');
  await using log = await openEventLog(config, home);
  const sites = options.site === undefined ? (await listSites(log.registry)).map(({ site }) => site) : [options.site];
  const trail = await openTrail(log, await connectKeys(config, home, 'gateway'));
  const keys = await connectKeys(config, home, 'compliance');
  await using client = readingClient(await storageAccess(config, home, 'reader'));
  const store = createFlowStore(client);
  const progress = createProgress('statement');
  let left = 0;
  for (const [done, site] of sites.entries()) {
    progress.update(done, sites.length, site);
    const computed = await stated(() => computeDataFlow(store, { site, region, fromMs, toMs }), options.site === undefined);
    if (computed === undefined) continue;
    const { json, body } = dataFlowParts(computed);
    await trail.write({ action: 'statement-made', category: ['data_access'], outcome: 'unknown', target: { kind: 'site', name: site, site }, about: { statement: { region, from: new Date(fromMs).toISOString(), to: new Date(toMs).toISOString() } } });
    await show({ statement: computed, note: await keys.signStatement('data-flow', site, body), json }, options);
    if (computed.flows.some(({ place }) => place === 'outside')) left++;
  }
  progress.update(sites.length, sites.length, '');
  progress.end();
  return left === 0 ? 0 : 1;
}

/** Of all sites those that never told anything are passed over; one that was named is wrong use. */
async function stated(compute: () => Promise<DataFlowStatement>, ofMany: boolean): Promise<DataFlowStatement | undefined> {
  try {
    return await compute();
  } catch (error) {
    if (!(error instanceof ScopeError)) throw error;
    if (ofMany) return undefined;
    throw new UsageError(error.message, { cause: error });
  }
}

function askedOf({ site, all, from, to, region = DECLARED }: StatementOptions): { readonly fromMs: number; readonly toMs: number; readonly region: string } {
  if ((site === undefined) === (all === undefined)) throw new UsageError('name one site with --site, or take --all');
  if (site !== undefined && !isName(site)) throw new UsageError(`--site ${NAME_RULE}`);
  if (from === undefined || to === undefined) throw new UsageError('say of which time, with --from and --to');
  const nowMs = Date.now();
  const [fromMs, toMs] = [parseTime(from, nowMs), parseTime(to, nowMs)];
  if (fromMs === undefined) throw new UsageError(`--from ${TIME_RULE}`);
  if (toMs === undefined) throw new UsageError(`--to ${TIME_RULE}`);
  if (fromMs >= toMs) throw new UsageError('--from must be before --to');
  if (!isRegion(region)) throw new UsageError(`--region ${REGION_RULE}`);
  return { fromMs, toMs, region };
}

async function show({ statement: computed, note, json }: SignedStatement, { out, json: asJson }: StatementOptions): Promise<void> {
  if (out !== undefined) {
    await mkdir(out, { recursive: true });
    await writeFile(path.join(out, `${computed.site}.note`), note);
    await writeFile(path.join(out, `${computed.site}.json`), json);
  }
  process.stdout.write(asJson === true ? `${JSON.stringify({ note, statement: computed })}\n` : `${dataFlowLines(computed).join('\n')}\n`);
}

/** Checks a statement's note against the JSON beside it. Exit code 1 when it does not hold. */
export async function verifyStatement(file: string, options: { readonly key?: string; readonly json?: true }): Promise<number> {
  const [note, json] = await Promise.all([readNamed(file), readNamed(file.replace(/(\.note)?$/, '.json'))]);
  const opened = openDataFlow(note.toString(), json, await verifiersOf(options.key));
  if (options.json === true) process.stdout.write(`${JSON.stringify({ ok: opened !== undefined, ...(opened === undefined ? {} : { statement: opened }) })}\n`);
  else process.stdout.write(opened === undefined ? 'The statement does not hold: another key signed it, or a byte of it was changed.\n' : `The statement holds.\n${dataFlowLines(opened).join('\n')}\n`);
  return opened === undefined ? 1 : 0;
}

async function readNamed(file: string): Promise<Buffer> {
  try {
    return await readFile(file);
  } catch (cause) {
    throw new UsageError(`cannot read ${file}: a statement is a .note and a .json beside each other`, { cause });
  }
}

/** The key named, or all that this deployment ever announced. */
async function verifiersOf(key: string | undefined): Promise<readonly NoteVerifier[]> {
  if (key === undefined) {
    const config = loadConfig();
    const home = homeAt();
    requireRunning(config, home, 'keys');
    return verifiersAt(await createKeysClient({ url: await addressOf(home, 'keys', config.addresses.keys) }).checkpointVerifiers());
  }
  const verifier = parseVerifier(key);
  if (verifier === undefined) throw new UsageError('--key takes a verifier key, NAME+HASH+BASE64, as "tourniquet verify" and a bundle name it');
  return [verifier];
}
