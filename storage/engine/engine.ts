import { execFileSync } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Readable } from 'node:stream';
import { drainPending, Session } from 'chdb';
import { migrate } from '../migrations/migrate.ts';
import { readersThatFit } from '../config.ts';
import type { StorageConfig } from '../config.ts';
import { StorageError } from '../errors.ts';
import { DATABASE, HARMLESS_CATEGORIES, HARMLESS_OTHERS, judge } from './access-policy.ts';
import type { Functions, User, Verdict } from './access-policy.ts';
import type { DataDirectory } from './data-directory.ts';
import { engineArguments } from './engine-arguments.ts';
import { ReadLane } from './read-lane.ts';
import { insertSettings, readSettings } from './setting-policy.ts';
import type { SettingList } from './setting-policy.ts';
import { ServerException, serverException } from './server-exception.ts';
import { Slots } from './slots.ts';
import { quote } from '../sql-text.ts';
import { clauseStart, fromFile, splitFormat, withoutNumbers } from './statement.ts';

export interface Statement {
  readonly user: User;
  readonly text: string;
  readonly settings: SettingList;
  /** Values as the HTTP protocol writes them. */
  readonly parameters: SettingList;
  /** ClickHouse's `default_format`. */
  readonly format: string;
  /** File with the data of an INSERT … FORMAT. */
  readonly dataFile?: string;
}

export interface Running {
  readonly format: string;
  /** Undefined for an INSERT. */
  readonly output: Readable | undefined;
  readonly finished: Promise<{ readonly rowsRead: number; readonly bytesRead: number }>;
}

interface Judged extends Verdict {
  readonly canonical: string;
}

/** `implicit_select` is a habit of the command line that a server does not have. */
const USE = `USE ${DATABASE}; SET implicit_select = 0`;

/** Verdicts of statements seen before; they do not depend on data. */
/** Units of a statement whose verdict is kept. */
const LONGEST_KEPT = 8_192;
const VERDICTS_KEPT = 512;

/**
 * The ClickHouse engine over one directory. A session for control, one for writing, a fresh one for each read: what a
 * read sets (its limits, readonly=1, parameters) goes with it, and readonly cannot be taken back inside a session.
 */
export class Engine {
  readonly #directory: DataDirectory;
  readonly #config: StorageConfig;
  readonly #control: Session;
  readonly #writers: Slots<Session>;
  readonly #writer: Session;
  readonly #lanes: Slots<ReadLane>;
  readonly #functions: Functions;
  readonly #verdicts = new Map<string, Judged>();
  readonly #closing = new AbortController();
  /** Statements under way; each settles when the engine is done with it. */
  readonly #active = new Set<Promise<unknown>>();

  private constructor(directory: DataDirectory, config: StorageConfig, control: Session, functions: Functions) {
    this.#directory = directory;
    this.#config = config;
    this.#control = control;
    this.#functions = functions;
    this.#writer = this.#session();
    this.#writers = new Slots([this.#writer], 10_000);
    this.#lanes = new Slots(makePipes(directory.spool, readersThatFit(config)).map((pipe) => new ReadLane(pipe)), config.waiting_reads);
  }

  static async open(directory: DataDirectory, config: StorageConfig): Promise<Engine> {
    let control: Session;
    try {
      control = new Session(directory.engine, { connectionArgs: engineArguments(config) });
    } catch (cause) {
      throw new StorageError('directoryUnusable', '', { cause });
    }
    try {
      // The engine's own `default` database reads any file whose path is used as a table name; an empty one does not.
      await control.queryAsync('DROP DATABASE IF EXISTS default; CREATE DATABASE default ENGINE = Memory');
      await control.queryAsync(`CREATE DATABASE IF NOT EXISTS ${DATABASE} ENGINE = Atomic; USE ${DATABASE}`);
      const functions = await knownFunctions(control);
      const rows = async (sql: string): Promise<readonly unknown[]> => jsonLines((await control.queryAsync(sql, { format: 'JSONEachRow' })).text());
      await migrate({ rows, command: async (sql) => void (await control.queryAsync(sql)) });
      return new Engine(directory, config, control, functions);
    } catch (cause) {
      control.close();
      if (cause instanceof StorageError) throw cause;
      throw new StorageError('directoryUnusable', '', { cause });
    }
  }

  #session(): Session {
    return new Session(this.#directory.engine);
  }

