import path from 'node:path';
import { SEED_KINDS } from '../../contracts/scope.ts';
import type { Entity, ScopeReport, ScopeRequest, SeedKind } from '../../contracts/scope.ts';
import { bundleAct } from '../../storage/bundle/bundle-act.ts';
import { ConsoleError } from '../../storage/console/errors.ts';
import { createScopeStore } from '../../storage/scope/clickhouse-store.ts';
import { ENTITY_KINDS } from '../../storage/scope/entity.ts';
import { readScopeRequest } from '../../storage/scope/scope-request.ts';
import { answeredScope } from '../../storage/scope/scope-routes.ts';
import { scopeText } from '../../storage/scope/scope-text.ts';
import { loadConfig } from '../config/config.ts';
import { connectKeys, readingClient, requireRunning, storageAccess } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { parseTime, TIME_RULE } from '../hunt/time-text.ts';
import { writeScopeBundle } from '../scope-bundle.ts';
import { openTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';
import { requireFreshFolder } from './require-file.ts';

export interface ScopeOptions extends Partial<Readonly<Record<SeedKind, string>>> {
  readonly site: string;
  readonly from: string;
  readonly to: string;
  readonly leastConfidence?: string;
  /** `kind:value` each. */
  readonly innocent?: readonly string[];
  /** `reason=number` each. */
  readonly confidence?: readonly string[];
  readonly out?: string;
  readonly json?: true;
}

/** Prints whose data a breach touched; with `--out` writes the bundle that proves it. */
export async function scope(options: ScopeOptions): Promise<number> {
  const request = requestOf(options);
  if (options.out !== undefined) requireFreshFolder(options.out);
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'storage');
  await using log = await openEventLog(config, home);
  const trail = await openTrail(log, await connectKeys(config, home, 'gateway'));
  await using client = readingClient(await storageAccess(config, home, 'reader'));
  const report = await reported(() => answeredScope({ store: createScopeStore(client), trail }, request));
  process.stdout.write(options.json === true ? `${JSON.stringify(report)}\n` : scopeText(report));
  if (report.deeds.length === 0) process.stderr.write(`No deed of this ${request.seed.kind} is on record for the site and the time: look at the spelling, and at --from and --to.\n`);
  if (options.out === undefined) return 0;
  await trail.write(bundleAct(request.site));
  const { files, evidence, bytes } = await writeScopeBundle({ config, home, report, directory: options.out });
  process.stderr.write(`${files} files with ${evidence} lines of evidence in ${options.out} (${bytes} bytes); "node ${path.join(options.out, 'verify.mjs')}" checks them anywhere\n`);
  return 0;
}

/** What a question gets wrong is wrong use here. */
async function reported(compute: () => Promise<ScopeReport>): Promise<ScopeReport> {
  try {
    return await compute();
  } catch (error) {
    if (error instanceof ConsoleError && error.problem !== undefined) throw new UsageError(error.problem, { cause: error });
    throw error;
  }
}

function requestOf(options: ScopeOptions): ScopeRequest {
  const seeds = SEED_KINDS.flatMap((kind) => (options[kind] === undefined ? [] : [{ kind, value: options[kind] }]));
  if (seeds.length !== 1) throw new UsageError(`name what is known of the breach with exactly one of ${SEED_KINDS.map((kind) => `--${kind}`).join(', ')}`);
  const nowMs = Date.now();
  const [fromMs, toMs] = [parseTime(options.from, nowMs), parseTime(options.to, nowMs)];
  if (fromMs === undefined) throw new UsageError(`--from ${TIME_RULE}`);
  if (toMs === undefined) throw new UsageError(`--to ${TIME_RULE}`);
  if (fromMs >= toMs) throw new UsageError('--from must be before --to');
  const read = readScopeRequest({
    site: options.site, seed: seeds[0], fromMs, toMs,
    ...(options.leastConfidence === undefined ? {} : { leastConfidence: Number(options.leastConfidence) }),
    ...(options.confidence === undefined ? {} : { confidences: Object.fromEntries(options.confidence.map(confidenceOf)) }),
    ...(options.innocent === undefined ? {} : { innocent: options.innocent.map(entityOf) }),
  });
  if ('problem' in read) throw new UsageError(read.problem.replace(/^leastConfidence/, '--least-confidence').replace(/^confidences holds/, '--confidence takes'));
  return read;
}

function confidenceOf(text: string): readonly [string, number] {
  const [reason = '', number = ''] = text.split('=');
  return [reason, number === '' ? Number.NaN : Number(number)];
}

function entityOf(text: string): Entity {
  const colon = text.indexOf(':');
  const kind = ENTITY_KINDS.find((one) => one === text.slice(0, colon));
  if (kind === undefined) throw new UsageError(`--innocent takes KIND:VALUE, the kind one of ${ENTITY_KINDS.join(', ')}`);
  return { kind, value: text.slice(colon + 1) };
}
