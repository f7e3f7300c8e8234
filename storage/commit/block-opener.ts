import type { LogRecord } from '../../contracts/event-log.ts';
import { parseRecord } from '../../contracts/log-record.ts';
import type { CommitterDeps } from './committer-deps.ts';
import type { OpenedBlock } from './derivation.ts';

/** Opens a record; undefined when it is damaged for good, which is told once a try. */
export type BlockOpener = (record: LogRecord, signal: AbortSignal) => Promise<OpenedBlock | undefined>;

export function createBlockOpener({ partition, open, clock, config, onEvent }: Pick<CommitterDeps, 'partition' | 'open' | 'clock' | 'config' | 'onEvent'>): BlockOpener {
  return async (record, signal) => {
    for (let tries = 1; ; tries++) {
      signal.throwIfAborted();
      try {
        return await open(record);
      } catch (error) {
        if (parseRecord(record.value) === undefined || isDamage(error)) {
          onEvent({ type: 'damaged_record', partition, position: record.position, error });
          return undefined;
        }
        onEvent({ type: 'waiting', partition, what: 'open', tries, error });
      }
      await clock.sleep(Math.min(config.retry_first_ms * 2 ** (tries - 1), config.retry_most_ms), signal);
    }
  };
}

/** Only a clear word that another try is useless: a keys role that is away must never look like damage. */
function isDamage(error: unknown): boolean {
  return typeof error === 'object' && error !== null && 'retryable' in error && error.retryable === false;
}
