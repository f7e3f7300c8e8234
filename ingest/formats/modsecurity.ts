import { textOf, countOf, memberOf, objectOf, parsedObject } from './json-value.ts';
import type { JsonObject } from './json-value.ts';
import { PENDING, reject } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';
import { logHost } from './log-host.ts';
import { parseClfTime, timeOfParts } from './log-time.ts';
import { targetFields } from './target-fields.ts';
import { withoutSyslogPrefix } from './syslog-prefix.ts';

/**
 * Audit logs in JSON of ModSecurity 3 (`SecAuditLogFormat JSON`, `SecAuditLogType Serial`) and Coraza: one transaction a line.
 * ModSecurity's messages stand in the transaction and write the severity and rule as text, Coraza's stand beside it.
 * Cookies and authorisation are left out, so is what a rule matched; only where it did is kept. Bodies go into the fields
 * whose text is never stored.
 */
export function createModsecurityParser(zone: string): LineParser {
  return { parse: (line) => parseAudit(line, zone), flush: () => PENDING };
}

function parseAudit(line: string, zone: string): ParsedLine {
  if (line.trim() === '') return reject('empty');
  const { text } = withoutSyslogPrefix(line);
  const audit = parsedObject(text);
  if (audit === undefined) return reject(text.startsWith('{') ? 'not_json' : 'unknown_format');
  const transaction = objectOf(audit['transaction']);
  if (transaction === undefined) return reject('unknown_format');
  const timestamp = timeOf(transaction, zone);
  if (timestamp === undefined) return reject('no_timestamp');
  const messages = [transaction['messages'], audit['messages']].flatMap((list) => (Array.isArray(list) ? list.slice(0, MOST_MESSAGES) : [])).flatMap(objectsOf);
  return { kind: 'event', json: auditJson(timestamp, transaction, messages) };
}

function objectsOf(value: unknown): readonly JsonObject[] {
  const object = objectOf(value);
  return object === undefined ? [] : [object];
}

const MOST_MESSAGES = 64;
/** `Sat Nov 21 10:11:12 2026`, the server's own time. */
const ASCTIME = /^[A-Z][a-z]{2} ([A-Z][a-z]{2}) ([ 0-9][0-9]) ([0-9]{2}):([0-9]{2}):([0-9]{2}) ([0-9]{4})$/;
/** Coraza: `2026/11/21 10:11:12`, also the server's own; its number beside it is UTC. */
const SLASHED = /^([0-9]{4})\/([0-9]{2})\/([0-9]{2}) ([0-9]{2}):([0-9]{2}):([0-9]{2})$/;

function timeOf(transaction: JsonObject, zone: string): string | undefined {
  const unix = textOf(transaction['unix_timestamp']);
  // Seconds, or nanoseconds since Coraza 3.
  if (unix !== undefined && /^(?:[0-9]{9,10}|[0-9]{18,19})$/.test(unix)) return new Date(Number(unix.slice(0, 13).padEnd(13, '0'))).toISOString();
  const text = textOf(transaction['time_stamp']) ?? textOf(transaction['timestamp']) ?? '';
  const [, month, day, hour, minute, second, year] = ASCTIME.exec(text) ?? [];
  if (year !== undefined) return timeOfParts([year, month, day, hour, minute, second], zone);
  const slashed = SLASHED.exec(text);
  return slashed === null ? parseClfTime(text) : timeOfParts(slashed.slice(1), zone);
}

/** ModSecurity does not say whether it blocked; these are what it is set up to answer then. */
const REFUSALS = [403, 406, 444];

