import { createWriteStream } from 'node:fs';
import { rename, rm } from 'node:fs/promises';
import readline from 'node:readline/promises';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { ANSWER_FORMATS, formatPage, isAnswerFormat } from '../../storage/audit/answer-format.ts';
import type { AnswerFormat } from '../../storage/audit/answer-format.ts';
import { listQueries } from '../../storage/audit/audit-folders.ts';
import type { AuditFolders } from '../../storage/audit/audit-folders.ts';
import type { AuditQuery } from '../../storage/audit/audit-query.ts';
import { queryFacts } from '../../storage/audit/audit-routes.ts';
import { isIdentifierKind } from '../../storage/audit/audit-service.ts';
import type { AuditRequest, AuditService, Identifier } from '../../storage/audit/audit-service.ts';
import { ConsoleError } from '../../storage/console/errors.ts';
import { IDENTIFIER_KINDS } from '../../contracts/token.ts';
import { accountName } from '../account.ts';
import { openAudit, savedQueries } from '../audit-client.ts';
import { loadConfig } from '../config/config.ts';
import { suggestion } from '../config/problems.ts';
import { connectKeys, readingClient, requireRunning, storageAccess } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { openReplicaLevel } from '../replica-level.ts';
import { openTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';
import { requireFolderOf } from './require-file.ts';

export interface AuditRunOptions {
  /** `name=value` each. */
  readonly param?: readonly string[];
  /** Kind of an identifier that is read from standard input. */
  readonly identifier?: string;
  readonly reason?: string;
  readonly format: string;
  readonly limit: string;
  readonly after?: string;
  readonly out?: string;
}

/** Prints the saved queries, or all of one. Exit code 1 when a file cannot be read. */
export async function auditList(name: string | undefined, options: { readonly json?: true }): Promise<number> {
  const { queries, problems } = await listQueries(savedQueries(loadConfig()));
  const chosen = name === undefined ? queries : queries.filter((query) => query.name === name);
  if (name !== undefined && chosen.length === 0) throw unknownQuery(name, queries.map((query) => query.name));
  if (options.json === true) for (const query of chosen) process.stdout.write(`${JSON.stringify(queryFacts(query))}\n`);
  else if (name === undefined) printTitles(chosen);
  else for (const query of chosen) printQuery(query);
  for (const problem of problems) process.stderr.write(`${problem.message}\n`);
  return problems.length === 0 ? 0 : 1;
}

function printTitles(queries: readonly AuditQuery[]): void {
  const width = Math.max(...queries.map(({ name }) => name.length));
  for (const { name, title, controls } of queries) process.stdout.write(`${name.padEnd(width)}  ${title}  (${controls.slice(0, 3).join(', ')}${controls.length > 3 ? ', …' : ''})\n`);
  process.stdout.write('\nWhat one asks and takes: tourniquet audit list NAME\n');
}

function printQuery({ name, title, question, controls, parameters, role }: AuditQuery): void {
  const width = Math.max(0, ...parameters.map((parameter) => parameter.name.length));
  process.stdout.write(`${name}: ${title}\n  ${question}\n  Serves ${controls.join('; ')}. Over HTTP for ${role === 'analyst' ? 'everyone' : `${role} only`}.\n`);
  for (const { name: parameter, type, default: given, says } of parameters) process.stdout.write(`  --param ${parameter.padEnd(width)}  ${type}, ${given === undefined ? 'needed' : `${given === '' ? 'empty' : given} by default`}: ${says}\n`);
}

function unknownQuery(name: string, known: readonly string[]): UsageError {
  return new UsageError(`there is no query "${name}"; "tourniquet audit list" shows them.${suggestion(name, known)}`);
}

async function queryNamed(folders: AuditFolders, name: string): Promise<AuditQuery> {
  return (await folders.query(name)) ?? Promise.reject(unknownQuery(name, await folders.names()));
}

function parametersIn(given: readonly string[]): Readonly<Record<string, string>> {
  return Object.fromEntries(given.map((text) => {
    const at = text.indexOf('=');
    if (at < 1) throw new UsageError('--param takes NAME=VALUE');
    return [text.slice(0, at), text.slice(at + 1)];
  }));
}

/** From a terminal it is asked for; it never stands among the arguments, which every process of the machine can read. */
async function identifierFrom(kind: string): Promise<Identifier> {
  if (!isIdentifierKind(kind)) throw new UsageError(`--identifier takes the kind, one of ${IDENTIFIER_KINDS.join(', ')}; the identifier itself is read from standard input`);
  if (process.stdin.isTTY) {
    const terminal = readline.createInterface({ input: process.stdin, output: process.stderr });
    const value = await terminal.question(`${kind}: `);
    terminal.close();
    return { kind, value };
  }
  const value = (await Array.fromAsync(process.stdin)).map(String).join('').trim();
  if (value === '') throw new UsageError(`the ${kind} is read from standard input, where nothing came`);
  return { kind, value };
}

function limitIn(text: string): number {
  if (!/^[1-9]\d{0,8}$/.test(text)) throw new UsageError('--limit is a whole number from 1');
  return Number(text);
}

function formatIn(text: string): AnswerFormat {
  if (!isAnswerFormat(text)) throw new UsageError(`there is no format "${text}"; the formats are ${ANSWER_FORMATS.join(', ')}.${suggestion(text, ANSWER_FORMATS)}`);
  return text;
}

/** Runs one saved query on a running instance. The run is on the trail before its first row is shown. */
export async function auditRun(name: string, options: AuditRunOptions): Promise<number> {
  const home = homeAt();
  const config = loadConfig();
  const format = formatIn(options.format);
  const limit = limitIn(options.limit);
  if (options.out !== undefined) requireFolderOf(options.out);
  const parameters = parametersIn(options.param ?? []);
  const query = await queryNamed(savedQueries(config), name);
  requireRunning(config, home, 'storage');
  requireRunning(config, home, 'keys');
  const identifier = options.identifier === undefined ? undefined : await identifierFrom(options.identifier);
  await using log = await openEventLog(config, home);
  await using client = readingClient(await storageAccess(config, home, 'reader'));
  await using replicas = await openReplicaLevel(config, home);
  const audit = openAudit({ config, client, replicas, registry: log.registry, trail: await openTrail(log, await connectKeys(config, home, 'gateway')), keys: () => connectKeys(config, home, 'compliance') });
  return await answered(audit, {
    query, parameters, format, limit, ...(identifier === undefined ? {} : { identifier }),
    ...(options.reason === undefined ? {} : { reason: options.reason }), ...(options.after === undefined ? {} : { after: options.after }),
  }, options.out);
}

async function answered(audit: AuditService, request: AuditRequest, out: string | undefined): Promise<number> {
  const page = await audit.ask({ name: accountName() }, request).catch((error: unknown) => {
    throw error instanceof ConsoleError && error.status === 422 ? new UsageError(`${error.problem ?? error.title}. "tourniquet audit list ${request.query.name}" says what it takes.`) : error;
  });
  const text = Readable.from(formatPage(request.format, request.query, page));
  if (out === undefined) await pipeline(text, process.stdout, { end: false });
  else await writeWhole(out, text);
  const { rows, next } = page.footer();
  if (rows === 0) process.stderr.write('Nothing of that is on record for these sites and this time.\n');
  if (next !== undefined) process.stderr.write(`There is more. Go on with --after ${next}\n`);
  return 0;
}

/** The file appears when it is whole. Only its owner may read it. */
async function writeWhole(file: string, text: Readable): Promise<void> {
  const unfinished = `${file}.${process.pid}.new`;
  try {
    await pipeline(text, createWriteStream(unfinished, { mode: 0o600, flags: 'wx', flush: true }));
    await rename(unfinished, file);
  } catch (error) {
    await rm(unfinished, { force: true });
    throw error;
  }
}
