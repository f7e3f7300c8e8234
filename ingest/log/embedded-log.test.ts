import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describeEventLog } from '../../contracts/event-log.suite.ts';
import type { EventLog } from '../../contracts/event-log.ts';
import { openEmbeddedLog } from './embedded-log.ts';

describeEventLog('embedded', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'tq.log-'));
  const handles: EventLog[] = [];
  const reopen = async () => {
    const log = await openEmbeddedLog({ directory, partitions: 3, maxBytes: 64 * 1024 * 1024 });
    handles.push(log);
    return log;
  };
  return {
    log: await reopen(),
    reopen,
    close: async () => {
      for (const log of handles) await log[Symbol.asyncDispose]();
      await rm(directory, { recursive: true });
    },
  };
});
