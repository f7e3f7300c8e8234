export const FORMATS = ['ndjson', 'combined', 'common', 'nginx', 'php-error', 'wp-debug'] as const;

export type Format = (typeof FORMATS)[number];

export function isFormat(x: unknown): x is Format {
  return FORMATS.some((format) => format === x);
}

/** Whether one event may span several lines. */
export function joinsLines(format: Format): boolean {
  return format === 'php-error' || format === 'wp-debug';
}
