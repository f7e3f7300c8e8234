import { execFile } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { OwnedProcess } from './owned-process.ts';

const run = promisify(execFile);
const START_MS = 120_000;

/** Small, and without care for a loss of power: what is in it can be made again. */
const SERVER = [
  '--no-defaults', '--user=root', '--skip-networking', '--skip-log-bin', '--performance-schema=0', '--innodb-buffer-pool-size=48M', '--innodb-log-file-size=8M',
  '--innodb-flush-log-at-trx-commit=0', '--innodb-doublewrite=0', '--key-buffer-size=1M', '--max-connections=150', '--character-set-server=utf8mb4',
];

/** A MariaDB of one's own, reached by its socket alone. */
export class MariaDb implements AsyncDisposable {
  readonly directory: string;
  readonly socket: string;
  readonly #process: OwnedProcess;

  private constructor(directory: string, process: OwnedProcess) {
    this.directory = directory;
    this.socket = path.join(directory, 's');
    this.#process = process;
  }

  /** `directory` is made: a copy of `template` (a directory that `stopCleanly` left), or empty with a database `wordpress`. */
  static async start(directory: string, template?: string): Promise<MariaDb> {
    const data = path.join(directory, 'data');
    mkdirSync(directory, { recursive: true });
    if (template !== undefined) cpSync(template, data, { recursive: true });
    const isNew = !existsSync(data);
    // A server clears temporary tables of any other away when it starts.
    const temporary = path.join(directory, 'tmp');
    mkdirSync(temporary, { recursive: true });
    if (isNew) await run('mariadb-install-db', ['--no-defaults', '--user=root', `--datadir=${data}`, `--tmpdir=${temporary}`, '--auth-root-authentication-method=normal', '--skip-test-db', '--innodb-log-file-size=8M']);
    const socket = path.join(directory, 's');
    // Debian keeps servers where only root's PATH looks.
    const server = existsSync('/usr/sbin/mariadbd') ? '/usr/sbin/mariadbd' : 'mariadbd';
    const database = new MariaDb(directory, OwnedProcess.start([server, ...SERVER, `--datadir=${data}`, `--tmpdir=${temporary}`, `--socket=${socket}`, `--pid-file=${path.join(directory, 'pid')}`], path.join(directory, 'mariadb.log')));
    await database.#answers();
    if (isNew) await database.sql('CREATE DATABASE wordpress CHARACTER SET utf8mb4', '');
    return database;
  }

  async #answers(): Promise<void> {
    const until = performance.now() + START_MS;
    for (;;) {
      try {
        await this.sql('SELECT 1', '');
        return;
      } catch (error) {
        if (performance.now() > until) throw new Error(`MariaDB did not start; see ${this.directory}/mariadb.log`, { cause: error });
        await sleep(50);
      }
    }
  }

  /** Rows as text, columns by tabulators. */
  async sql(statements: string, schema = 'wordpress'): Promise<string> {
    const { stdout } = await run('mariadb', ['--no-defaults', '--user=root', `--socket=${this.socket}`, '--batch', '--skip-column-names', '--default-character-set=utf8mb4', '--execute', statements, schema], { maxBuffer: 1 << 28 });
    return stdout;
  }

  /** All of the database as SQL. */
  async dump(): Promise<string> {
    const { stdout } = await run('mariadb-dump', ['--no-defaults', '--user=root', `--socket=${this.socket}`, '--default-character-set=utf8mb4', 'wordpress'], { maxBuffer: 1 << 28 });
    return stdout;
  }

  /** Takes the database back to what a dump holds. */
  async restore(dump: string): Promise<void> {
    const file = path.join(this.directory, 'dump.sql');
    writeFileSync(file, dump);
    await this.sql(`SOURCE ${file}`);
  }

  /** Writes all to `directory/data` and ends. */
  async stopCleanly(): Promise<string> {
    await this.sql('SHUTDOWN', '');
    const until = performance.now() + START_MS;
    while (existsSync(path.join(this.directory, 'pid')) && performance.now() < until) await sleep(20);
    await this.#process[Symbol.asyncDispose]();
    return path.join(this.directory, 'data');
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#process[Symbol.asyncDispose]();
  }
}
