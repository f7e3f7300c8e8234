import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { loadConfig } from './config/config.ts';
import type { Config } from './config/config.ts';
import { messageOf } from './error-message.ts';
import { homeAt } from './home.ts';
import type { Home } from './home.ts';
import { removeRunFile, writeRunFile } from './run-file.ts';
import type { RoleName } from './run-file.ts';
import { UsageError } from './usage-error.ts';

/**
 * Blocks and columns are memory outside of V8's heap. By default each 64 MiB of it starts a full collection, seven a
 * second under load and a fifth of the gateway's CPU; this counts it against the heap's own limit instead.
 */
setFlagsFromString('--external-memory-accounted-in-global-limit');

export interface RoleContext {
  readonly home: Home;
  readonly config: Config;
  /** Aborted when the role is to stop. */
  readonly signal: AbortSignal;
  /** A line of this role's own log: an event's name and facts without personal data. */
  log(event: string, facts?: Readonly<Record<string, unknown>>): void;
}

export interface RunningRole {
  /** Empty when the role listens nowhere. */
  readonly url: string;
  status(): Readonly<Record<string, unknown>>;
  close(): Promise<void>;
  /** Settles when the role ends by itself; rejects with the reason it cannot go on. */
  readonly failed?: Promise<never>;
}

export type SupervisorMessage = { readonly type: 'stop' };
/** `failed`: the role ends, for this reason; `fatal` says that starting it again cannot help. */
export type RoleMessage = { readonly type: 'ready'; readonly url: string } | { readonly type: 'failed'; readonly fatal: boolean; readonly reason: string };

/**
 * Ends the process by SIGKILL once the supervisor knows. `process.exit` joins libuv's threads, and one of them may hold
 * the event log's write lock while it waits for this thread: both would wait, and every other process with them. What
 * kill -9 leaves behind is what the whole design can take.
 */
function endAtOnce(message: RoleMessage): Promise<never> {
  const die = (): void => {
    process.kill(process.pid, 'SIGKILL');
  };
  if (process.connected && process.send !== undefined) process.send(message, die);
  else die();
  setTimeout(die, 500);
  return new Promise(() => undefined);
}

/** A role that was asked to stop and has not ended by then is killed. */
const STOP_MOST_MS = 10_000;

/**
 * While a role starts, an error that says it is not worth another try stops all: the set-up is wrong. Once it runs, the
 * others go on, and it is started again with back-off and a line each time.
 */
function isFatal(error: unknown): boolean {
  return error instanceof Error && (error.name === 'ConfigError' || error instanceof UsageError || ('retryable' in error && error.retryable === false) || addressInUse(error));
}

function addressInUse(error: Error): boolean {
  return [error, error.cause].some((e) => e instanceof Error && 'code' in e && e.code === 'EADDRINUSE');
}

function describe(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const inUse = addressInUse(error) ? '. Another program listens there: stop it, or set another port in the configuration.' : '';
  return `${error.message}${inUse}`;
}

/** The disk may be full: the role goes on with what needs none, and health tells that its run file is old. */
function renewing(announce: () => void, log: RoleContext['log']): () => void {
  let failed = false;
  return () => {
    try {
      announce();
      failed = false;
    } catch (error) {
      if (!failed) log('run file not renewed', { message: messageOf(error) });
      failed = true;
    }
  };
}

/**
 * Runs one role as this process: reads the configuration, starts it, announces it, and stops it on a stop message, on
 * SIGTERM, or when the supervisor is gone. SIGINT and SIGHUP, which a terminal sends to all, are the supervisor's to handle.
 */
export async function runRole(role: RoleName, start: (context: RoleContext) => Promise<RunningRole>): Promise<void> {
  const home = homeAt();
  const stop = new AbortController();
  for (const signal of ['SIGINT', 'SIGHUP'] as const) process.on(signal, () => undefined);
  process.on('SIGTERM', () => stop.abort());
  process.on('disconnect', () => stop.abort());
  process.on('message', (message: SupervisorMessage) => {
    if (message.type === 'stop') stop.abort();
  });
  const log = (event: string, facts: Readonly<Record<string, unknown>> = {}): void => {
    process.stderr.write(`${JSON.stringify({ '@timestamp': new Date().toISOString(), role, event, ...facts })}\n`);
  };
  let starting = true;
  const fail = (error: unknown): Promise<never> => {
    const reason = describe(error);
    log('failed', { message: reason });
    return endAtOnce({ type: 'failed', fatal: starting && isFatal(error), reason });
  };
  // Without a supervisor nobody else would end a start or a close that hangs.
  stop.signal.addEventListener('abort', () => setTimeout(() => process.kill(process.pid, 'SIGKILL'), STOP_MOST_MS).unref());
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);

  const running = await start({ home, config: loadConfig(), signal: stop.signal, log }).catch(fail);
  starting = false;
  running.failed?.catch(fail);
  const startedAt = new Date().toISOString();
  const announce = (): void => writeRunFile(home, { role, pid: process.pid, url: running.url, started_at: startedAt, updated_at: new Date().toISOString(), status: running.status() });
  announce();
  const timer = setInterval(renewing(announce, log), 1000);
  process.send?.({ type: 'ready', url: running.url } satisfies RoleMessage);
  await new Promise<void>((resolve) => {
    if (stop.signal.aborted) resolve();
    stop.signal.addEventListener('abort', () => resolve());
  });
  clearInterval(timer);
  await running.close().catch(fail);
  removeRunFile(home, role);
  process.exit(0);
}
