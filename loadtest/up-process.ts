import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Home } from '../roles/home.ts';
import { readRunFile, PIPELINE_ROLES } from '../roles/run-file.ts';

const START_MS = 120_000;

/** `tourniquet up` as a user runs it: a process of its own above the roles. */
export class UpProcess implements AsyncDisposable {
  readonly #child: ChildProcess;
  readonly #home: Home;

  private constructor(child: ChildProcess, home: Home) {
    this.#child = child;
    this.#home = home;
  }

  /** Resolves once every role runs. */
  static async start(home: Home): Promise<UpProcess> {
    const child = spawn(process.execPath, [fileURLToPath(new URL('../roles/cli.ts', import.meta.url)), 'up'], { env: { ...process.env, TOURNIQUET_HOME: home.root }, stdio: 'ignore' });
    const deadline = performance.now() + START_MS;
    while (PIPELINE_ROLES.some((role) => readRunFile(home, role) === undefined)) {
      if (child.exitCode !== null || performance.now() > deadline) {
        child.kill('SIGINT');
        throw new Error('the instance did not come up; run "tourniquet up" to see why');
      }
      await sleep(20);
    }
    return new UpProcess(child, home);
  }

  get gatewayUrl(): string {
    return readRunFile(this.#home, 'gateway')?.url ?? '';
  }

  /** Process ids by name, the supervisor among them. */
  pids(): Readonly<Record<string, number>> {
    const roles = PIPELINE_ROLES.map((role) => [role, readRunFile(this.#home, role)?.pid ?? 0] as const);
    return Object.fromEntries([['supervisor', this.#child.pid ?? 0], ...roles]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#child.exitCode !== null) return;
    const ended = new Promise((resolve) => this.#child.once('exit', resolve));
    this.#child.kill('SIGINT');
    await ended;
  }
}