  /** Starts a statement. Rejects with the engine's error, or with `signal`'s reason; an abort later kills it. */
  async run(statement: Statement, signal: AbortSignal): Promise<Running> {
    try {
      const either = AbortSignal.any([signal, this.#closing.signal]);
      return await this.#tracked(statement.dataFile === undefined ? this.#read(statement, either) : this.#insertFile(statement, statement.dataFile));
    } catch (error) {
      signal.throwIfAborted();
      throw serverException(error);
    }
  }

  #tracked<T>(work: Promise<T>): Promise<T> {
    const done = (): void => void this.#active.delete(work);
    this.#active.add(work);
    work.then(done, done);
    return work;
  }

  async #read(statement: Statement, signal: AbortSignal): Promise<Running> {
    const lane = await this.#lanes.take(signal);
    const session = this.#session();
    const end = (): void => {
      session.close();
      lane.release();
    };
    try {
      const id = randomUUID();
      await session.queryAsync(`${USE}; SET ${[...readSettings(this.#config, statement.user, statement.settings), ['log_comment', id] as const].map(assignment).join(', ')}`);
      if (statement.parameters.length > 0) await session.queryAsync(`SET ${statement.parameters.map(([name, value]) => assignment([`param_${name}`, value])).join(', ')}`);
      const judged = await this.#judge(session, statement);
      if (judged.kind !== 'read') {
        end();
        return judged.kind === 'alter' ? await this.#alter(judged) : await this.#insertSelect(statement, judged);
      }
      await session.queryAsync('SET readonly = 1');
      const parts = judged.namesFormat || !judged.canonical.startsWith('SELECT') ? splitFormat(judged.canonical) : { body: judged.canonical, format: undefined, tail: '' };
      const format = parts.format ?? statement.format;
      const run = lane.value.start(session, parts.body, checkedFormat(format), parts.tail);
      this.#killOnAbort(id, run.finished, signal);
      void this.#tracked(run.closed).then(end);
      const finished = run.finished.catch((error: unknown) => Promise.reject(serverException(error)));
      finished.catch(() => {});
      return { format, output: run.output, finished };
    } catch (error) {
      end();
      throw error;
    }
  }

