import { createAccessParser } from './access-line.ts';
import type { LineParser } from './line-parser.ts';

/** Apache `common` (Common Log Format), with or without a virtual host: httpd.apache.org/docs/2.4/logs.html#common */
export function createCommonParser(): LineParser {
  return createAccessParser('apache.access', false);
}
