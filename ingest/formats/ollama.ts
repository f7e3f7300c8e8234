import { parsedObject, memberOf, textOf, countOf } from './json-value.ts';
import { PENDING, reject } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';
import { logfmtPairs } from './logfmt.ts';
import { logHost } from './log-host.ts';
import { parseRfc3339, timeOfParts } from './log-time.ts';
import { withoutSyslogPrefix } from './syslog-prefix.ts';
import { targetFields } from './target-fields.ts';

/**
 * Logs of local model servers: Ollama's requests (`[GIN] … | 200 | 1.2s | 127.0.0.1 | POST "/api/chat"`) and its own messages
 * (`time=… level=INFO source=… msg="…"`), and LocalAI's (`INF Success ip=… method=POST status=200 url=…` behind syslog's
 * prefix, or JSON). Of any other line only its length is kept, for debug lines hold prompts; it has the time of the one
 * before it.
 */
export function createOllamaParser(zone: string): LineParser {
  let last: string | undefined;

  function parse(line: string): ParsedLine {
    if (line.trim() === '') return reject('empty');
    const { timestamp: sent, text } = withoutSyslogPrefix(line);
    const read = ginLine(text, zone) ?? jsonLine(text) ?? logfmtLine(text);
    const timestamp = read?.timestamp ?? sent ?? last;
    if (timestamp === undefined) return reject(read === undefined ? 'unknown_format' : 'no_timestamp');
    last = timestamp;
    return { kind: 'event', json: JSON.stringify(eventOf(timestamp, read ?? { length: text.length })) };
  }

  return { parse, flush: () => PENDING };
}

interface Read {
  readonly timestamp?: string | undefined;
  readonly request?: { readonly client: string; readonly method: string; readonly target: string; readonly status: number | undefined; readonly durationNs: number | undefined };
  readonly level?: string | undefined;
  readonly source?: string | undefined;
  readonly message?: string | undefined;
  /** Of a line whose text is not kept. */
  readonly length?: number;
}

const GIN = /^\[GIN\] ([0-9]{4})\/([0-9]{2})\/([0-9]{2}) - ([0-9]{2}):([0-9]{2}):([0-9]{2}) \| +([0-9]{3}) \| +(\S{1,32}) \| +(\S{1,64}) \| +([A-Z]{1,16}) +"([^"]{0,2048})"/;

function ginLine(text: string, zone: string): Read | undefined {
  const found = text.startsWith('[GIN]') ? GIN.exec(text) : null;
  if (found === null) return undefined;
  const [, , , , , , , status, took = '', client = '', method = '', target = ''] = found;
  return { timestamp: timeOfParts(found.slice(1, 7), zone), request: { client, method, target, status: Number(status), durationNs: durationNs(took) } };
}

function jsonLine(text: string): Read | undefined {
  const line = text.startsWith('{') ? parsedObject(text) : undefined;
  return line === undefined ? undefined : readOf((...names) => textOf(memberOf(line, ...names)));
}

/** LocalAI's console: `10:11AM INF Success ip=…` or `Nov 21 10:11:12 INFO HTTP request method="POST" …`. */
const CONSOLE = /^(?:[0-9]{1,2}:[0-9]{2}[AP]M|[A-Z][a-z]{2} [0-9]{2} [0-9:]{8}) (TRC|DBG|INF|WRN|ERR|FTL|TRACE|DEBUG|INFO|WARN|ERROR|FATAL) ([A-Za-z][A-Za-z ]{0,60}?) (?=[a-z_]+=)/;
const LONG_LEVELS: ReadonlyMap<string, string> = new Map([['trc', 'trace'], ['dbg', 'debug'], ['inf', 'info'], ['wrn', 'warn'], ['err', 'error'], ['ftl', 'fatal']]);

