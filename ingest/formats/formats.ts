import { createCombinedParser } from './combined.ts';
import { createCommonParser } from './common-log.ts';
import type { Format } from './format.ts';
import type { LineParser } from './line-parser.ts';
import { createMariadbAuditParser } from './mariadb-audit.ts';
import { createModsecurityParser } from './modsecurity.ts';
import { createNdjsonParser } from './ndjson.ts';
import { createNginxParser } from './nginx.ts';
import { createOllamaParser } from './ollama.ts';
import { createPhpErrorParser } from './php-error.ts';
import { createPhpFpmParser } from './php-fpm.ts';
import { createWordfenceParser } from './wordfence.ts';
import { createWpActivityLogParser } from './wp-activity-log.ts';
import { createWpDebugParser } from './wp-debug.ts';

/** What the rest of the room uses of this folder. */
export { endsAtLine, FORMATS, isFormat, joinsLines } from './format.ts';
export type { Format } from './format.ts';
export { detectFormat } from './detect-format.ts';
export type { LineParser, ParsedLine } from './line-parser.ts';
export { isZone } from './log-time.ts';

/** `zone`: where the log was written (`Europe/Berlin`, `+01:00`), for formats whose times do not say; see `isZone`. */
export function createParser(format: Format, zone = 'UTC'): LineParser {
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
    case 'php-fpm':
      return createPhpFpmParser(zone);
    case 'modsecurity':
      return createModsecurityParser(zone);
    case 'wordfence':
      return createWordfenceParser();
    case 'wp-activity-log':
      return createWpActivityLogParser(zone);
    case 'mariadb-audit':
      return createMariadbAuditParser(zone);
    case 'ollama':
      return createOllamaParser(zone);
    default:
      return format satisfies never;
  }
}
