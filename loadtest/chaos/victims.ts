import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { Home } from '../../roles/home.ts';
import { readRunFile, PIPELINE_ROLES } from '../../roles/run-file.ts';
import { ANSWERED_ATTACK } from '../answered-attack.ts';

const COMMAND = fileURLToPath(new URL('../../roles/cli.ts', import.meta.url));

/** Every process of the product that can die: the roles, the supervisor above them, and the sender. */
export const VICTIMS = [...PIPELINE_ROLES, 'supervisor', 'send'] as const;
export type Victim = (typeof VICTIMS)[number];

/** The product under test, as processes of their own, brought back whenever they end. */
export class Victims {
  readonly #home: Home;
  readonly #file: string;
  #supervisor: ChildProcess | undefined;
  #sender: ChildProcess | undefined;
  #stopping = false;
  #lines = 0;

  constructor(home: Home) {
    this.#home = home;
    this.#file = path.join(home.root, 'chaos.ndjson');
  }

  #run(args: readonly string[]): ChildProcess {
    const child = spawn(process.execPath, [COMMAND, ...args], { env: { ...process.env, TOURNIQUET_HOME: this.#home.root }, stdio: ['ignore', 'ignore', 'pipe'] });
    child.stderr.setEncoding('utf8').on('data', (text: string) => {
      // What is said while all is stopped may come when the home is gone.
      if (!this.#stopping) appendFileSync(path.join(this.#home.root, 'chaos.log'), text);
    });
    return child;
  }

  start(): void {
    this.#supervisor = this.#run(['up']);
    this.#supervisor.on('exit', () => {
      if (!this.#stopping) setTimeout(() => this.start(), 50);
    });
  }

  /** Ships the growing file, again and again. */
  keepSending(site: string): void {
    this.#sender = this.#run(['send', this.#file, '--site', site, '--stream', 'chaos', '--format', 'ndjson']);
    this.#sender.on('exit', () => {
      if (!this.#stopping) setTimeout(() => this.keepSending(site), 50);
    });
  }

  /** Appends numbered events, the first of each batch an attack. */
  grow(count: number): void {
    const at = new Date().toISOString();
    const events = Array.from({ length: count }, (_, i) => {
      const request = i === 0 ? ANSWERED_ATTACK : { url: { path: '/', query: 'page=2' } };
      return JSON.stringify({ '@timestamp': at, event: { kind: 'event', category: 'http', action: `chaos-${this.#lines + i}`, outcome: 'success' }, source: { ip: '203.0.113.9' }, ...request });
    });
    appendFileSync(this.#file, `${events.join('\n')}\n`);
    this.#lines += count;
  }

  get lines(): number {
    return this.#lines;
  }

  #pidOf(victim: Victim): number | undefined {
    if (victim === 'supervisor') return this.#supervisor?.pid;
    if (victim === 'send') return this.#sender?.exitCode === null ? this.#sender.pid : undefined;
    return readRunFile(this.#home, victim)?.pid;
  }

  /** kill -9, once the process is there. */
  async kill(victim: Victim): Promise<void> {
    for (let tries = 0; tries < 12_000; tries++) {
      const pid = this.#pidOf(victim);
      try {
        if (pid !== undefined) {
          process.kill(pid, 'SIGKILL');
          return;
        }
      } catch {
        // It ended between the two lines.
      }
      await sleep(10);
    }
    throw new Error(`${victim} did not come back within two minutes`);
  }

  async stop(): Promise<void> {
    this.#stopping = true;
    for (const child of [this.#sender, this.#supervisor]) {
      if (child === undefined || child.exitCode !== null || child.signalCode !== null) continue;
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
    }
  }
}
