import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Browser } from './browser.ts';
import { fpmCommand } from './fpm-server.ts';
import { MariaDb } from './maria-db.ts';
import { OwnedProcess } from './owned-process.ts';
import type { MadeUpPerson } from './people.ts';
import { iniArguments, phpLiteral, runPhp } from './php-runner.ts';
import { siteTemplate, TEMPLATE_HOST } from './site-template.ts';
import { spooledEvents } from './spool-reader.ts';
import type { DottedEvent } from './spool-reader.ts';
import { PHP_SOURCE, WordPressTree } from './wordpress-tree.ts';
import type { SiteConfig } from './wordpress-tree.ts';

export interface SiteOptions {
  /** Port of the web server; a free one otherwise. */
  readonly port?: number;
  /** A network of three sites in directories: `/`, `/north/` and `/south/`. */
  readonly isNetwork?: boolean;
  /** How our plugin is there. */
  readonly plugin?: 'plugin' | 'must-use' | 'none';
  readonly constants?: SiteConfig['constants'];
  readonly ini?: Readonly<Record<string, string>>;
  readonly env?: Readonly<Record<string, string>>;
  readonly workers?: number;
  /** Port of a `FakeInternet`; without one, hosts outside cannot be reached. */
  readonly internetPort?: number;
  /** A spool that another site has, too. */
  readonly spoolDirectory?: string;
  /** No token key yet: it comes with a real enrolment. */
  readonly isWithoutTokenKey?: true;
}

/** What a letter would have brought. */
const MADE_UP_TOKEN_KEY = Buffer.alloc(32, 1);

