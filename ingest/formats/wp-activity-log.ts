import { columnName, createTableParser } from './csv-row.ts';
import type { TableRow } from './csv-row.ts';
import { objectOf, parsedObject, textOf } from './json-value.ts';
import { reject } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';
import { logHost } from './log-host.ts';
import { parseRfc3339, parseUnixSeconds, timeOfParts } from './log-time.ts';
import { withoutSyslogPrefix } from './syslog-prefix.ts';

/**
 * WP Activity Log: its mirror in a file or syslog, `[TIME] NAME.SEVERITY: message {…}`; rows of its table as JSON, one a line;
 * and its reports as CSV. Names of members and columns differ between versions; all known ones are read.
 */
export function createWpActivityLogParser(zone: string): LineParser {
  return createTableParser({ columns: COLUMNS, toJson: (row) => rowJson(row, zone), fromLine: (line) => fromLine(line, zone), unreadable });
}

/** A report's columns. */
const COLUMNS = ['code', 'type', 'date', 'username', 'user', 'role', 'source ip', 'object type', 'event type', 'message', 'event id', 'id', 'severity', 'time', 'user role(s)', 'ip address', 'object'];
const DATASET = 'wp_activity_log.activity';

const MIRRORED = /^\[([0-9]{4}-[0-9]{2}-[0-9]{2}[T ][0-9:.]{8,18}(?:Z|[+-][0-9]{2}:?[0-9]{2})?)\] ([^\s]{1,64})\.([A-Za-z]{1,16}): ?/;

function fromLine(line: string, zone: string): ParsedLine | undefined {
  const { timestamp, text } = withoutSyslogPrefix(line);
  const mirrored = text.startsWith('[') ? MIRRORED.exec(text) : null;
  if (mirrored === null && !text.startsWith('{')) return undefined;
  const rest = text.slice(mirrored?.[0].length ?? 0);
  const brace = mirrored === null ? 0 : rest.indexOf('{"');
  const facts = brace < 0 ? undefined : parsedObject(rest.slice(brace).replace(/ \[\]\s*$/, ''));
  if (mirrored === null && facts === undefined) return reject('not_json');
  const row = new Map(flatEntries(facts ?? {}));
  if (mirrored !== null) row.set('date', mirrored[1] ?? '').set('type', mirrored[3] ?? '').set('message', (brace < 0 ? rest : rest.slice(0, brace)).trim());
  else if (timestamp !== undefined) row.set('date', timestamp);
  const json = rowJson(row, zone);
  return json === undefined ? reject('no_timestamp') : { kind: 'event', json };
}

/** `meta_data` and the like are objects within; their members do not replace the row's own. */
function flatEntries(facts: object): readonly (readonly [string, string])[] {
  const own = Object.entries(facts).map(([name, value]) => [columnName(spaced(name)), Array.isArray(value) ? value.flatMap((one: unknown) => textOf(one) ?? []).join(',') : textOf(value) ?? ''] as const);
  const inner = Object.values(facts).flatMap((value) => Object.entries(objectOf(value) ?? {})).map(([name, value]) => [columnName(spaced(name)), textOf(value) ?? ''] as const);
  return [...inner, ...own];
}

/** `CurrentUserRoles` as `Current User Roles`. */
function spaced(name: string): string {
  return name.slice(0, 64).replace(/([a-z])([A-Z])/g, '$1 $2').replace(/([A-Z])([A-Z][a-z])/g, '$1 $2');
}

function unreadable(text: string): string {
  return JSON.stringify({ event: { kind: 'event', category: 'process', action: 'log_message', outcome: 'unknown', dataset: DATASET }, labels: { characters: text.length } });
}

