import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { KafkaError } from '../errors.ts';

const START_LIMIT_MS = 600_000;
const STARTED = /Kafka Server started/;

/**
 * Java as a child of a shell. A watcher beside it waits for the end of its input, which comes when this process is gone,
 * however it went: then it kills the broker and removes its directory, if there is one to remove (first argument).
 * Prints Java's process id.
 */
const KILL_WITH_PARENT = `
  leave=$1; shift; exec 3<&0
  "$@" </dev/null 3<&- & java=$!
  (cat <&3; trap "" TERM; kill -9 $java; [ -z "$leave" ] || rm -rf "$leave") >/dev/null 2>&1 & watcher=$!
  echo $java; exec 3<&- >&-
  wait $java; kill $watcher`;

export interface JavaOptions {
  readonly classPath: string;
  readonly heapMib: number;
  /** For tests: starts faster, runs slower. */
  readonly quickStart: boolean;
  /** Removed when this process dies without having ended its brokers; empty for none. */
  readonly temporary: string;
}

/** One running broker. What it logs goes to a file. */
export interface BrokerProcess {
  readonly pid: number;
  readonly ended: Promise<void>;
}

export async function formatStorage(java: JavaOptions, propertiesFile: string, clusterId: string, scram: readonly string[]): Promise<void> {
  const args = ['format', '--cluster-id', clusterId, '--config', propertiesFile, '--ignore-formatted', ...scram.flatMap((s) => ['--add-scram', s])];
  try {
    await promisify(execFile)('java', [...javaArguments({ ...java, heapMib: 128 }), 'kafka.tools.StorageTool', ...args]);
  } catch (cause) {
    // The command line holds the throw-away password of a secured cluster, which lives as long as its temporary directory.
    throw new KafkaError('TQ-KAFKA-22', 'formatting its storage failed', { cause });
  }
}

/** Resolves when the broker serves; tells of it before, so that it can be ended meanwhile. */
export async function startBroker(java: JavaOptions, propertiesFile: string, logFile: string, onSpawn: (broker: BrokerProcess) => void): Promise<BrokerProcess> {
  const before = (await readFile(logFile, 'utf8').catch(() => '')).length;
  const log = openSync(logFile, 'a');
  const command = ['java', ...javaArguments(java), 'kafka.Kafka', propertiesFile];
  const shell = spawn('sh', ['-c', KILL_WITH_PARENT, 'sh', java.temporary, ...command], { stdio: ['pipe', 'pipe', log], detached: true });
  closeSync(log);
  const ended = once(shell, 'close').then(() => undefined);
  const broker = { pid: await firstNumber(shell), ended };
  onSpawn(broker);
  await untilServing(broker, shell, logFile, before);
  return broker;
}

async function firstNumber(shell: ChildProcess): Promise<number> {
  if (shell.stdout === null) throw new KafkaError('TQ-KAFKA-22', 'its shell has no output');
  for await (const line of createInterface({ input: shell.stdout })) return Number(line);
  throw new KafkaError('TQ-KAFKA-22', 'its shell ended');
}

async function untilServing(broker: BrokerProcess, shell: ChildProcess, logFile: string, before: number): Promise<void> {
  const deadline = Date.now() + START_LIMIT_MS;
  for (;;) {
    const log = (await readFile(logFile, 'utf8')).slice(before);
    if (STARTED.test(log)) return;
    if (shell.exitCode !== null || shell.signalCode !== null) throw new KafkaError('TQ-KAFKA-22', `it ended: ${log.slice(-2_000)}`);
    if (Date.now() > deadline) {
      process.kill(broker.pid, 'SIGKILL');
      throw new KafkaError('TQ-KAFKA-22', `not within ${START_LIMIT_MS / 1_000} s: ${log.slice(-2_000)}`);
    }
    await sleep(50);
  }
}

function javaArguments({ classPath, heapMib, quickStart }: JavaOptions): readonly string[] {
  return [
    `-Xmx${heapMib}m`, '-Xms96m', '-XX:+UseSerialGC', ...(quickStart ? ['-XX:TieredStopAtLevel=1'] : []), '-Xshare:auto',
    '-Djava.awt.headless=true', '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn', '-Dorg.slf4j.simpleLogger.log.kafka.server.KafkaRaftServer=info',
    '-Dorg.slf4j.simpleLogger.showDateTime=true', '-Dorg.slf4j.simpleLogger.dateTimeFormat=HH:mm:ss.SSS', '-cp', classPath,
  ];
}
