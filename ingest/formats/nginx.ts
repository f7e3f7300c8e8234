import { createAccessParser } from './access-line.ts';
import type { LineParser } from './line-parser.ts';

/** nginx's predefined `combined`, also with further fields behind it: nginx.org/en/docs/http/ngx_http_log_module.html */
export function createNginxParser(): LineParser {
  return createAccessParser('nginx.access', true);
}
