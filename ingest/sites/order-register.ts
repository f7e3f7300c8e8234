import type { SignedCommand } from '../../contracts/command.ts';
import type { ControlStream } from '../../contracts/event-log.ts';
import type { Letter } from '../../contracts/letter.ts';
import type { SiteRecord } from '../../contracts/site.ts';
import { commandKey, letterKey, parseSiteRecord, SITE_PREFIX } from './site-record.ts';

const READ_ENTRIES = 1_000;

/** All commands ever issued for a site, in the order in which they were claimed. */
export async function readCommands(registry: ControlStream, site: string): Promise<readonly SignedCommand[]> {
  const commands: SignedCommand[] = [];
  const prefix = `${SITE_PREFIX}${site}/command/`;
  for (let next = (await registry.bounds()).first; ; ) {
    const entries = await registry.read(next, READ_ENTRIES);
    for (const { key, value } of entries) {
      const record = key.startsWith(prefix) ? parseSiteRecord(value) : undefined;
      if (record?.type === 'command' && record.site === site) commands.push(record.command);
    }
    const last = entries.at(-1);
    if (last === undefined) return commands;
    next = last.offset + 1;
  }
}

/** Durable when it resolves; false when another command has that counter. */
export async function claimCommand(registry: ControlStream, command: SignedCommand, atMs: number): Promise<boolean> {
  const value = JSON.stringify({ type: 'command', site: command.site, at: atMs, command } satisfies SiteRecord);
  return (await registry.claim(commandKey(command.site, command.counter), value)).value === value;
}

/** Durable when it resolves. The first letter for a box and key epoch stays. */
export async function putLetter(registry: ControlStream, site: string, boxKey: string, { key_epoch, sealed }: Letter, atMs: number): Promise<void> {
  const record: SiteRecord = { type: 'letter', site, at: atMs, box_key: boxKey, key_epoch, sealed };
  await registry.claim(letterKey(site, boxKey, key_epoch), JSON.stringify(record));
}
