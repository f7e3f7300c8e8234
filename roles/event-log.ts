import path from 'node:path';
import type { EventLog } from '../contracts/event-log.ts';
import { openEmbeddedLog } from '../ingest/log/embedded-log.ts';
import type { Config } from './config/config.ts';
import type { Home } from './home.ts';

/** The event log the configuration names. */
export function openEventLog(config: Config, home: Home): Promise<EventLog> {
  const { directory, partitions, max_bytes } = config.log;
  return openEmbeddedLog({ directory: directory === '' ? path.join(home.data, 'log') : directory, partitions, maxBytes: max_bytes });
}
