import { originOf, parsePhpMessage } from './php-message.ts';
import type { StampedEntry } from './stamped-lines.ts';

/** The ECS event of a PHP log entry; undefined members are left out by JSON.stringify. */
export function phpEventJson(entry: StampedEntry, dataset: string): string {
  const php = parsePhpMessage(entry.text);
  const trace = entry.more.findIndex((line) => /^(?:PHP )?Stack trace:/.test(line) || line.startsWith('#0 '));
  const messageLines = trace < 0 ? entry.more : entry.more.slice(0, trace);
  const message = [php?.text ?? entry.text, ...messageLines].join('\n');
  const stack = trace < 0 ? undefined : entry.more.slice(trace).join('\n');
  const origin = [...entry.more, ''].findLast((line) => line.startsWith('  thrown in '));
  const place = (origin === undefined ? undefined : originOf(origin)) ?? originOf(messageLines.at(-1) ?? entry.text);
  return JSON.stringify({
    '@timestamp': entry.timestamp,
    event: {
      kind: 'event',
      category: 'process',
      action: php === undefined ? 'log_message' : 'php_error',
      outcome: php === undefined || php.level === 'notice' ? 'unknown' : 'failure',
      dataset,
      sequence: entry.part === 0 ? undefined : entry.part,
    },
    message,
    log: php === undefined && place === undefined ? undefined : {
      level: php?.level,
      origin: place === undefined ? undefined : { file: { name: place.path.replace(/^.*[/\\]/s, ''), line: place.line } },
    },
    error: php === undefined && stack === undefined ? undefined : { type: php?.type, stack_trace: stack },
    file: place === undefined ? undefined : { path: place.path },
  });
}