/** Where nothing listens, so that a call outside fails at once. */
const NOBODY = 9;

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().on('error', reject);
    server.listen(0, '127.0.0.1', () => {
      // It listens on TCP, so its address has a port.
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}

/** A whole WordPress with its database, on ports and in a directory of its own. */
export class WordPressSite implements AsyncDisposable {
  readonly directory: string;
  readonly tree: WordPressTree;
  readonly database: MariaDb;
  readonly port: number;
  readonly spoolDirectory: string;
  readonly #options: SiteOptions;
  #server: OwnedProcess | undefined;

  private constructor(directory: string, tree: WordPressTree, database: MariaDb, port: number, spoolDirectory: string, options: SiteOptions) {
    this.directory = directory;
    this.tree = tree;
    this.database = database;
    this.port = port;
    this.spoolDirectory = spoolDirectory;
    this.#options = options;
  }

  static async start(options: SiteOptions = {}): Promise<WordPressSite> {
    const template = await siteTemplate(options.isNetwork === true);
    const directory = mkdtempSync(path.join(os.tmpdir(), 'tq-wp-'));
    const port = options.port ?? await freePort();
    const database = await MariaDb.start(path.join(directory, 'db'), template);
    const spoolDirectory = options.spoolDirectory ?? path.join(directory, 'spool');
    const tree = WordPressTree.make(path.join(directory, 'web'), {
      socket: database.socket, log: path.join(directory, 'php.log'), network: options.isNetwork === true ? `127.0.0.1:${port}` : '',
      constants: {
        TOURNIQUET_SPOOL_DIRECTORY: spoolDirectory,
        // Off where tests decide when something is shipped.
        TOURNIQUET_OWN_HEARTBEAT: false,
        TEST_SITE_INTERNET: options.internetPort ?? NOBODY,
        ...options.constants,
      },
    });
    const site = new WordPressSite(directory, tree, database, port, spoolDirectory, options);
    try {
      await site.#begin();
    } catch (error) {
      await site[Symbol.asyncDispose]();
      throw error;
    }
    return site;
  }

  async #begin(): Promise<void> {
    await this.#moveHere();
    await this.startServer();
    const identity = path.join(this.spoolDirectory, 'identity.json');
    if (this.#options.isWithoutTokenKey !== true && !existsSync(identity)) writeFileSync(identity, JSON.stringify({ token_keys: { 1: MADE_UP_TOKEN_KEY.toString('base64url') } }), { mode: 0o600 });
    const kind = this.#options.plugin ?? 'plugin';
    if (kind === 'none') return;
    this.tree.addPlugin(kind);
    if (kind === 'plugin') await this.php(`require_once ABSPATH . 'wp-admin/includes/plugin.php'; $problem = activate_plugin('tourniquet/tourniquet.php', '', is_multisite()); if (is_wp_error($problem)) { throw new Exception($problem->get_error_message()); }`);
  }

  /** Gives the copy of the template this site's address. */
  async #moveHere(): Promise<void> {
    const tables = (await this.database.sql("SHOW TABLES LIKE 'wp\\_%options'")).trim().split('\n');
    const host = `127.0.0.1:${this.port}`;
    const moved = tables.map((t) => `UPDATE ${t} SET option_value = REPLACE(option_value, '${TEMPLATE_HOST}', '${host}') WHERE option_name IN ('siteurl', 'home');`);
    if (this.#options.isNetwork === true) {
      moved.push(`UPDATE wp_site SET domain = '${host}';`, `UPDATE wp_blogs SET domain = '${host}';`, `UPDATE wp_sitemeta SET meta_value = REPLACE(meta_value, '${TEMPLATE_HOST}', '${host}') WHERE meta_key = 'siteurl';`);
    }
    await this.database.sql(moved.join('\n'));
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** What PHP wrote of warnings and errors. */
  get phpLog(): string {
    const file = path.join(this.directory, 'php.log');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  /** Mail that WordPress sent, as text. */
  get mail(): string {
    const file = path.join(this.directory, 'mail');
    return existsSync(file) ? readFileSync(file, 'utf8') : '';
  }

  #ini(): Readonly<Record<string, string>> {
    return { 'opcache.enable': '1', 'opcache.enable_cli': '1', 'opcache.revalidate_freq': '0', sendmail_path: `/bin/cat >> ${path.join(this.directory, 'mail')}`, memory_limit: '256M', display_errors: '0', log_errors: '1', error_log: path.join(this.directory, 'php.log'), ...this.#options.ini };
  }

  async startServer(): Promise<void> {
    mkdirSync(this.spoolDirectory, { recursive: true, mode: 0o700 });
    this.#server = await this.#serve(this.port);
  }

  async #serve(port: number): Promise<OwnedProcess> {
    const workers = this.#options.workers ?? 4;
    const command = process.env['TEST_SITE_SERVER'] === 'fpm'
      ? fpmCommand({ directory: this.directory, tree: this.tree.root, port, ini: this.#ini(), workers })
      : ['php', ...iniArguments(this.#ini()), '-S', `127.0.0.1:${port}`, '-t', this.tree.root, path.join(PHP_SOURCE, 'router.php')];
    const server = OwnedProcess.start(command, path.join(this.directory, 'server.log'), { PHP_CLI_SERVER_WORKERS: String(workers), ...this.#options.env });
    for (let tries = 0; tries < 4000; tries++) {
      try {
        await (await fetch(`http://127.0.0.1:${port}/wp-includes/images/blank.gif`)).arrayBuffer();
        return server;
      } catch {
        await sleep(25);
      }
    }
    await server[Symbol.asyncDispose]();
    throw new Error(`PHP's server did not start; see ${this.directory}/server.log`);
  }

  /** A second web server on the same files, database and spool. */
  async anotherHead(): Promise<AsyncDisposable & { readonly browser: Browser }> {
    const port = await freePort();
    const server = await this.#serve(port);
    return { browser: new Browser(`http://127.0.0.1:${port}`), [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
  }

  /** As if the machine were switched off: nothing that runs can finish. */
  async stopServer(): Promise<void> {
    await this.#server?.[Symbol.asyncDispose]();
    this.#server = undefined;
  }

  /** Other constants from the next request on, over those it has. */
  setConstants(constants: SiteConfig['constants']): void {
    this.tree.configure({ ...this.tree.config(), constants: { ...this.tree.config().constants, ...constants } });
  }

  /** Enrols the plugin as its owner does. Throws with what the plugin says. */
  async enrol(line: string): Promise<void> {
    const problem = await this.php(`echo Tourniquet\\Plugin::get()->spool()->enrol(${phpLiteral(line)});`);
    if (problem !== '') throw new Error(problem);
  }

  /** What the plugin does each minute: seals, ships, fetches orders. Blocks acknowledged; -1 when another process ships. */
  async minute(): Promise<number> {
    return Number(await this.php("$p = Tourniquet\\Plugin::get(); echo (new Tourniquet\\Spool\\Trigger($p->spool(), $p->journal(), $p->settings()))->minute();"));
  }

  /** The spool's own account of itself. */
  async spoolStatus(): Promise<Readonly<Record<string, unknown>>> {
    // Printed by the line before.
    return JSON.parse(await this.php("echo json_encode(Tourniquet\\Plugin::get()->spool()->status());")) as Readonly<Record<string, unknown>>;
  }

  browser(headers: Readonly<Record<string, string>> = {}, sitePath = ''): Browser {
    return new Browser(`${this.url}${sitePath}`, headers);
  }

  async loggedIn(person: Pick<MadeUpPerson, 'login' | 'password'>, sitePath = ''): Promise<Browser> {
    const browser = this.browser({}, sitePath);
    await browser.logIn(person);
    if (!browser.isLoggedIn()) throw new Error(`${person.login} could not log in`);
    return browser;
  }

  /** Runs statements inside WordPress on the command line; what they print. */
  async php(code: string, sitePath = '/'): Promise<string> {
    const logged = this.phpLog.length;
    return runPhp({ tree: this.tree.root, host: `127.0.0.1:${this.port}`, path: sitePath, ini: this.#ini(), ...(this.#options.env === undefined ? {} : { env: this.#options.env }) }, code).catch((error: unknown) => {
      throw new Error(`${error instanceof Error ? error.message : String(error)}\n${this.phpLog.slice(logged).slice(0, 2000)}`);
    });
  }

  /** Runs what WordPress' own clock has due, as a visit would. */
  async cron(): Promise<void> {
    await (await fetch(`${this.url}/wp-cron.php?doing_wp_cron`)).text();
  }

  /** An application password of a person, as `login:password`. */
  async applicationPassword(person: Pick<MadeUpPerson, 'login'>, name = 'test'): Promise<string> {
    const password = await this.php(`[$password] = WP_Application_Passwords::create_new_application_password(get_user_by('login', ${phpLiteral(person.login)})->ID, ['name' => ${phpLiteral(name)}]); echo $password;`);
    return `${person.login}:${password.trim()}`;
  }

  async userId(person: Pick<MadeUpPerson, 'login'>): Promise<number> {
    return Number(await this.database.sql(`SELECT ID FROM wp_users WHERE user_login = '${person.login}'`));
  }

  /** The key of the newest epoch, with which this site makes tokens. */
  async tokenKey(): Promise<Uint8Array> {
    return Buffer.from(await this.php("echo bin2hex((string) Tourniquet\\Plugin::get()->spool()->identity()->tokenKey());"), 'hex');
  }

  /** All that our plugin keeps in the database, as text. */
  async ownRows(): Promise<string> {
    const tables = (await this.database.sql("SHOW TABLES LIKE '%tourniquet%'")).trim().split('\n').filter((t) => t !== '');
    const options = (await this.database.sql("SHOW TABLES LIKE '%options'")).trim().split('\n');
    const asked = [...tables.map((t) => `SELECT * FROM ${t};`), ...options.map((t) => `SELECT option_name, option_value FROM ${t} WHERE option_name LIKE '%tourniquet%';`), "SELECT meta_key, meta_value FROM wp_usermeta WHERE meta_key LIKE '%tourniquet%';"];
    return this.database.sql(asked.join('\n'));
  }

  /** What lies in the spool, oldest first. */
  events(): readonly DottedEvent[] {
    return spooledEvents(this.spoolDirectory);
  }

  /** Takes over edits of the checkout. */
  refresh(): void {
    const kind = this.#options.plugin ?? 'plugin';
    if (kind !== 'none') this.tree.refresh(kind);
  }

  /** `TOURNIQUET_KEEP` in the environment keeps the directory, to look into what went wrong. */
  async [Symbol.asyncDispose](): Promise<void> {
    await this.stopServer();
    await this.database[Symbol.asyncDispose]();
    if (process.env['TOURNIQUET_KEEP'] === undefined) rmSync(this.directory, { recursive: true, force: true, maxRetries: 3 });
  }
}
