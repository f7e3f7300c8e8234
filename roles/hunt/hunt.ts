import { mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../../detect/engine.ts';
import type { CorrelationRule } from '../../detect/sigma/rule.ts';
import { leafRanges } from '../../storage/query/stored-events.ts';
import type { EventTimes } from '../../storage/query/stored-events.ts';
import { storedFindings } from '../../storage/query/stored-matches.ts';
import type { StorageAccess } from '../connections.ts';
import { UsageError } from '../usage-error.ts';
import type { Correlator } from './correlator.ts';
import { isDone, readPlan, writePlan } from './hunt-directory.ts';
import type { HuntPlan, HuntQuestion } from './hunt-plan.ts';
import { tasksOf } from './hunt-plan.ts';
import { huntResults } from './hunt-results.ts';
import type { HuntResult } from './hunt-results.ts';
import { runTasks } from './hunt-threads.ts';
import { parseTime, TIME_RULE } from './time-text.ts';

export interface HuntOptions {
  readonly ruleSet: RuleSet;
  readonly asked: HuntQuestion;
  readonly access: StorageAccess;
  readonly threads: number;
  /** Where the work of a hunt that may be stopped is kept; empty for a directory that is gone at the end. */
  readonly directory: string;
  readonly cacheDirectory: string;
  /** How late an event may come to a correlation, see the settings. */
  readonly latenessMs: number;
  readonly correlator: (correlations: readonly CorrelationRule[]) => Correlator;
  readonly nowMs: number;
  readonly leavesPerTask?: number;
  readonly onProgress: (done: number, total: number) => void;
  readonly signal: AbortSignal;
}

/**
 * Hunts, then gives every result in order. Rejects with a UsageError for a question that makes no sense or is not the one
 * that the directory was begun with, with the problems of rules, and with what the store says.
 */
export async function* hunt(options: HuntOptions): AsyncGenerator<HuntResult> {
  const { ruleSet, access, cacheDirectory, threads, onProgress, signal } = options;
  // Before anything is read: a wrong rule is told at once.
  const { correlations } = await createEngine(ruleSet, { cacheDirectory });
  const directory = options.directory === '' ? mkdtempSync(path.join(os.tmpdir(), 'tourniquet-hunt-')) : options.directory;
  await using client = createClient({ url: access.url, username: access.user, password: access.password, database: 'tourniquet', request_timeout: 3_600_000, log: { level: ClickHouseLogLevel.OFF } });
  try {
    const plan = begun(options, directory) ?? (await begin(options, directory, correlations, client));
    const open = [...plan.tasks.keys()].filter((task) => !isDone(directory, task));
    let done = plan.tasks.length - open.length;
    onProgress(done, plan.tasks.length);
    await runTasks({ ruleSet, access, directory, cacheDirectory }, open, threads, () => onProgress(++done, plan.tasks.length), signal);
    const hunted = new Set(correlations.map(({ id }) => id));
    const onRecord = plan.correlates ? (await storedFindings(client, plan.times)).filter(({ rule, site }) => hunted.has(rule) && (plan.asked.site === '' || site === plan.asked.site)) : [];
    yield* huntResults({ directory, plan, correlator: () => options.correlator(correlations), onRecord });
  } finally {
    if (options.directory === '') rmSync(directory, { recursive: true, force: true });
  }
}

/** The plan of a hunt that was begun in the directory. */
function begun({ ruleSet, asked }: HuntOptions, directory: string): HuntPlan | undefined {
  const plan = readPlan(directory);
  if (plan === undefined) return undefined;
  const same = plan.format === 1 && plan.rules === ruleSet.version && plan.asked.from === asked.from && plan.asked.to === asked.to && plan.asked.site === asked.site;
  if (!same) throw new UsageError(`${directory} holds a hunt with other rules, times or site: name another directory, or remove it`);
  return plan;
}

async function begin({ ruleSet, asked, nowMs, latenessMs, leavesPerTask }: HuntOptions, directory: string, correlations: readonly CorrelationRule[], client: Parameters<typeof leafRanges>[0]): Promise<HuntPlan> {
  const times = timesOf(asked, nowMs);
  const correlates = correlations.length > 0;
  const reachMs = correlates ? reachOf(correlations) + latenessMs : 0;
  const ranges = await leafRanges(client, times.fromMs - 2 * reachMs, times.toMs + reachMs, asked.site === '' ? undefined : asked.site);
  const plan: HuntPlan = { format: 1, rules: ruleSet.version, asked, startedAtMs: nowMs, times, correlates, tasks: tasksOf(ranges, leavesPerTask) };
  writePlan(directory, plan);
  return plan;
}

function timesOf(asked: HuntQuestion, nowMs: number): EventTimes {
  const [fromMs, toMs] = [parseTime(asked.from, nowMs), parseTime(asked.to, nowMs)];
  if (fromMs === undefined) throw new UsageError(`--from "${asked.from}" ${TIME_RULE}`);
  if (toMs === undefined) throw new UsageError(`--to "${asked.to}" ${TIME_RULE}`);
  if (fromMs >= toMs) throw new UsageError(`--from ${asked.from} is not before --to ${asked.to}`);
  return { fromMs, toMs };
}

/** How far apart two events can be that one finding is made of: a correlation of correlations reaches as far as both. */
function reachOf(correlations: readonly CorrelationRule[]): number {
  const reach = new Map<string, number>();
  // Each stands after those it refers to.
  for (const { id, rules, timespanMs } of correlations) reach.set(id, timespanMs + Math.max(0, ...rules.map((rule) => reach.get(rule) ?? 0)));
  return Math.max(0, ...reach.values());
}
