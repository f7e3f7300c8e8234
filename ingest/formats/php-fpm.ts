import type { LineParser } from './line-parser.ts';
import { parseLocalTime } from './log-time.ts';
import { phpEventJson } from './php-event.ts';
import { originOf, parsePhpMessage } from './php-message.ts';
import { createStampedParser } from './stamped-lines.ts';
import type { StampedEntry } from './stamped-lines.ts';

/**
 * PHP-FPM's error log and slow log (php.net/manual/en/install.fpm.configuration.php): times without a zone.
 *
 *     [21-Nov-2026 10:11:12] WARNING: [pool www] child 31 said into stderr: "PHP message: PHP Warning:  …"
 *     [21-Nov-2026 10:11:12]  [pool www] pid 31            (the slow log: script and stack follow on lines of their own)
 */
export function createPhpFpmParser(zone: string): LineParser {
  return createStampedParser(fpmJson, {
    shape: /^\[([0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8})(?:\.[0-9]{1,9})?\] ?/,
    parse: (time) => parseLocalTime(time, zone),
  });
}

const DATASET = 'php_fpm.error';
const SLOW = /^ ?\[pool ([^\]]{1,64})\] pid ([0-9]{1,10})$/;
const HEAD = /^ ?(DEBUG|NOTICE|WARNING|ERROR|ALERT): (?:\[pool ([^\]]{1,64})\] )?(?:child ([0-9]{1,10}),? ?)?/;
const SAID = /^(?:said into (?:stderr|stdout): )"((?:(?:NOTICE|ERROR): )?PHP message: )?/;
const LEVELS: Readonly<Record<string, string>> = { DEBUG: 'debug', NOTICE: 'notice', WARNING: 'warning', ERROR: 'error', ALERT: 'critical' };

function fpmJson(entry: StampedEntry): string {
  const slow = SLOW.exec(entry.text);
  if (slow !== null) return slowJson(entry, slow[1] ?? '', Number(slow[2]));
  const head = HEAD.exec(entry.text);
  const text = entry.text.slice(head?.[0].length ?? 0);
  const said = SAID.exec(text);
  const inner = said === null ? text : text.slice(said[0].length).replace(/"(?:, pipe is closed)?$/, '');
  if (said !== null && (said[1] !== undefined || parsePhpMessage(inner) !== undefined)) return phpEventJson({ ...entry, text: inner }, DATASET);
  return JSON.stringify({
    '@timestamp': entry.timestamp,
    event: { kind: 'event', category: 'process', action: 'fpm_message', outcome: head?.[1] === 'ERROR' || head?.[1] === 'ALERT' ? 'failure' : 'unknown', dataset: DATASET, sequence: entry.part === 0 ? undefined : entry.part },
    message: [inner, ...entry.more.filter((line) => line !== '')].join('\n'),
    log: head === null ? undefined : { level: LEVELS[head[1] ?? ''] },
    process: head?.[3] === undefined ? undefined : { pid: Number(head[3]) },
    labels: head?.[2] === undefined ? undefined : { pool: head[2] },
  });
}

const SCRIPT = /^script_filename = (.{1,4096})$/;

/** Frames are `[0x00007f…] function() /path/file.php:12`; values are not among them. */
function slowJson(entry: StampedEntry, pool: string, pid: number): string {
  const script = entry.more.map((line) => SCRIPT.exec(line)?.[1]).find((path) => path !== undefined);
  const frames = entry.more.filter((line) => line.startsWith('[0x')).map((line) => line.slice(line.indexOf(']') + 2));
  const rest = entry.more.filter((line) => line !== '' && !line.startsWith('[0x') && !line.startsWith('script_filename = '));
  const top = originOf(` in ${frames[0]?.slice(frames[0].lastIndexOf(' ') + 1) ?? ''}`);
  return JSON.stringify({
    '@timestamp': entry.timestamp,
    event: { kind: 'event', category: 'process', action: 'slow_request', outcome: 'unknown', dataset: 'php_fpm.slow', sequence: entry.part === 0 ? undefined : entry.part },
    message: rest.length === 0 ? undefined : rest.join('\n'),
    log: top === undefined ? undefined : { origin: { file: { name: top.path.replace(/^.*[/\\]/s, ''), line: top.line } } },
    error: frames.length === 0 ? undefined : { stack_trace: frames.join('\n') },
    file: script === undefined ? undefined : { path: script },
    process: { pid },
    labels: { pool },
  });
}
