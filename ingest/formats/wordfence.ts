import { createTableParser } from './csv-row.ts';
import type { TableRow } from './csv-row.ts';
import { columnName } from './csv-row.ts';
import { parsedObject, textOf } from './json-value.ts';
import { reject } from './line-parser.ts';
import type { LineParser, ParsedLine } from './line-parser.ts';
import { hexAddress, logHost } from './log-host.ts';
import { parseUnixSeconds } from './log-time.ts';
import { targetFields } from './target-fields.ts';

/**
 * Rows of Wordfence's tables `wfHits` (requests it logged or blocked) and `wfLogins`, which it has no export of its own for:
 * a JSON object a line (docs/shippers.md has the query), or CSV with the tables' columns. Addresses are hex, as
 * `HEX(IP)` gives them, or text. What a block matched (`actionData`) is left out.
 */
export function createWordfenceParser(): LineParser {
  return createTableParser({ columns: COLUMNS, toJson: rowJson, fromLine, unreadable });
}

/** `wfHits` of Wordfence 7 and 8. */
const COLUMNS = ['id', 'attacklogtime', 'ctime', 'ip', 'jsrun', 'statuscode', 'isgoogle', 'userid', 'newvisit', 'url', 'referer', 'ua', 'action', 'actiondescription', 'actiondata', 'hitid', 'fail', 'username'];
const DATASET = 'wordfence.activity';

function fromLine(line: string): ParsedLine | undefined {
  if (!line.startsWith('{')) return undefined;
  const row = parsedObject(line);
  if (row === undefined) return reject('not_json');
  const json = rowJson(new Map(Object.entries(row).map(([name, value]) => [columnName(name), textOf(value) ?? ''])));
  return json === undefined ? reject('no_timestamp') : { kind: 'event', json };
}

function unreadable(text: string): string {
  return JSON.stringify({ event: { kind: 'event', category: 'process', action: 'log_message', outcome: 'unknown', dataset: DATASET }, labels: { characters: text.length } });
}

interface Act {
  readonly category: 'authentication' | 'http';
  readonly action: string;
  readonly outcome: 'success' | 'failure' | 'unknown';
}

function rowJson(row: TableRow): string | undefined {
  const value = (name: string) => present(row.get(name));
  const timestamp = parseUnixSeconds(value('ctime') ?? '');
  if (timestamp === undefined) return undefined;
  const status = Number(value('statuscode') ?? 0);
  const act = actOf(value('action') ?? '', value('fail'), status);
  const user = value('username') ?? (value('userid') === '0' ? undefined : value('userid'));
  const ip = value('ip') ?? '';
  const agent = value('ua');
  const referrer = value('referer');
  return JSON.stringify({
    '@timestamp': timestamp,
    event: { kind: 'event', category: act.category, action: act.action, outcome: act.outcome, dataset: DATASET, id: value('id'), code: value('action')?.slice(0, 64) },
    message: value('actiondescription')?.slice(0, 500),
    source: logHost(hexAddress(ip) ?? ip),
    user: user === undefined ? undefined : value('username') === undefined ? { id: user } : { name: user },
    http: referrer === undefined && !(status >= 100 && status <= 999) ? undefined : { request: referrer === undefined ? undefined : { referrer }, response: status >= 100 && status <= 999 ? { status_code: status } : undefined },
    url: targetFields(value('url') ?? '', undefined),
    user_agent: agent === undefined ? undefined : { original: agent },
  });
}

/** Databases write NULL in different ways. */
function present(text: string | undefined): string | undefined {
  return text === undefined || text === '' || text === 'NULL' || text === '\\N' ? undefined : text;
}

/** `loginOK`, `loginFailValidUsername`, `blocked:waf`, `lockedOut`, …; nothing for a request that was only logged. */
function actOf(action: string, fail: string | undefined, status: number): Act {
  if (/^login(?:OK|Success)|^logout$/i.test(action) || fail === '0') return { category: 'authentication', action: /^logout$/i.test(action) ? 'user-logout' : 'user-login', outcome: 'success' };
  if (/^loginFail/i.test(action) || fail === '1') return { category: 'authentication', action: 'login-failed', outcome: 'failure' };
  if (/^blocked|^lockedOut/i.test(action)) return { category: 'http', action: 'request-blocked', outcome: 'failure' };
  if (/^learned|^logged:waf/i.test(action)) return { category: 'http', action: 'request-flagged', outcome: status >= 400 ? 'failure' : 'success' };
  return { category: 'http', action: 'http_request', outcome: status === 0 ? 'unknown' : status < 400 ? 'success' : 'failure' };
}