function auditJson(timestamp: string, transaction: JsonObject, messages: readonly JsonObject[]): string {
  const request = objectOf(transaction['request']) ?? {};
  const response = objectOf(transaction['response']) ?? {};
  const headers = objectOf(request['headers']) ?? {};
  const status = countOf(response['http_code'] ?? response['status']);
  const code = status === undefined || status === 0 || status > 999 ? undefined : status;
  const hits = messages.map(hitOf);
  const severities = hits.flatMap((hit) => hit.severity ?? []);
  const isBlocked = transaction['is_interrupted'] === true || hits.some((hit) => hit.denied) || (hits.length > 0 && code !== undefined && REFUSALS.includes(code));
  const client = logHost(textOf(transaction['client_ip']) ?? '');
  return JSON.stringify({
    '@timestamp': timestamp,
    event: {
      kind: 'event', category: 'http', action: hits.length === 0 ? 'http_request' : isBlocked ? 'request-blocked' : 'request-flagged', outcome: code === undefined ? 'unknown' : code < 400 ? 'success' : 'failure',
      dataset: 'modsecurity.audit', id: textOf(transaction['unique_id']) ?? textOf(transaction['id']), severity: severities.length === 0 ? undefined : Math.min(...severities),
    },
    message: hits.length === 0 ? undefined : namesOf(hits).join('; ').slice(0, 1_000),
    source: client === undefined ? undefined : { ...client, port: countOf(transaction['client_port']) || undefined },
    http: httpOf(request, headers, response, code),
    url: targetFields(textOf(request['uri']) ?? '', textOf(memberOf(headers, 'host')) ?? textOf(request['hostname'])),
    user_agent: userAgentOf(headers),
    rule: hits.length === 0 ? undefined : { id: [...new Set(hits.flatMap((hit) => hit.id ?? []))], name: namesOf(hits), category: [...new Set(hits.flatMap((hit) => hit.attacks))] },
    labels: labelsOf(transaction, hits),
  });
}

const MOST_BODY_CHARS = 12_000;

function httpOf(request: JsonObject, headers: JsonObject, response: JsonObject, code: number | undefined): unknown {
  const body = textOf(request['body']);
  const answer = textOf(response['body']);
  const method = textOf(request['method']);
  return {
    version: textOf(request['http_version'])?.replace(/^HTTP\//, '').slice(0, 8),
    request: { method: method === '-' ? undefined : method?.slice(0, 32), referrer: textOf(memberOf(headers, 'referer')), mime_type: textOf(memberOf(headers, 'content-type'))?.split(';', 1)[0], body: bodyOf(body) },
    response: { status_code: code, body: bodyOf(answer) },
  };
}

function bodyOf(text: string | undefined): unknown {
  return text === undefined ? undefined : { bytes: Buffer.byteLength(text), content: text.slice(0, MOST_BODY_CHARS) };
}

function userAgentOf(headers: JsonObject): unknown {
  const original = textOf(memberOf(headers, 'user-agent'));
  return original === undefined ? undefined : { original };
}

interface Hit {
  readonly id: string | undefined;
  readonly name: string | undefined;
  readonly severity: number | undefined;
  /** `sqli`, `rce`, … of the Core Rule Set's tags. */
  readonly attacks: readonly string[];
  /** `ARGS:id`: which part of the request matched. */
  readonly place: string | undefined;
  readonly denied: boolean;
}

const SEVERITIES = ['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'];
const PLACE = / found within ([A-Z_]{2,40}(?::[A-Za-z0-9_.[\]-]{1,64})?)/;

function hitOf(message: JsonObject): Hit {
  const details = objectOf(message['details']) ?? objectOf(message['data']) ?? {};
  const severity = textOf(details['severity'])?.toLowerCase();
  const level = severity === undefined ? undefined : countOf(severity) ?? SEVERITIES.indexOf(severity);
  const tags = Array.isArray(details['tags']) ? details['tags'].flatMap((tag) => textOf(tag) ?? []) : [];
  const name = textOf(message['message']) ?? textOf(details['msg']);
  return {
    id: textOf(details['ruleId']) ?? textOf(details['id']),
    name: name?.slice(0, 400).replace(/ ?\((?:Total|Inbound) Score: [^)]*\)/, '').slice(0, 200),
    // 0 is what a rule without a severity has.
    severity: level === undefined || level < 1 || level > 7 ? undefined : level,
    attacks: tags.flatMap((tag) => (tag.startsWith('attack-') && tag.length < 64 ? tag.slice(7) : [])),
    place: PLACE.exec(textOf(details['data']) ?? '')?.[1],
    denied: /Access denied/i.test(textOf(message['error_message']) ?? ''),
  };
}

function namesOf(hits: readonly Hit[]): readonly string[] {
  return [...new Set(hits.flatMap((hit) => hit.name ?? []))];
}

function labelsOf(transaction: JsonObject, hits: readonly Hit[]): unknown {
  const producer = objectOf(transaction['producer']) ?? {};
  const engine = textOf(producer['secrules_engine']) ?? textOf(producer['rule_engine']);
  const places = [...new Set(hits.flatMap((hit) => hit.place ?? []))];
  if (engine === undefined && places.length === 0) return undefined;
  return { engine: engine?.toLowerCase().slice(0, 32), matched_in: places.length === 0 ? undefined : places };
}
