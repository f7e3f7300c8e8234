import { createCombinedParser } from './combined.ts';
import { createCommonParser } from './common-log.ts';
import type { Format } from './format.ts';

/** Lines looked at; a log's first ones may be torn or foreign. */
const SAMPLE_LINES = 50;
const STAMPED = /^\[[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} /;
const WORDPRESS = /WordPress database error|[/\\]wp-(?:content|includes|admin)[/\\]/;

const OTHERS: readonly (readonly [Format, RegExp])[] = [
  ['modsecurity', /^\{\s*"transaction"\s*:/],
  ['ndjson', /^\{/],
  ['php-fpm', /^\[[0-9]{2}-[A-Z][a-z]{2}-[0-9]{4} [0-9:]{8}(?:\.[0-9]+)?\] /],
  ['mariadb-audit', /^[0-9]{8} +[0-9]{1,2}:[0-9]{2}:[0-9]{2},[^,]*,[^,]*,[^,]*,[0-9]+,[0-9]+,[A-Z_]+,/],
  ['ollama', /^\[GIN\] |^time=[0-9T:.+-]{19,35}Z? level=/],
  ['wp-activity-log', /^\[[0-9]{4}-[0-9]{2}-[0-9]{2}T[^\]]{8,24}\] [^\s]+\.[A-Za-z]+: /],
];

function formatOfLine(line: string): Format | undefined {
  const other = OTHERS.find(([, shape]) => shape.test(line));
  if (other !== undefined) return other[0];
  if (STAMPED.test(line)) return WORDPRESS.test(line) ? 'wp-debug' : 'php-error';
  const combined = createCombinedParser().parse(line);
  if (combined.kind === 'event') return combined.json.includes(',"labels":{"trailing":') ? 'nginx' : 'combined';
  return createCommonParser().parse(line).kind === 'event' ? 'common' : undefined;
}

/**
 * The format of a log by its first lines: the one most of them have, the richer one on a tie. `ndjson` when none fits:
 * each line then ends as a counted dead letter instead of a wrong event.
 */
export function detectFormat(sample: string): Format {
  const votes = new Map<Format, number>();
  for (const line of sample.split(/\r?\n/, SAMPLE_LINES)) {
    const format = formatOfLine(line);
    if (format !== undefined) votes.set(format, (votes.get(format) ?? 0) + 1);
  }
  // One mention of WordPress's folders tells whose log it is.
  if (votes.has('wp-debug')) votes.set('wp-debug', (votes.get('wp-debug') ?? 0) + (votes.get('php-error') ?? 0));
  let best: Format = 'ndjson';
  for (const format of ['combined', 'nginx', 'common', 'wp-debug', 'php-error', 'php-fpm', 'modsecurity', 'mariadb-audit', 'ollama', 'wp-activity-log'] as const) {
    if ((votes.get(format) ?? 0) > (votes.get(best) ?? 0)) best = format;
  }
  return best;
}
