import type { LineParser } from './line-parser.ts';
import { phpEventJson } from './php-event.ts';
import { createStampedParser } from './stamped-lines.ts';

/** PHP's `error_log` file: php.net/manual/en/errorfunc.configuration.php#ini.error-log */
export function createPhpErrorParser(): LineParser {
  return createStampedParser((entry) => phpEventJson(entry, 'php.error'));
}
