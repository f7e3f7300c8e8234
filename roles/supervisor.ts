import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RoleLimits } from './role-limits.ts';
import type { RoleMessage, SupervisorMessage } from './role-process.ts';
import type { RoleName } from './run-file.ts';

export interface SupervisorEvents {
  /** A line a role wrote to its log. */
  line(role: RoleName, line: string): void;
  restarted(role: RoleName, why: string): void;
}

interface Running {
  child: ChildProcess;
  /** Resolves with the address at the first ready, of whichever try. */
  readonly ready: PromiseWithResolvers<string>;
}

const FILES: Readonly<Record<RoleName, string>> = {
  keys: 'keys.ts',
  storage: 'storage.ts',
  gateway: 'gateway.ts',
  bridge: 'bridge.ts',
  worker: 'worker.ts',
  respond: 'respond.ts',
  console: 'console.ts',
};

/** From a stop message to SIGKILL. Ctrl-C must end within 5 s. */
const STOP_MS = 4_000;
const FIRST_BACKOFF_MS = 200;
const LAST_BACKOFF_MS = 5_000;
/** A role that ran so long did not die of its start: the back-off begins anew. */
const STEADY_MS = 3_000;

/**
 * Runs roles as child processes and keeps them running: one that dies is started again, with back-off, unless it said
 * that a restart cannot help. Roles stop in the order of the event, so that nothing waits on a peer that is gone.
 */
export class Supervisor {
  readonly #roles: readonly RoleName[];
  readonly #env: NodeJS.ProcessEnv;
  readonly #limits: RoleLimits;
  readonly #events: SupervisorEvents;
  readonly #running = new Map<RoleName, Running>();
  #stopping = false;
  readonly #fatal = Promise.withResolvers<never>();

  constructor(roles: readonly RoleName[], env: NodeJS.ProcessEnv, limits: RoleLimits, events: SupervisorEvents) {
    this.#roles = roles;
    this.#env = env;
    this.#limits = limits;
    this.#events = events;
    this.#fatal.promise.catch(() => undefined);
  }

  /** Rejects when a role ended in a way a restart cannot help. */
  get failed(): Promise<never> {
    return this.#fatal.promise;
  }

  /** Starts all roles side by side; resolves with their addresses once each is ready. */
  async start(): Promise<ReadonlyMap<RoleName, string>> {
    for (const role of this.#roles) this.#launch(role, FIRST_BACKOFF_MS);
    const addresses = Promise.all([...this.#running].map(async ([role, { ready }]) => [role, await ready.promise] as const));
    return new Map(await Promise.race([addresses, this.#fatal.promise]));
  }

  pidOf(role: RoleName): number | undefined {
    return this.#running.get(role)?.child.pid;
  }

  #launch(role: RoleName, backoffMs: number): void {
    const child = fork(fileURLToPath(new URL(FILES[role], import.meta.url)), [], {
      env: { ...this.#env, ...this.#limits.env[role] },
      stdio: ['ignore', 'inherit', 'pipe', 'ipc'],
      execArgv: [...(this.#limits.args[role] ?? [])],
      serialization: 'advanced',
    });
    const known = this.#running.get(role);
    const ready = known?.ready ?? Promise.withResolvers<string>();
    let isFatal = false;
    let reason: string | undefined;
    let lastLine = '';
    let rest = '';
    child.stderr?.setEncoding('utf8').on('data', (chunk: string) => {
      const lines = (rest + chunk).split('\n');
      rest = lines.pop() ?? '';
      for (const line of lines) {
        lastLine = line;
        this.#events.line(role, line);
      }
    });
    const startedAt = Date.now();
    child.on('message', (message: RoleMessage) => {
      if (message.type === 'ready') ready.resolve(message.url);
      else ({ fatal: isFatal, reason } = message);
    });
    child.on('exit', (code, signal) => {
      if (this.#stopping) return;
      const why = reason === undefined ? `${role} ended with ${signal ?? `code ${code}`}${lastLine === '' ? '' : `: ${lastLine}`}` : `${role}: ${reason}`;
      if (isFatal) {
        this.#fatal.reject(new Error(why));
        return;
      }
      this.#events.restarted(role, why);
      const nextMs = Date.now() - startedAt > STEADY_MS ? FIRST_BACKOFF_MS : Math.min(backoffMs * 2, LAST_BACKOFF_MS);
      setTimeout(() => {
        if (!this.#stopping) this.#launch(role, nextMs);
      }, backoffMs);
    });
    this.#running.set(role, { child, ready });
  }

  /** Asks each role to stop, in the order of the event; kills what has not ended in time. */
  async stop(): Promise<void> {
    this.#stopping = true;
    const deadline = Date.now() + STOP_MS;
    for (const role of ['gateway', 'bridge', 'console', 'worker', 'respond', 'storage', 'keys'] as const) {
      const child = this.#running.get(role)?.child;
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
      if (child.connected) child.send({ type: 'stop' } satisfies SupervisorMessage);
      else child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), Math.max(deadline - Date.now(), 100));
      await ended;
      clearTimeout(timer);
    }
  }
}
