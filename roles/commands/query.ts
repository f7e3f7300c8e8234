import { QUERY_FORMATS, queryOutput } from '../../storage/query/query-output.ts';
import { loadConfig } from '../config/config.ts';
import { requireRunning, storageAccess } from '../connections.ts';
import { homeAt } from '../home.ts';
import { suggestion } from '../config/problems.ts';
import { UsageError } from '../usage-error.ts';

export async function query(sql: string, options: { readonly format: string }): Promise<number> {
  const format = QUERY_FORMATS.find((f) => f === options.format);
  if (format === undefined) throw new UsageError(`there is no format "${options.format}"; the formats are ${QUERY_FORMATS.join(', ')}.${suggestion(options.format, QUERY_FORMATS)}`);
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'storage');
  const { url, password } = await storageAccess(config, home, 'reader');
  const stop = new AbortController();
  process.once('SIGINT', () => stop.abort());
  await queryOutput({ url, password, sql, format, output: process.stdout, signal: stop.signal });
  return 0;
}
