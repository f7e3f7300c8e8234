export const FORMATS = [
  'ndjson', 'combined', 'common', 'nginx', 'php-error', 'wp-debug', 'php-fpm', 'modsecurity', 'wordfence', 'wp-activity-log', 'mariadb-audit', 'ollama',
] as const;

export type Format = (typeof FORMATS)[number];

export function isFormat(x: unknown): x is Format {
  return FORMATS.some((format) => format === x);
}

const ENTRIES: readonly Format[] = ['php-error', 'wp-debug', 'php-fpm'];
const TABLES: readonly Format[] = ['wordfence', 'wp-activity-log'];

/** Whether one event may span several lines. */
export function joinsLines(format: Format): boolean {
  return ENTRIES.includes(format) || TABLES.includes(format);
}

/** Of formats that join lines: whether an event ends with the line that it was answered at, or with the one before. */
export function endsAtLine(format: Format): boolean {
  return TABLES.includes(format);
}
