import type { IncomingMessage } from 'node:http';
import { timingSafeEqual, createHash } from 'node:crypto';
import type { Readable } from 'node:stream';
import { createBrotliDecompress, createGunzip, createInflate, createZstdDecompress } from 'node:zlib';
import type { User } from './access-policy.ts';
import { DATABASE } from './access-policy.ts';
import { badRequest, readonlyRefusal, ServerException } from './server-exception.ts';
import type { SettingList } from './setting-policy.ts';

export interface Credentials {
  readonly user: User;
  readonly password: string;
}

/** What a request's address says; the body comes separately. */
export interface RequestParts {
  readonly query: string;
  readonly queryId: string | undefined;
  readonly format: string;
  readonly settings: SettingList;
  readonly parameters: SettingList;
  readonly compressResponse: boolean;
}

/** Names in the address that are no settings. */
const OWN = new Set(['query', 'query_id', 'database', 'default_format', 'user', 'password', 'quota_key', 'compress', 'decompress', 'role', 'session_id', 'session_check', 'session_timeout', 'client_protocol_version']);

function sameText(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** Basic auth, X-ClickHouse-User and -Key, or user and password in the address, as ClickHouse takes them. */
export function authenticate(request: IncomingMessage, url: URL, known: readonly Credentials[]): User {
  const { name, password } = claimed(request, url);
  const user = known.find((c) => c.user === name);
  if (user === undefined || !sameText(user.password, password)) {
    throw new ServerException(516, 'AUTHENTICATION_FAILED', 'Authentication failed: password is incorrect, or there is no user with such name.');
  }
  return user.user;
}

function claimed(request: IncomingMessage, url: URL): { readonly name: string; readonly password: string } {
  const basic = /^Basic\s+([A-Za-z0-9+/=]+)$/i.exec(request.headers.authorization ?? '')?.[1];
  if (basic !== undefined) {
    const text = Buffer.from(basic, 'base64').toString();
    const colon = text.indexOf(':');
    return { name: text.slice(0, colon < 0 ? undefined : colon), password: colon < 0 ? '' : text.slice(colon + 1) };
  }
  const [user, key] = [request.headers['x-clickhouse-user'], request.headers['x-clickhouse-key']];
  if (typeof user === 'string') return { name: user, password: typeof key === 'string' ? key : '' };
  return { name: url.searchParams.get('user') ?? '', password: url.searchParams.get('password') ?? '' };
}

export function readAddress(request: IncomingMessage, url: URL): RequestParts {
  const p = url.searchParams;
  if (p.has('session_id')) throw new ServerException(48, 'NOT_IMPLEMENTED', 'Sessions are not supported: send settings and parameters with each query.');
  if (p.get('decompress') === '1') throw new ServerException(48, 'NOT_IMPLEMENTED', "ClickHouse's native block compression is not supported: send Content-Encoding gzip or zstd.");
  if (p.get('compress') === '1') throw new ServerException(48, 'NOT_IMPLEMENTED', "ClickHouse's native block compression is not supported: send Accept-Encoding with enable_http_compression=1.");
  if (p.has('role')) throw new ServerException(48, 'NOT_IMPLEMENTED', 'Roles are not supported: the users reader and writer have fixed rights.');
  const database = p.get('database') ?? headerText(request, 'x-clickhouse-database') ?? '';
  if (!['', 'default', DATABASE].includes(database)) throw new ServerException(81, 'UNKNOWN_DATABASE', `Database ${database.slice(0, 64)} does not exist.`);
  if (request.method !== 'GET' && request.method !== 'POST') throw badRequest('Use GET or POST.');
  return {
    query: p.get('query') ?? '',
    queryId: p.get('query_id') ?? undefined,
    format: p.get('default_format') ?? headerText(request, 'x-clickhouse-format') ?? 'TabSeparated',
    settings: [...p].filter(([name]) => !OWN.has(name) && !name.startsWith('param_')),
    parameters: [...p].filter(([name]) => name.startsWith('param_')).map(parameter),
    compressResponse: p.get('enable_http_compression') === '1',
  };
}

export function parameter([name, value]: readonly [string, string]): readonly [string, string] {
  const bare = name.slice('param_'.length);
  if (!/^[A-Za-z_][A-Za-z0-9_]{0,100}$/.test(bare)) throw badRequest('A query parameter has a name that is none.');
  return [bare, value];
}

function headerText(request: IncomingMessage, name: string): string | undefined {
  const value = request.headers[name];
  return typeof value === 'string' ? value : undefined;
}

/** The body with its content encoding undone. */
export function decodedBody(request: IncomingMessage): Readable {
  const encoding = request.headers['content-encoding'] ?? 'identity';
  const decoder = decoderOf(encoding);
  if (decoder === undefined) return request;
  request.once('error', (error) => decoder.destroy(error));
  // An aborted request ends without 'error' on some paths; the decoder must not wait for more.
  request.once('close', () => {
    if (!request.complete) decoder.destroy(new Error('the client went away'));
  });
  return request.pipe(decoder);
}

function decoderOf(encoding: string): ReturnType<typeof createGunzip> | ReturnType<typeof createZstdDecompress> | undefined {
  switch (encoding) {
    case 'identity':
    case '':
      return undefined;
    case 'gzip':
    case 'x-gzip':
      return createGunzip();
    case 'zstd':
      return createZstdDecompress();
    case 'br':
      return createBrotliDecompress();
    case 'deflate':
      return createInflate();
    default:
      throw new ServerException(48, 'NOT_IMPLEMENTED', `Content-Encoding ${encoding.slice(0, 32)} is not supported: use gzip or zstd.`);
  }
}

export function refuseWrites(method: string | undefined, isInsert: boolean): void {
  if (method === 'GET' && isInsert) throw readonlyRefusal('INSERT by GET');
}
