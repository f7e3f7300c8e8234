import { PENDING, reject } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';
import { logHost } from './log-host.ts';
import { timeOfParts } from './log-time.ts';
import { sqlShape } from './sql-shape.ts';
import { withoutSyslogPrefix } from './syslog-prefix.ts';

/**
 * MariaDB's server_audit plugin (mariadb.com/docs/server/reference/plugins/mariadb-audit-plugin), its file and what it gives
 * to syslog, which lacks the time in front:
 *
 *     [20261121 10:11:12,]server,user,host,connection,query,operation,database,object,return code
 *
 * The object of a QUERY is the statement in quotes; only its shape leaves this file. Lines of syslog need a time of their own
 * kind in front (`syslog-prefix.ts`).
 */
export function createMariadbAuditParser(zone: string): LineParser {
  return { parse: (line) => parseAudit(line, zone), flush: () => PENDING };
}

const TIME = /^([0-9]{4})([0-9]{2})([0-9]{2}) +([0-9]{1,2}):([0-9]{2}):([0-9]{2}),/;
const FIELDS = /^([^,]{0,255}),([^,]{0,128}),([^,]{0,255}),([0-9]{1,20}),([0-9]{1,20}),([A-Z_]{1,32}),([^,]{0,64}),([^]*),([0-9]{0,10})$/;

function parseAudit(line: string, zone: string): ParsedLine {
  if (line.trim() === '') return reject('empty');
  const { timestamp: sent, text } = withoutSyslogPrefix(line);
  const time = TIME.exec(text);
  const [, year, month, day, hour = '', minute, second] = time ?? [];
  const written = time === null ? undefined : timeOfParts([year, month, day, hour.padStart(2, '0'), minute, second], zone);
  const fields = FIELDS.exec(time === null ? text : text.slice(time[0].length));
  if (fields === null) return reject('unknown_format');
  const timestamp = written ?? sent;
  if (timestamp === undefined) return reject('no_timestamp');
  return { kind: 'event', json: auditJson(timestamp, fields) };
}

/** Groups: server, user, host, connection, query, operation, database, object, return code. */
function auditJson(timestamp: string, fields: RegExpExecArray): string {
  const [, server = '', user = '', host = '', connection = '', query = '', operation = '', database = '', object = '', code = ''] = fields;
  const source = logHost(host);
  const failed = operation.startsWith('FAILED') || (code !== '' && code !== '0');
  const act = actOf(operation, object);
  return JSON.stringify({
    '@timestamp': timestamp,
    event: { kind: 'event', category: act.category, action: act.action, outcome: failed ? 'failure' : 'success', dataset: 'mariadb.audit', code: failed && code !== '' ? code : undefined },
    source: source?.ip === undefined && source?.address === undefined ? undefined : source,
    user: user === '' ? undefined : { name: user },
    host: server === '' ? undefined : { name: server },
    db: { namespace: database === '' ? undefined : database, operation: { name: act.operation }, query: act.text === undefined ? undefined : { text: act.text } },
    wordpress: act.query === undefined ? undefined : { query: act.query },
    labels: { connection, query: query === '0' ? undefined : query },
  });
}

interface Act {
  readonly category: 'authentication' | 'database' | 'iam';
  readonly action: string;
  readonly operation: string;
  readonly text?: string;
  readonly query?: { readonly table?: string | readonly string[]; readonly reads_all?: true };
}

const CONNECTIONS: Readonly<Record<string, string>> = { CONNECT: 'database-connected', FAILED_CONNECT: 'database-refused', DISCONNECT: 'database-left', CHANGEUSER: 'database-connected' };
const ACCOUNTS = /^(?:GRANT|REVOKE|SET PASSWORD|RENAME USER|(?:CREATE|ALTER|DROP) (?:OR REPLACE )?(?:USER|ROLE))\b/i;
const TABLE_ACTS: Readonly<Record<string, string>> = { READ: 'table-read', WRITE: 'table-written', CREATE: 'table-created', ALTER: 'table-altered', RENAME: 'table-altered', DROP: 'table-dropped' };
const VERB_ACTS: Readonly<Record<string, string>> = {
  SELECT: 'table-read', INSERT: 'table-written', UPDATE: 'table-written', DELETE: 'table-written', REPLACE: 'table-written', TRUNCATE: 'table-dropped', DROP: 'table-dropped', ALTER: 'table-altered', CREATE: 'table-created',
};

function actOf(operation: string, object: string): Act {
  const connection = CONNECTIONS[operation];
  if (connection !== undefined) return { category: 'authentication', action: connection, operation };
  const table = TABLE_ACTS[operation];
  if (table !== undefined) return { category: 'database', action: table, operation, ...(object === '' ? {} : { query: { table: bareTable(object) } }) };
  const shape = sqlShape(unquoted(object));
  const tables = shape.tables.map(bareTable);
  const about = { ...(tables.length === 0 ? {} : { table: tables.length === 1 ? tables[0] ?? '' : tables }), ...(shape.readsAll ? { reads_all: true as const } : {}) };
  const touches = tables.length > 0 || shape.verb !== 'SELECT';
  if (ACCOUNTS.test(shape.text)) return { category: 'iam', action: 'database-account-changed', operation: shape.verb, text: shape.text };
  return {
    category: 'database',
    action: (touches ? VERB_ACTS[shape.verb] : undefined) ?? 'statement-run', operation: shape.verb === '' ? operation : shape.verb, text: shape.text, ...(Object.keys(about).length === 0 ? {} : { query: about }),
  };
}

const KNOWN_TABLE = /^[\w$-]{0,64}_((?:user|post|comment|order)meta|users|posts|comments|options|wc_orders|wc_order_addresses|wc_orders_meta|wc_order_operational_data|wc_order_stats|wc_customer_lookup|woocommerce_order_items|woocommerce_order_itemmeta|woocommerce_api_keys)$/;

/** Tables as the plugin's events name them: without a prefix, be it `wp_`, of a blog of a network, or an owner's own. */
function bareTable(name: string): string {
  return KNOWN_TABLE.exec(name)?.[1] ?? name.replace(/^wp_(?:[0-9]{1,9}_)?/, '');
}

const ESCAPED: Readonly<Record<string, string>> = { n: '\n', t: '\t', r: '\r', b: '\b', 0: '\0' };

/** server_audit writes a quote, a backslash and control characters of a statement with a backslash before them. */
function unquoted(object: string): string {
  return object.replace(/^'/, '').replace(/'$/, '').replace(/\\([^])/g, (_, letter: string) => ESCAPED[letter] ?? letter);
}
