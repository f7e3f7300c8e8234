import type { EventLog } from '../contracts/event-log.ts';
import type { LetterKeys } from '../contracts/keys.ts';
import type { Trail } from '../contracts/trail.ts';
import { claimCommand, putLetter, readCommands } from '../ingest/sites/order-register.ts';
import { openSiteRegister } from '../ingest/sites/site-register.ts';
import { startLetterWriter } from '../respond/orders/letter-writer.ts';
import type { LetterWriter } from '../respond/orders/letter-writer.ts';
import { renewPolicy } from '../respond/orders/policy-command.ts';
import { announceCommandKey } from './command-key.ts';
import type { CommandKey } from './command-key.ts';
import type { LogLine } from './event-log.ts';
import { quietLog } from './quiet-log.ts';

export interface MailRoomDeps {
  readonly log: EventLog;
  readonly keys: LetterKeys;
  readonly trail: Trail;
  readonly commandKey: CommandKey;
  readonly logLine: LogLine;
  readonly pollMs?: number;
  readonly epochsEveryMs?: number;
}

/** Announces the key of commands, then writes letters for every box in force until disposed; a new one finds its site's policy, too. */
export async function openMailRoom({ log, keys, trail, commandKey, logLine, ...every }: MailRoomDeps): Promise<LetterWriter> {
  const quiet = quietLog(logLine);
  const onError = (error: unknown): void => quiet('letters', { message: error instanceof Error ? error.message : String(error) });
  const register = await openSiteRegister(log.registry, { onError });
  await announceCommandKey(log.registry, register.commandKey, commandKey);
  const writer = startLetterWriter({
    keys,
    boxes: () => register.openBoxes(),
    welcome: ({ site }) => renewPolicy({
      ...commandKey, nowMs: Date.now,
      issued: () => readCommands(log.registry, site),
      claim: (command) => claimCommand(log.registry, command, Date.now()),
      note: (act) => trail.write(act),
    }, site),
    async put({ site, boxKey }, letter) {
      await putLetter(log.registry, site, boxKey, letter, Date.now());
      await register.refresh();
    },
    note: (act) => trail.write(act),
    onError,
    ...every,
  });
  return {
    status: () => writer.status(),
    async [Symbol.asyncDispose]() {
      await writer[Symbol.asyncDispose]();
      await register[Symbol.asyncDispose]();
    },
  };
}
