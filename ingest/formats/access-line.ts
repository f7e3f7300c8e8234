import { isIP, isIPv6 } from 'node:net';
import type { LineParser, ParsedLine } from './line-parser.ts';
import { PENDING, reject } from './line-parser.ts';
import { parseClfTime } from './log-time.ts';
import { readQuoted } from './quoted-field.ts';
import { requestFields } from './request-line.ts';

/**
 * One line of an access log:
 *
 *     [vhost[:port] ]host ident user [dd/Mon/yyyy:hh:mm:ss ±zzzz] "request" status bytes[ "referrer" "user agent"][ more]
 *
 * Scanned by hand from left to right; each byte is looked at a fixed number of times. What stands behind the known
 * fields is kept in `labels.trailing`.
 */
const TIME_CHARS = 26;

export function createAccessParser(dataset: string, agents: boolean): LineParser {
  let lastTime = '';
  let lastIso: string | undefined;

  function isoTime(text: string): string | undefined {
    if (text !== lastTime) {
      lastTime = text;
      lastIso = parseClfTime(text);
    }
    return lastIso;
  }

  function parse(line: string): ParsedLine {
    if (line === '') return reject('empty');
    const open = timeStart(line);
    if (open < 0) return reject(line.trim() === '' ? 'empty' : 'unknown_format');
    const timestamp = isoTime(line.slice(open + 1, open + 1 + TIME_CHARS));
    if (timestamp === undefined) return reject('no_timestamp');
    const fields = accessFields(line, open, agents);
    if (fields === undefined) return reject('unknown_format');
    return { kind: 'event', json: `{"@timestamp":"${timestamp}","event":{"kind":"event","category":"http","action":"http_request","outcome":"${fields.outcome}","dataset":"${dataset}"${fields.event}}${fields.rest}}` };
  }

  return { parse, flush: () => PENDING };
}

/** Index of the bracket before something shaped like a time; -1 when there is none. */
function timeStart(line: string): number {
  for (let at = line.indexOf('['); at > 0; at = line.indexOf('[', at + 1)) {
    if (line.charCodeAt(at - 1) === 0x20 && line[at + 3] === '/' && line[at + 7] === '/' && line[at + TIME_CHARS + 1] === ']') return at;
  }
  return -1;
}

interface AccessFields {
  readonly outcome: 'success' | 'failure' | 'unknown';
  /** Further members of `event`, and the event's other members: JSON text that starts with a comma, or nothing. */
  readonly event: string;
  readonly rest: string;
}

function accessFields(line: string, open: number, agents: boolean): AccessFields | undefined {
  const client = clientFields(line.slice(0, open - 1));
  const requestAt = open + TIME_CHARS + 2;
  if (client === undefined || !line.startsWith(' "', requestAt)) return undefined;
  const request = readQuoted(line, requestAt + 2);
  if (request === undefined || line.charCodeAt(request.end + 1) !== 0x20) return undefined;
  const statusEnd = fieldEnd(line, request.end + 2);
  const bytesEnd = fieldEnd(line, statusEnd + 1);
  const status = numberField(line.slice(request.end + 2, statusEnd));
  const bodyBytes = numberField(line.slice(statusEnd + 1, bytesEnd));
  if (status === undefined || bodyBytes === undefined || statusEnd === line.length || status > 999) return undefined;

  let at = bytesEnd;
  let referrer = '-';
  let agent = '-';
  if (agents) {
    const first = line.startsWith(' "', at) ? readQuoted(line, at + 2) : undefined;
    const second = first !== undefined && line.startsWith(' "', first.end + 1) ? readQuoted(line, first.end + 3) : undefined;
    if (first === undefined || second === undefined) return undefined;
    referrer = first.text;
    agent = second.text;
    at = second.end + 1;
  }
  const trailing = line.slice(at).trim();
  const parts = requestFields(request.text, client.url);
  const referrerJson = present(referrer) ? `,"referrer":${JSON.stringify(referrer)}` : '';
  const method = parts.method === '' && referrerJson === '' ? '' : `"request":{${`${parts.method}${referrerJson}`.replace(/^,/, '')}},`;
  const statusJson = status < 0 ? '' : `"status_code":${status},`;
  return {
    outcome: status < 0 ? 'unknown' : status < 400 ? 'success' : 'failure',
    event: durationJson(trailing),
    rest: `${client.json},"http":{${parts.version}${method}"response":{${statusJson}"body":{"bytes":${Math.max(bodyBytes, 0)}}}}${parts.url}${
      present(agent) ? `,"user_agent":{"original":${JSON.stringify(agent)}}` : ''}${trailing === '' ? '' : trailingJson(trailing)}`,
  };
}

function present(text: string): boolean {
  return text !== '' && text !== '-';
}

function fieldEnd(line: string, from: number): number {
  const space = line.indexOf(' ', from);
  return space < 0 ? line.length : space;
}

/** -1 for a dash, undefined for what is no count. */
function numberField(text: string): number | undefined {
  if (text === '-') return -1;
  return text.length <= 15 && /^[0-9]+$/.test(text) ? Number(text) : undefined;
}

/** nginx's `main` format ends with $http_x_forwarded_for, whose first address is what the proxy saw. */
function trailingJson(trailing: string): string {
  const forwarded = /^"([0-9a-fA-F.:]{2,45})[",]/.exec(trailing)?.[1] ?? '';
  return `${isAddress(forwarded) ? `,"network":{"forwarded_ip":"${forwarded}"}` : ''},"labels":{"trailing":${JSON.stringify(trailing)}}`;
}

/** nginx's $request_time, or Apache's %T with a fraction: the first of the trailing fields, in seconds. */
function durationJson(trailing: string): string {
  if (trailing === '') return '';
  const seconds = /^(?:rt=)?([0-9]{1,6}\.[0-9]{3})(?: |$)/.exec(trailing)?.[1];
  return seconds === undefined ? '' : `,"duration":${Math.round(Number(seconds) * 1000)}000000`;
}

interface ClientFields {
  readonly json: string;
  /** Members of `url` that the virtual host gives. */
  readonly url: string;
}

/** `[vhost[:port] ]host ident user`; the user may hold spaces. */
function clientFields(text: string): ClientFields | undefined {
  const end = fieldEnd(text, 0);
  let host = text.slice(0, end);
  let rest = text.slice(end + 1);
  let url = '';
  if (!isAddress(host)) {
    const nextEnd = fieldEnd(rest, 0);
    const next = rest.slice(0, nextEnd);
    const port = /:([0-9]{1,5})$/.exec(host);
    if (isAddress(next) || (port !== null && next !== '-')) {
      url = `"domain":${JSON.stringify(port === null ? host : host.slice(0, port.index))}${port === null ? '' : `,"port":${Number(port[1])}`}`;
      host = next;
      rest = rest.slice(nextEnd + 1);
    }
  }
  if (host === '') return undefined;
  const identEnd = rest.indexOf(' ');
  const user = identEnd < 0 ? '' : rest.slice(identEnd + 1);
  if (user === '') return undefined;
  const source = host === '-' ? '' : `,"source":{${isAddress(host) ? `"ip":"${host}"` : `"address":${JSON.stringify(host)}`}}`;
  return { json: `${source}${present(user) && user !== '""' ? `,"user":{"name":${JSON.stringify(user)}}` : ''}`, url };
}

const DOTTED = /^(?:[0-9]{1,3}\.){3}[0-9]{1,3}$/;

function isAddress(text: string): boolean {
  if (text.length > 45) return false;
  return text.includes(':') ? isIPv6(text) && !text.includes('%') : DOTTED.test(text) && isIP(text) === 4;
}
