import { parentPort, workerData } from 'node:worker_threads';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { RuleSet } from '../../contracts/rule-set.ts';
import { createEngine } from '../../detect/engine.ts';
import type { StorageAccess } from '../connections.ts';
import { readPlan, writePart } from './hunt-directory.ts';
import { runTask } from './hunt-task.ts';

/** What a thread is started with. */
export interface ThreadOrder {
  readonly ruleSet: RuleSet;
  readonly access: StorageAccess;
  readonly directory: string;
  readonly cacheDirectory: string;
}

// Started by hunt-threads.ts only.
const { ruleSet, access, directory, cacheDirectory } = workerData as ThreadOrder;
const engine = await createEngine(ruleSet, { cacheDirectory });
const client = createClient({ url: access.url, username: access.user, password: access.password, database: 'tourniquet', request_timeout: 3_600_000, log: { level: ClickHouseLogLevel.OFF } });

async function work(task: number): Promise<void> {
  const plan = readPlan(directory);
  const ranges = plan?.tasks[task];
  if (plan === undefined || ranges === undefined) throw new Error(`${directory} was changed while the hunt ran`);
  writePart(directory, task, await runTask(engine, client, plan, ranges));
}

parentPort?.on('message', (task: number) => {
  // The answer is the task's number. What is thrown outside of this chain ends the thread, and with it the hunt.
  work(task).then(() => parentPort?.postMessage(task, []), (cause: unknown) => queueMicrotask(() => {
    throw cause instanceof Error ? cause : new Error(String(cause));
  }));
});
