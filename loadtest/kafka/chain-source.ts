import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { formatEnrolment } from '../../contracts/site.ts';
import type { Home } from '../../roles/home.ts';
import { registerSite } from '../pipeline.ts';
import type { Deployment } from './deployment.ts';
import { eventLine } from './event-line.ts';

const COMMAND = fileURLToPath(new URL('../../roles/cli.ts', import.meta.url));
const AGAIN_AFTER_MS = 400;
/** Each so many lines, one is an attack. */
const ATTACK_EVERY = 250;

/** A file that grows, and `tourniquet send` that ships it as a signed chain, again and again, until it is stopped. */
export class ChainSource {
  readonly site: string;
  readonly stream = 'chain';
  readonly #home: Home;
  readonly #file: string;
  readonly #enrolment: string;
  #child: ChildProcess | undefined;
  #wanted = false;
  #lines = 0;

  private constructor(site: string, home: Home, enrolment: string) {
    this.site = site;
    this.#home = home;
    this.#file = path.join(home.root, `${site}.ndjson`);
    this.#enrolment = enrolment;
  }

  /** Registers the site; its shipper speaks to the gateway at this address. */
  static async open(deployment: Deployment, site: string, gatewayUrl: string): Promise<ChainSource> {
    const { enrolmentSecret } = await registerSite(deployment.core.home, site);
    return new ChainSource(site, deployment.homeOf(`sender-${site}`), formatEnrolment(site, enrolmentSecret, gatewayUrl));
  }

  /** What the sender said. */
  get logFile(): string {
    return path.join(this.#home.root, 'send.log');
  }

  /** Lines written so far. */
  get lines(): number {
    return this.#lines;
  }

  grow(count: number): void {
    const lines = Array.from({ length: count }, (_, i) => eventLine({ action: `${this.site}-${this.#lines + i}`, attack: (this.#lines + i) % ATTACK_EVERY === 0 }));
    appendFileSync(this.#file, `${lines.join('\n')}\n`);
    this.#lines += count;
  }

  start(): void {
    this.#wanted = true;
    const child = spawn(process.execPath, [COMMAND, 'send', this.#file, '--site', this.site, '--stream', this.stream, '--format', 'ndjson', '--enrolment', this.#enrolment], { env: { ...process.env, TOURNIQUET_HOME: this.#home.root, TOURNIQUET_CONFIG: undefined }, stdio: ['ignore', 'ignore', 'pipe'] });
    this.#child = child;
    child.stderr.setEncoding('utf8').on('data', (text: string) => appendFileSync(this.logFile, text));
    child.on('exit', () => {
      if (this.#wanted) setTimeout(() => this.#wanted && this.start(), AGAIN_AFTER_MS);
    });
  }

  /** Undefined between two runs. */
  get pid(): number | undefined {
    return this.#child?.exitCode === null && this.#child.signalCode === null ? this.#child.pid : undefined;
  }

  async stop(): Promise<void> {
    this.#wanted = false;
    const child = this.#child;
    if (child === undefined || this.pid === undefined) return;
    const ended = new Promise((resolve) => child.once('exit', resolve));
    child.kill('SIGINT');
    await ended;
  }
}