function logfmtLine(text: string): Read | undefined {
  const head = CONSOLE.exec(text);
  if (head === null && !text.startsWith('time=')) return undefined;
  const pairs = logfmtPairs(head === null ? text : text.slice(head[0].length));
  if (head !== null) pairs.set('level', head[1] ?? '').set('msg', head[2] ?? '');
  return readOf((...names) => names.map((name) => pairs.get(name)).find((value) => value !== undefined && value !== ''));
}

function readOf(value: (...names: string[]) => string | undefined): Read | undefined {
  const level = value('level')?.toLowerCase();
  const read = { timestamp: parseRfc3339(value('time', 'ts') ?? ''), level: level === undefined ? undefined : LONG_LEVELS.get(level) ?? level.slice(0, 16) };
  const method = value('method');
  const target = value('path', 'url', 'uri');
  if (method !== undefined && target !== undefined && /^[A-Z]{1,16}$/.test(method)) {
    return { ...read, request: { client: value('ip', 'remote_ip', 'client') ?? '', method, target: target.slice(0, 2048), status: countOf(value('status')), durationNs: durationNs(value('latency', 'duration') ?? '') } };
  }
  const message = value('msg', 'message');
  if (message === undefined) return undefined;
  // Debug messages quote what was asked and answered.
  return { ...read, source: value('source'), ...(read.level === 'debug' || read.level === 'trace' ? { length: message.length } : { message: message.slice(0, MOST_MESSAGE_CHARS) }) };
}

const MOST_MESSAGE_CHARS = 200;
const UNITS_NS: Readonly<Record<string, number>> = { h: 3_600e9, m: 60e9, s: 1e9, ms: 1e6, 'µs': 1e3, 'μs': 1e3, us: 1e3, ns: 1 };

/** A duration as Go writes it: `29m59s`, `4.7s`, `233.73µs`. */
function durationNs(text: string): number | undefined {
  const parts = [...text.slice(0, 32).matchAll(/([0-9]{1,9}(?:\.[0-9]{1,9})?)(h|ms|m|s|µs|μs|us|ns)/g)];
  if (parts.length === 0) return undefined;
  return Math.round(parts.reduce((sum, [, count, unit = '']) => sum + Number(count) * (UNITS_NS[unit] ?? 0), 0));
}

const CALLS = /^\/(?:api\/(?:generate|chat|embed|embeddings)|(?:v1\/)?(?:chat\/completions|completions|embeddings|responses|messages|edits|images\/generations|audio\/[a-z]+)|tts)$/;
const MANAGES = /^\/(?:api\/(?:pull|push|create|copy|delete|blobs\/.*)|models\/(?:apply|delete\/.*)|backends\/(?:apply|delete\/.*))$/;

function eventOf(timestamp: string, { request, level, source, message, length }: Read): unknown {
  if (request === undefined) {
    const place = /^([\w./-]{1,128}):([0-9]{1,7})$/.exec(source ?? '');
    return {
      '@timestamp': timestamp,
      event: { kind: 'event', category: 'process', action: 'log_message', outcome: level === 'error' || level === 'fatal' ? 'failure' : 'unknown', dataset: 'ollama.server' },
      message,
      log: level === undefined && place === null ? undefined : { level, origin: place === null ? undefined : { file: { name: place[1], line: Number(place[2]) } } },
      labels: length === undefined ? undefined : { characters: length },
    };
  }
  const url = targetFields(request.target, undefined);
  const path = url?.path ?? '';
  const isCall = request.method === 'POST' && CALLS.test(path);
  const isManaged = request.method !== 'GET' && request.method !== 'HEAD' && MANAGES.test(path);
  return {
    '@timestamp': timestamp,
    event: {
      kind: 'event', category: isCall ? 'ai' : isManaged ? 'configuration' : 'http', action: isCall ? 'model-called' : isManaged ? 'model-changed' : 'http_request',
      outcome: request.status === undefined ? 'unknown' : request.status < 400 ? 'success' : 'failure', dataset: 'ollama.server', duration: request.durationNs,
    },
    log: level === undefined ? undefined : { level },
    source: logHost(request.client),
    http: { request: { method: request.method }, response: { status_code: request.status } },
    url,
  };
}
