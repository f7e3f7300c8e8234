import { createCombinedParser } from './combined.ts';
import { createCommonParser } from './common-log.ts';
import type { Format } from './format.ts';
import type { LineParser } from './line-parser.ts';
import { createNdjsonParser } from './ndjson.ts';
import { createNginxParser } from './nginx.ts';
import { createPhpErrorParser } from './php-error.ts';
import { createWpDebugParser } from './wp-debug.ts';

/** What the rest of the room uses of this folder. */
export { FORMATS, isFormat, joinsLines } from './format.ts';
export type { Format } from './format.ts';
export { detectFormat } from './detect-format.ts';
export type { LineParser, ParsedLine } from './line-parser.ts';

export function createParser(format: Format): LineParser {
  switch (format) {
    case 'ndjson':
      return createNdjsonParser();
    case 'combined':
      return createCombinedParser();
    case 'common':
      return createCommonParser();
    case 'nginx':
      return createNginxParser();
    case 'php-error':
      return createPhpErrorParser();
    case 'wp-debug':
      return createWpDebugParser();
    default:
      return format satisfies never;
  }
}
