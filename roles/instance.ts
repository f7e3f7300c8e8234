import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { loadConfig } from './config/config.ts';
import { makeHome } from './home.ts';
import type { Home } from './home.ts';
import { InstanceLock } from './instance-lock.ts';
import { roleLimits } from './role-limits.ts';
import type { RoleName } from './run-file.ts';
import { makeSecrets } from './secret-files.ts';
import { Supervisor } from './supervisor.ts';
import type { SupervisorEvents } from './supervisor.ts';

/** Another process runs on the same directory. */
export class InUseError extends Error {
  override readonly name = 'InUseError';
  constructor(home: Home) {
    super(`another instance runs on ${home.root}. Stop it first, or set TOURNIQUET_HOME to another directory.`);
  }
}

/** The pipeline, or some of its roles, on one directory: locked, its secrets made, its roles running. */
export class Instance implements AsyncDisposable {
  readonly home: Home;
  readonly #lock: InstanceLock;
  readonly #supervisor: Supervisor;

  private constructor(home: Home, lock: InstanceLock, supervisor: Supervisor) {
    this.home = home;
    this.#lock = lock;
    this.#supervisor = supervisor;
  }

  /** Takes the directory. Throws `InUseError` when another instance holds it, `ConfigError` for a wrong configuration. */
  static async open(home: Home, roles: readonly RoleName[], events: SupervisorEvents): Promise<Instance> {
    const env = { ...process.env, TOURNIQUET_HOME: home.root };
    const limits = roleLimits(loadConfig(env));
    if (existsSync(home.restoring)) throw new Error(`a backup is being restored into ${home.root}, or that was broken off: run "tourniquet restore" again`);
    makeHome(home);
    const lock = await takeLock(home);
    makeSecrets(home);
    return new Instance(home, lock, new Supervisor(roles, env, limits, events));
  }

  /** Resolves with the roles' addresses once all are ready. */
  start(): Promise<ReadonlyMap<RoleName, string>> {
    return this.#supervisor.start();
  }

  /** Rejects when a role cannot go on. */
  get failed(): Promise<never> {
    return this.#supervisor.failed;
  }

  pidOf(role: RoleName): number | undefined {
    return this.#supervisor.pidOf(role);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#supervisor.stop();
    this.#lock[Symbol.dispose]();
  }
}

/** A predecessor that is just ending gets a moment. */
async function takeLock(home: Home): Promise<InstanceLock> {
  for (let tries = 0; tries < 10; tries++) {
    const lock = InstanceLock.take(home);
    if (lock !== undefined) return lock;
    await sleep(100);
  }
  throw new InUseError(home);
}