function rowJson(row: TableRow, zone: string): string | undefined {
  const value = (...names: string[]) => names.map((name) => row.get(name)?.trim()).find((text) => text !== undefined && text !== '' && text !== 'NULL');
  const timestamp = timeOf(value('created on', 'timestamp', 'date', 'date time', 'date and time'), value('time'), zone);
  if (timestamp === undefined) return undefined;
  const code = value('code', 'alert id', 'alert code', 'event id', 'id') ?? '';
  const object = value('object', 'object type') ?? '';
  const type = value('event type') ?? '';
  const user = value('username', 'current username', 'user name', 'user');
  const roles = (value('role', 'user role(s)', 'user roles', 'current user roles', 'roles') ?? '').split(/[,[\]"\s]+/).filter((role) => role !== '');
  const agent = value('user agent');
  const { category, action, outcome } = KNOWN.get(code) ?? { category: 'configuration', action: [object, type].map(slug).filter((part) => part !== '').join('-') || 'activity', outcome: 'unknown' };
  return JSON.stringify({
    '@timestamp': timestamp,
    event: { kind: 'event', category, action, outcome, dataset: DATASET, code: code === '' ? undefined : code.slice(0, 32) },
    message: value('message')?.slice(0, 1_000),
    log: { level: value('type', 'severity')?.toLowerCase().slice(0, 16) },
    source: logHost((value('source ip', 'client ip', 'ip address', 'ip') ?? '').slice(0, MOST_HOST_CHARS).replace(/^[["\s]+|["\]\s]+$/g, '')),
    user: user === undefined && roles.length === 0 ? undefined : { name: user, roles: roles.length === 0 ? undefined : roles },
    user_agent: agent === undefined ? undefined : { original: agent },
    wordpress: object === '' && type === '' ? undefined : { activity: { object: object || undefined, type: type || undefined } },
  });
}

/** A longer one is no host, and looking for its end takes the square of its length. */
const MOST_HOST_CHARS = 300;

function slug(text: string): string {
  return text.toLowerCase().replace(/[^a-z0-9]+/g, '-').replace(/^-|-$/g, '').slice(0, 64);
}

/** `2026-11-21 10:11:12(.123)`, `21-11-2026 10:11:12`, also in two columns; Unix seconds; RFC 3339. Others are guesses. */
function timeOf(date: string | undefined, time: string | undefined, zone: string): string | undefined {
  if (date === undefined) return undefined;
  const text = time === undefined || /[0-9]:[0-9]/.test(date) ? date : `${date} ${time}`;
  const known = parseRfc3339(text) ?? parseUnixSeconds(text);
  if (known !== undefined) return known;
  const iso = /^([0-9]{4})[-/.]([0-9]{2})[-/.]([0-9]{2})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?$/.exec(text);
  if (iso !== null) return timeOfParts(iso.slice(1), zone);
  const [, day, month, year, hour, minute, second] = /^([0-9]{2})[-.]([0-9]{2})[-.]([0-9]{4})[ T]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.[0-9]{1,9})?$/.exec(text) ?? [];
  return year === undefined ? undefined : timeOfParts([year, month, day, hour, minute, second], zone);
}

interface Meaning {
  readonly category: string;
  readonly action: string;
  readonly outcome: 'success' | 'failure' | 'unknown';
}

/** Event numbers that mean an act of our vocabulary: melapress.com/support/kb/wp-activity-log-list-event-ids */
const KNOWN: ReadonlyMap<string, Meaning> = new Map(([
  ['authentication', 'user-login', 'success', ['1000', '1005']], ['authentication', 'user-logout', 'success', ['1001']], ['authentication', 'login-failed', 'failure', ['1002', '1003', '1004']],
  ['iam', 'user-created', 'success', ['4000', '4001', '4012']], ['iam', 'user-role-changed', 'success', ['4002']],
  ['configuration', 'plugin-installed', 'success', ['5000']], ['configuration', 'plugin-activated', 'success', ['5001']], ['configuration', 'plugin-deactivated', 'success', ['5002']],
  ['configuration', 'plugin-deleted', 'success', ['5003']], ['configuration', 'plugin-updated', 'success', ['5004']], ['configuration', 'theme-installed', 'success', ['5005']],
  ['configuration', 'theme-updated', 'success', ['5031']], ['configuration', 'core-updated', 'success', ['6004']],
  ['file', 'plugin-file-edited', 'success', ['2051']], ['file', 'theme-file-edited', 'success', ['2046']],
] as const).flatMap(([category, action, outcome, codes]) => codes.map((code) => [code, { category, action, outcome }] as const)));
