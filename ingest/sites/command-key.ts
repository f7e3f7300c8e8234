import type { ControlEntry, ControlStream } from '../../contracts/event-log.ts';

/**
 * The public half of the respond role's command key, on the registry stream for gateways to hand out. The newest counts;
 * a site keeps the one it was given first, so a changed one reaches sites only when they enrol again.
 */
export const COMMAND_KEY = 'respond/command-key';

/** 32 bytes as base64url; undefined when the entry is another or says nothing. */
export function commandKeyIn(entry: ControlEntry): string | undefined {
  return entry.key === COMMAND_KEY && /^[A-Za-z0-9_-]{43}$/.test(entry.value) ? entry.value : undefined;
}

/** Durable when it resolves. Harmless to repeat. */
export async function publishCommandKey(registry: ControlStream, key: string): Promise<void> {
  await registry.append(COMMAND_KEY, key);
}
