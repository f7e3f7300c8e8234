import { fields, text, whole } from './event-field.ts';
import type { Fields } from './event-field.ts';
import { parseTimestamp } from './timestamp.ts';

/**
 * Derivation 1: the columns that follow from a masked line and its time of receipt. Frozen: stored rows and their
 * leaves rest on it, so a change is a new derivation.
 *
 * ECS names, nested or dotted at the top; nested wins. An array counts by its first entry, numbers and booleans as
 * text; what is missing or of another shape is '' or 0. `timestamp` is `@timestamp`, or the time of receipt when that is
 * missing, no RFC 3339 or outside of 1970 to 2299.
 */
export interface EventColumns {
  readonly timestamp: number;
  readonly kind: string;
  readonly category: string;
  readonly action: string;
  readonly outcome: string;
  readonly user_name: string;
  readonly source_ip: string;
  readonly domain: string;
  readonly method: string;
  readonly path: string;
  readonly status: number;
  readonly response_bytes: number;
  readonly user_agent: string;
}

export const DERIVATION = 1;

function pathOf(url: Fields, event: Fields): unknown {
  const path = url['path'] ?? event['url.path'];
  if (path !== undefined) return path;
  const original = text(url['original'] ?? event['url.original']);
  const query = original.indexOf('?');
  return query < 0 ? original : original.slice(0, query);
}

/** Unix ms. */
export function timestampOf(event: Fields, receivedAtMs: number): number {
  const time = event['@timestamp'];
  const timestamp = typeof time === 'string' ? parseTimestamp(time) : Number.NaN;
  return timestamp >= 0 ? timestamp : receivedAtMs;
}

/** `event` is the parsed masked line. */
export function deriveColumns(line: unknown, receivedAtMs: number): EventColumns {
  const event = fields(line);
  const what = fields(event['event']);
  const url = fields(event['url']);
  const http = fields(event['http']);
  const request = fields(http['request'] ?? event['http.request']);
  const response = fields(http['response'] ?? event['http.response']);
  const body = fields(response['body']);
  return {
    timestamp: timestampOf(event, receivedAtMs),
    kind: text(what['kind'] ?? event['event.kind']),
    category: text(what['category'] ?? event['event.category']),
    action: text(what['action'] ?? event['event.action']),
    outcome: text(what['outcome'] ?? event['event.outcome']),
    user_name: text(fields(event['user'])['name'] ?? event['user.name']),
    source_ip: text(fields(event['source'])['ip'] ?? event['source.ip'] ?? fields(event['client'])['ip'] ?? event['client.ip']),
    domain: text(url['domain'] ?? event['url.domain'] ?? fields(event['host'])['name'] ?? event['host.name']),
    method: text(request['method'] ?? event['http.request.method']),
    path: text(pathOf(url, event)),
    status: whole(response['status_code'] ?? event['http.response.status_code'], 0xffff),
    response_bytes: whole(body['bytes'] ?? response['body.bytes'] ?? event['http.response.body.bytes'], Number.MAX_SAFE_INTEGER),
    user_agent: text(fields(event['user_agent'])['original'] ?? event['user_agent.original']),
  };
}