  /** Kills until it is gone: the first try may come before the engine has registered the query. */
  #killOnAbort(id: string, finished: Promise<unknown>, signal: AbortSignal): void {
    let over = false;
    const kill = async (): Promise<void> => {
      while (!over) {
        await this.#control.queryAsync(`KILL QUERY WHERE Settings['log_comment'] = ${quote(id)} ASYNC`).catch(() => {});
        await sleep(50);
      }
    };
    const start = (): void => void kill();
    const done = (): void => {
      over = true;
      signal.removeEventListener('abort', start);
    };
    finished.then(done, done);
    if (signal.aborted) start();
    else signal.addEventListener('abort', start, { once: true });
  }

  async #insertFile(statement: Statement, file: string): Promise<Running> {
    return this.#write(statement, async (session) => {
      const judged = await this.#judge(session, statement);
      const selecting = fromFile(statement.text, file);
      if (selecting !== undefined) return selecting;
      const at = clauseStart(judged.canonical, ['SETTINGS', 'FORMAT']);
      return `${judged.canonical.slice(0, at)}FROM INFILE ${quote(file)} COMPRESSION 'none' ${judged.canonical.slice(at)}`;
    });
  }

  async #insertSelect(statement: Statement, judged: Judged): Promise<Running> {
    return this.#write(statement, async () => judged.canonical);
  }

  /** Rewrites the parts that hold the row, or drops a partition; done when it answers. The texts of mutations, which hold the line, go too. */
  async #alter({ canonical }: Judged): Promise<Running> {
    const result = await this.#control.queryAsync(`${canonical} SETTINGS mutations_sync = 2`);
    await this.#control.queryAsync(`KILL MUTATION WHERE database = '${DATABASE}' AND is_done SYNC`);
    return { format: '', output: undefined, finished: Promise.resolve({ rowsRead: result.rowsRead, bytesRead: result.bytesRead }) };
  }

  /** Inserts run one after another. An insert is never killed: it is stored whole or not at all, and its token tells. */
  async #write(statement: Statement, text: (session: Session) => Promise<string>): Promise<Running> {
    const slot = await this.#writers.take();
    const settings = insertSettings(statement.settings);
    const session = slot.value;
    try {
      await session.queryAsync(`${USE}; SET ${settings.map(assignment).join(', ')}`);
      const result = await session.queryAsync(await text(session));
      return { format: '', output: undefined, finished: Promise.resolve({ rowsRead: result.rowsRead, bytesRead: result.bytesRead }) };
    } finally {
      await session.queryAsync(`SET ${settings.map(([name]) => `${name} = DEFAULT`).join(', ')}`).catch(() => {});
      slot.release();
    }
  }

  async #judge(session: Session, statement: Statement): Promise<Judged> {
    // A fence differs by its numbers alone, so inserts into one table share a verdict; their own text is what runs.
    const hasInput = statement.dataFile !== undefined && fromFile(statement.text, '') !== undefined;
    const key = `${statement.user} ${String(hasInput)} ${hasInput ? withoutNumbers(statement.text) : statement.text}`;
    const known = this.#verdicts.get(key);
    if (known !== undefined) return known;
    const canonical = await canonicalText(session, statement.text);
    const ast = (await session.queryAsync(`EXPLAIN AST ${canonical}`, { format: 'TSVRaw' })).text();
    const judged = { canonical, ...judge(statement.user, canonical, ast, this.#functions, hasInput) };
    // A parameter of the type Identifier may stand for a table's name: such a verdict holds for one set of values only.
    const forAnyValues = statement.parameters.length === 0 || !/identifier/i.test(statement.text);
    if (forAnyValues && key.length < LONGEST_KEPT) {
      if (this.#verdicts.size >= VERDICTS_KEPT) this.#verdicts.clear();
      this.#verdicts.set(key, judged);
    }
    return judged;
  }

  /** For migrations, tests and the owner of the process: anything goes. */
  async command(sql: string): Promise<string> {
    return (await this.#control.queryAsync(sql, { format: 'TSVRaw' })).text();
  }

  /** Inserts under way are finished, reads are killed. */
  async close(): Promise<void> {
    this.#closing.abort(new ServerException(236, 'ABORTED', 'The store is being stopped.'));
    while (this.#active.size > 0) await Promise.allSettled(this.#active);
    this.#writer.close();
    this.#control.close();
    await drainPending();
  }
}

/** The engine's own spelling of one statement; refuses several, which the engine would otherwise run in turn. */
async function canonicalText(session: Session, text: string): Promise<string> {
  try {
    return (await session.queryAsync(`SELECT formatQuerySingleLine(${quote(text)})`, { format: 'RawBLOB' })).text();
  } catch (error) {
    const { code, message, cause } = serverException(error);
    throw serverException(new Error(message.replace(/: In scope SELECT formatQuerySingleLine.*$/s, ' (SYNTAX_ERROR)'), { cause: cause ?? code }));
  }
}

async function knownFunctions(session: Session): Promise<Functions> {
  const list = (names: readonly string[]): string => names.map(quote).join(', ');
  const sql = `SELECT lower(name) FROM system.functions WHERE NOT is_aggregate AND if(alias_to = '', name, alias_to) IN
    (SELECT name FROM system.functions WHERE categories IN (${list(HARMLESS_CATEGORIES)}) OR name IN (${list(HARMLESS_OTHERS)}))`;
  const names = async (query: string): Promise<readonly string[]> => (await session.queryAsync(query, { format: 'TSVRaw' })).text().split('\n').filter((n) => n !== '');
  const harmless = new Set(await names(sql));
  return {
    harmless,
    reaching: new Set((await names('SELECT lower(name) FROM system.functions WHERE NOT is_aggregate')).filter((name) => !harmless.has(name))),
    aggregates: await names('SELECT lower(name) FROM system.functions WHERE is_aggregate'),
  };
}

function makePipes(spool: string, count: number): readonly string[] {
  const pipes = Array.from({ length: count }, (_, i) => join(spool, `read-${i}`)).filter((pipe) => !existsSync(pipe));
  execFileSync('mkfifo', ['-m', '600', ...pipes]);
  return pipes;
}

function assignment([name, value]: readonly [string, string]): string {
  return `${name} = ${quote(value)}`;
}

function checkedFormat(format: string): string {
  if (!/^[A-Za-z0-9]{1,64}$/.test(format)) throw serverException(new Error('Code: 73. DB::Exception: Unknown format. (UNKNOWN_FORMAT)'));
  return format;
}

function jsonLines(text: string): readonly unknown[] {
  return text.split('\n').filter((line) => line !== '').map((line): unknown => JSON.parse(line));
}
