import { once } from 'node:events';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';
import { createRuleSet } from '../../contracts/rule-set.ts';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { createGroupStore } from '../../storage/client/group-store.ts';
import { storeOptions } from '../../storage/config.ts';
import type { Config } from '../config/config.ts';
import { loadConfig } from '../config/config.ts';
import { storageAccess } from '../connections.ts';
import { homeAt } from '../home.ts';
import type { Home } from '../home.ts';
import { createHuntCorrelator } from '../hunt/correlator.ts';
import { hunt } from '../hunt/hunt.ts';
import type { HuntResult } from '../hunt/hunt-results.ts';
import { countsTable, createCounts, jsonLine, textLine } from '../hunt/hunt-output.ts';
import { createRuleVersions, sealedSets } from '../hunt/rule-versions.ts';
import type { RuleVersions } from '../hunt/rule-versions.ts';
import { createProgress } from '../progress.ts';
import { readRunFile } from '../run-file.ts';
import { UsageError } from '../usage-error.ts';
import { readNamedRules } from './named-rules.ts';

export interface HuntCommandOptions {
  readonly from: string;
  readonly to: string;
  readonly site?: string;
  readonly workers?: string;
  readonly resume?: string;
  readonly json?: true;
}

const MOST_THREADS = 64;
/** The engine answers few reads at a time, and the pipeline goes on beside a hunt. */
const USUAL_THREADS = 4;

/** Sigma rules over stored history: results on standard output, counts by rule on standard error. */
export async function huntCommand(rules: readonly string[], options: HuntCommandOptions): Promise<number> {
  const threads = threadsOf(options.workers);
  const home = homeAt();
  const config = loadConfig();
  const ruleSet = await ruleSetOf(rules, config);
  if (config.addresses.storage === '' && readRunFile(home, 'storage') === undefined) throw new Error(`nothing runs on ${home.root}. Start it with "npm start", or name the store under addresses.storage in the configuration.`);
  await levelReplica(config, home);
  const stop = new AbortController();
  const resumable = options.resume === undefined ? '' : '; the same command goes on where it stopped';
  process.once('SIGINT', () => stop.abort(new Error(`the hunt was stopped${resumable}`)));
  const progress = createProgress('hunt');
  const { lateness_s: latenessS } = config.correlation;
  const results = hunt({
    ruleSet, threads, latenessMs: latenessS * 1_000, nowMs: Date.now(), signal: stop.signal,
    asked: { from: options.from, to: options.to, site: options.site ?? '' },
    access: await storageAccess(config, home, 'reader', stop.signal),
    directory: options.resume === undefined ? '' : path.resolve(options.resume),
    cacheDirectory: home.cache,
    correlator: (correlations) => createHuntCorrelator(correlations, config.correlation),
    onProgress: (done, total) => progress.update(done, total, `${done} of ${total} tasks`),
  });
  await using sealed = sealedSets(config, home);
  const table = await printResults(results, createRuleVersions(ruleSet, sealed.read), options.json === true);
  progress.end();
  process.stderr.write(table);
  return 0;
}

/** On a cluster the replica that is read may lack events of groups whose commits it holds: only the writer may have it brought level. */
async function levelReplica(config: Config, home: Home): Promise<void> {
  if (config.storage.cluster === '') return;
  await using writer = createGroupStore({ ...(await storageAccess(config, home, 'writer')), ...storeOptions(config.storage) });
  await writer.level();
}

/** Prints results as they come, at the pace of the reader; gives the table of counts. */
async function printResults(results: AsyncIterable<HuntResult>, versions: RuleVersions, json: boolean): Promise<string> {
  const counts = createCounts();
  let events = 0;
  for await (const result of results) {
    if (result.kind === 'judged') {
      events += result.events;
      continue;
    }
    const { rule } = result.kind === 'match' ? result.match : result.finding;
    const changed = result.record === 'missing' ? undefined : await versions.isChanged(rule, result.ruleVersion);
    counts.add(result, changed);
    if (!process.stdout.write(`${json ? jsonLine(result, changed) : textLine(result)}\n`)) await once(process.stdout, 'drain');
  }
  return countsTable(counts.all(), events);
}

function threadsOf(text: string | undefined): number {
  if (text === undefined) return Math.min(USUAL_THREADS, os.availableParallelism());
  const threads = Number(text);
  if (!Number.isInteger(threads) || threads < 1 || threads > MOST_THREADS) throw new UsageError(`--workers "${text}" must be a whole number from 1 to ${MOST_THREADS}`);
  return threads;
}

/** The rules with the mappings and placeholders of the configuration. Signatures are not matched again: what they found is on record. */
async function ruleSetOf(paths: readonly string[], { rules }: Config): Promise<RuleSet> {
  return createRuleSet(await readNamedRules(paths, rules, { packs: [] }));
}
