import { ClickHouseLogLevel, createClient } from '@clickhouse/client';
import type { EventLog } from '../contracts/event-log.ts';
import { SYSTEM_SITE } from '../contracts/names.ts';
import type { BlockSealer } from '../ingest/sealing/block-sealer.ts';
import { createEchoes } from '../storage/anchor/echoes.ts';
import type { Echoes } from '../storage/anchor/echoes.ts';
import { rollbackLine, rollbackText } from '../storage/anchor/rollback.ts';
import { storedCheckpoints } from '../storage/anchor/stored-checkpoints.ts';
import type { StorageAccess } from './connections.ts';
import { messageOf } from './error-message.ts';
import { ownLines } from './own-lines.ts';
import type { RoleContext } from './role-process.ts';

/** Our own acts' stream of what sites say of the ledger. */
const ECHO_STREAM = 'echoes';

/** Checks what shippers echo against the store, and puts contradictions on the trail. A store that is away only makes it later. */
export function openEchoes(access: Promise<StorageAccess>, log: EventLog, sealer: BlockSealer, logLine: RoleContext['log']): Echoes {
  const client = access.then(({ url, user, password }) => createClient({ url, username: user, password, database: 'tourniquet', log: { level: ClickHouseLogLevel.OFF } }));
  client.catch(() => undefined);
  const report = ownLines(log, (headBytes, body) => sealer.seal(headBytes, body), SYSTEM_SITE, ECHO_STREAM);
  const echoes = createEchoes({
    stored: { rootsAt: async (site, size) => storedCheckpoints(await client).rootsAt(site, size) },
    async report(rollback) {
      logLine('echo', { problem: rollbackText(rollback) });
      await report([rollbackLine(rollback, Date.now())]);
    },
    onProblem: (error) => logLine('echo', { message: messageOf(error) }),
  });
  return {
    seen: (site, echo) => echoes.seen(site, echo),
    async [Symbol.asyncDispose]() {
      await echoes[Symbol.asyncDispose]();
      await client.then((c) => c.close()).catch(() => undefined);
    },
  };
}
