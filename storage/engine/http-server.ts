import { randomBytes, randomUUID } from 'node:crypto';
import { createServer } from 'node:http';
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import type { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { createGzip, createZstdCompress } from 'node:zlib';
import type { User } from './access-policy.ts';
import { bodyStart, BodySpool, MAX_QUERY_BYTES, wholeForm } from './body-spool.ts';
import type { Engine, Running, Statement } from './engine.ts';
import { authenticate, decodedBody, parameter, readAddress, refuseWrites } from './http-request.ts';
import type { Credentials, RequestParts } from './http-request.ts';
import { multipartFields } from './multipart.ts';
import { httpStatusOf, ServerException, serverException } from './server-exception.ts';
import { insertHead } from './statement.ts';

export interface HttpServerOptions {
  readonly engine: Engine;
  readonly spoolDirectory: string;
  readonly maxBodyBytes: number;
  readonly credentials: readonly Credentials[];
}

const MIME: ReadonlyMap<string, string> = new Map([
  ['JSON', 'application/json; charset=UTF-8'],
  ['JSONCompact', 'application/json; charset=UTF-8'],
  ['JSONEachRow', 'application/x-ndjson; charset=UTF-8'],
  ['CSV', 'text/csv; charset=UTF-8; header=absent'],
  ['CSVWithNames', 'text/csv; charset=UTF-8; header=present'],
  ['TabSeparated', 'text/tab-separated-values; charset=UTF-8'],
  ['Native', 'application/octet-stream'],
  ['Parquet', 'application/octet-stream'],
  ['RowBinary', 'application/octet-stream'],
]);

/** Speaks ClickHouse's HTTP protocol; what it cannot do it refuses with ClickHouse's own code. */
export function createHttpServer(options: HttpServerOptions): Server {
  const server = createServer({ keepAliveTimeout: 10_000, requestTimeout: 0 }, (request, response) => {
    void answer(options, request, response);
  });
  return server;
}

async function answer(options: HttpServerOptions, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const startedMs = performance.now();
  const gone = new AbortController();
  response.once('close', () => {
    if (!response.writableFinished) gone.abort(new Error('the client went away'));
  });
  response.setHeader('X-ClickHouse-Server-Display-Name', 'tourniquet');
  response.setHeader('X-ClickHouse-Timezone', 'UTC');
  try {
    const url = new URL(request.url ?? '/', 'http://localhost');
    if (url.pathname === '/ping' || url.pathname === '/replicas_status') {
      response.end('Ok.\n');
      return;
    }
    if (url.pathname !== '/') throw new ServerException(60, 'UNKNOWN_TABLE', 'There is no handle for this path.');
    const user = authenticate(request, url, options.credentials);
    const parts = readAddress(request, url);
    response.setHeader('X-ClickHouse-Query-Id', parts.queryId ?? randomUUID());
    await using spool = new BodySpool(options.spoolDirectory);
    const statement = await statementOf(options, request, user, parts, spool);
    const running = await options.engine.run(statement, gone.signal);
    await send(request, response, parts, running, { startedMs, spooledBytes: spool.bytes });
  } catch (error) {
    refuse(request, response, error);
  }
}

async function statementOf(options: HttpServerOptions, request: IncomingMessage, user: User, parts: RequestParts, spool: BodySpool): Promise<Statement> {
  const statement = { user, settings: parts.settings, parameters: parts.parameters, format: parts.format };
  const type = request.headers['content-type'] ?? '';
  if (request.method === 'POST' && type.startsWith('multipart/form-data')) {
    const fields = multipartFields(await wholeForm(decodedBody(request)), type);
    const parameters = [...parts.parameters, ...[...fields].filter(([name]) => name.startsWith('param_')).map(parameter)];
    return { ...statement, text: fields.get('query') ?? parts.query, parameters };
  }
  const inAddress = parts.query !== '';
  const body = decodedBody(request);
  const start = await bodyStart(body, inAddress ? 0 : MAX_QUERY_BYTES);
  // Latin-1 keeps one character a byte, so positions in the text are positions in the body.
  const source = inAddress ? Buffer.concat([Buffer.from(parts.query), Buffer.from('\n')]) : start.bytes;
  const head = insertHead(source.toString('latin1'));
  refuseWrites(request.method, head !== undefined);
  if (head === undefined) {
    if (start.rest !== undefined || (inAddress && start.bytes.length > MAX_QUERY_BYTES)) throw new ServerException(62, 'SYNTAX_ERROR', `The query is longer than ${MAX_QUERY_BYTES} bytes.`);
    return { ...statement, text: (inAddress ? Buffer.concat([source, start.bytes]) : source).toString() };
  }
  const inline = source.subarray(Math.min(head.dataStart, source.length));
  await spool.store([inline, ...(inAddress ? [start.bytes] : []), ...(start.rest === undefined ? [] : [start.rest])], options.maxBodyBytes);
  return { ...statement, text: Buffer.from(head.text, 'latin1').toString(), dataFile: spool.path };
}

interface Measured {
  readonly startedMs: number;
  readonly spooledBytes: number;
}

function summary(measured: Measured, rows: number, bytes: number, isInsert: boolean): string {
  const n = (value: number): string => String(value);
  return JSON.stringify({
    read_rows: n(rows), read_bytes: n(bytes), written_rows: n(isInsert ? rows : 0), written_bytes: n(isInsert ? bytes : 0), total_rows_to_read: '0',
    result_rows: n(isInsert ? rows : 0), result_bytes: n(isInsert ? bytes : 0), elapsed_ns: n(Math.round((performance.now() - measured.startedMs) * 1e6)),
  });
}

async function send(request: IncomingMessage, response: ServerResponse, parts: RequestParts, running: Running, measured: Measured): Promise<void> {
  if (running.output === undefined) {
    const { rowsRead } = await running.finished;
    response.setHeader('X-ClickHouse-Summary', summary(measured, rowsRead, measured.spooledBytes, true));
    response.end();
    return;
  }
  const output = running.output;
  try {
    // The first block decides the status: an error before it is a plain error answer.
    const first = await firstChunk(output, running.finished);
    const tag = randomBytes(8).toString('hex');
    response.setHeader('X-ClickHouse-Format', running.format);
    response.setHeader('Content-Type', MIME.get(running.format) ?? 'text/plain; charset=UTF-8');
    response.setHeader('X-ClickHouse-Exception-Tag', tag);
    response.setHeader('X-ClickHouse-Summary', summary(measured, 0, 0, false));
    const encoder = parts.compressResponse ? encoderFor(request.headers['accept-encoding'] ?? '') : undefined;
    if (encoder !== undefined) response.setHeader('Content-Encoding', encoder.name);
    const chunks = withLateError(first, output, running.finished, tag);
    await (encoder === undefined ? pipeline(chunks, response) : pipeline(chunks, encoder.stream, response));
  } finally {
    // The engine waits for its pipe to be read, also when nobody wants the rest.
    output.resume();
  }
}

async function firstChunk(output: Readable, finished: Promise<unknown>): Promise<Buffer | undefined> {
  const chunk = await new Promise<Buffer | undefined>((resolve) => {
    const onReadable = (): void => {
      const bytes: Buffer | null = output.read();
      if (bytes === null) return;
      output.off('readable', onReadable);
      resolve(bytes);
    };
    output.on('readable', onReadable);
    output.once('close', () => resolve(undefined));
  });
  if (chunk === undefined) await finished;
  return chunk;
}

/** An error after the first byte travels as ClickHouse 25.11 and later mark it, so that no client takes it for data. */
async function* withLateError(first: Buffer | undefined, output: Readable, finished: Promise<unknown>, tag: string): AsyncGenerator<Buffer> {
  if (first === undefined) return;
  yield first;
  yield* output;
  try {
    await finished;
  } catch (error) {
    const message = `${serverException(error).message}\n`;
    yield Buffer.from(`\r\n__exception__\r\n${tag}\r\n${message}${Buffer.byteLength(message)} ${tag}\r\n__exception__\r\n`);
  }
}

function encoderFor(accepted: string): { readonly name: string; readonly stream: ReturnType<typeof createGzip> | ReturnType<typeof createZstdCompress> } | undefined {
  if (/\bzstd\b/.test(accepted)) return { name: 'zstd', stream: createZstdCompress() };
  if (/\bgzip\b/.test(accepted)) return { name: 'gzip', stream: createGzip({ level: 1 }) };
  return undefined;
}

function refuse(request: IncomingMessage, response: ServerResponse, error: unknown): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  const { code, message } = serverException(error);
  for (const name of ['X-ClickHouse-Format', 'X-ClickHouse-Exception-Tag', 'Content-Encoding']) response.removeHeader(name);
  response.statusCode = httpStatusOf(code);
  response.setHeader('X-ClickHouse-Exception-Code', String(code));
  response.setHeader('Content-Type', 'text/plain; charset=UTF-8');
  // A body that is not read would hold the connection; it is closed after the answer.
  if (!request.complete) response.setHeader('Connection', 'close');
  response.end(`${message}\n`);
}
