import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Home } from '../../roles/home.ts';
import { readRunFile } from '../../roles/run-file.ts';
import type { RoleName } from '../../roles/run-file.ts';

const COMMAND = fileURLToPath(new URL('../../roles/cli.ts', import.meta.url));
const UP_MS = 600_000;
const AGAIN_AFTER_MS = 200;

/** `tourniquet up --roles …` on a home of its own, as one machine of a deployment runs it; brought back when it ends. */
export class Unit implements AsyncDisposable {
  readonly name: string;
  readonly home: Home;
  readonly roles: readonly RoleName[];
  /** Words before the command, such as `ip netns exec NAME`. */
  readonly #prefix: readonly string[];
  #child: ChildProcess | undefined;
  #wanted = false;
  /** Its group does not end with ours by itself. */
  readonly #atExit = (): void => this.signal('SIGKILL');

  constructor(name: string, home: Home, roles: readonly RoleName[], config: string, prefix: readonly string[] = []) {
    this.name = name;
    this.home = home;
    this.roles = roles;
    this.#prefix = prefix;
    writeFileSync(path.join(home.root, 'tourniquet.yaml'), config);
    process.on('exit', this.#atExit);
  }

  get logFile(): string {
    return path.join(this.home.root, 'up.log');
  }

  start(): void {
    this.#wanted = true;
    const [program = process.execPath, ...args] = [...this.#prefix, process.execPath, COMMAND, 'up', '--roles', this.roles.join(',')];
    // A process group of its own: a machine that dies takes its supervisor and its roles along.
    const child = spawn(program, args, { env: { ...process.env, TOURNIQUET_HOME: this.home.root, TOURNIQUET_CONFIG: undefined }, stdio: ['ignore', 'ignore', 'pipe'], detached: true });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => appendFileSync(this.logFile, text));
    child.on('exit', () => {
      if (this.#wanted && this.#child === child) setTimeout(() => this.#wanted && this.#child === child && this.start(), AGAIN_AFTER_MS);
    });
  }

  pidOf(role: RoleName): number | undefined {
    return readRunFile(this.home, role)?.pid;
  }

  urlOf(role: RoleName): string {
    return readRunFile(this.home, role)?.url ?? '';
  }

  /** What the role says of itself. */
  statusOf(role: RoleName): Readonly<Record<string, unknown>> {
    return readRunFile(this.home, role)?.status ?? {};
  }

  /** Partitions its worker works on now, as of a moment ago. */
  get partitions(): readonly number[] {
    const statuses = this.statusOf('worker')['partitions'];
    // Written by the worker role from CommitterStatus.
    return Array.isArray(statuses) ? (statuses as readonly { readonly partition: number }[]).map(({ partition }) => partition) : [];
  }

  async untilUp(): Promise<void> {
    const deadline = performance.now() + UP_MS;
    while (this.roles.some((role) => readRunFile(this.home, role) === undefined)) {
      if (performance.now() > deadline) throw new Error(`${this.name} did not come up; see ${this.logFile}`);
      await sleep(50);
    }
  }

  /** To every process of the unit at once. */
  signal(signal: 'SIGKILL' | 'SIGSTOP' | 'SIGCONT'): void {
    const pid = this.#child?.pid;
    if (pid === undefined) return;
    try {
      process.kill(-pid, signal);
    } catch {
      // It has just ended by itself.
    }
  }

  /** kill -9 of the whole machine; it stays away until `start`. */
  die(): void {
    this.#wanted = false;
    this.signal('SIGKILL');
  }

  /** Asks it to stop, as an operator does; it stays away until `start`. */
  async stop(): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child === undefined || child.exitCode !== null || child.signalCode !== null) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGTERM');
    await ended;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.signal('SIGCONT');
    await this.stop();
    this.signal('SIGKILL');
    process.off('exit', this.#atExit);
  }
}
