import { createAccessParser } from './access-line.ts';
import type { LineParser } from './line-parser.ts';

/** Apache `combined` and `vhost_combined`: httpd.apache.org/docs/2.4/logs.html#combined */
export function createCombinedParser(): LineParser {
  return createAccessParser('apache.access', true);
}
