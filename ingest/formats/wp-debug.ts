import type { LineParser } from './line-parser.ts';
import { phpEventJson } from './php-event.ts';
import { createStampedParser } from './stamped-lines.ts';
import type { StampedEntry } from './stamped-lines.ts';

/** `wp-content/debug.log`: PHP's messages, WordPress's database errors, and what plugins pass to error_log(). */
export function createWpDebugParser(): LineParser {
  return createStampedParser((entry) => (entry.text.startsWith(DATABASE_ERROR) ? databaseErrorJson(entry) : phpEventJson(entry, 'wordpress.debug')));
}

const DATABASE_ERROR = 'WordPress database error ';
const QUERY = ' for query ';
const CALLER = ' made by ';

/** `WordPress database error TEXT for query SQL made by CALLERS`, as wpdb::print_error() writes it. */
function databaseErrorJson(entry: StampedEntry): string {
  const text = [entry.text.slice(DATABASE_ERROR.length), ...entry.more].join('\n');
  const query = text.indexOf(QUERY);
  const caller = text.lastIndexOf(CALLER);
  const hasCaller = query >= 0 && caller > query;
  return JSON.stringify({
    '@timestamp': entry.timestamp,
    event: { kind: 'event', category: 'database', action: 'database_error', outcome: 'failure', dataset: 'wordpress.debug' },
    message: query < 0 ? text : text.slice(0, query),
    log: { level: 'error' },
    error: { type: 'WordPress database error' },
    wordpress: query < 0 ? undefined : {
      database: {
        query: text.slice(query + QUERY.length, hasCaller ? caller : undefined),
        made_by: hasCaller ? text.slice(caller + CALLER.length) : undefined,
      },
    },
  });
}
