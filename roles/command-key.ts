import { ed25519PrivateKey, rawPublicKey } from '../contracts/block.ts';
import type { KeyObject } from 'node:crypto';
import type { ControlStream } from '../contracts/event-log.ts';
import { publishCommandKey } from '../ingest/sites/command-key.ts';
import { UsageError } from './usage-error.ts';

export interface CommandKey {
  /** The public half, 32 bytes as base64url. */
  readonly key: string;
  readonly privateKey: KeyObject;
}

/** The key that signs containment commands, from its seed (32 bytes as base64url): of the respond role, and of whoever may command. */
export function openCommandKey(seed: string): CommandKey {
  if (Buffer.from(seed, 'base64url').length !== 32) throw new UsageError('secrets.respond_command must be 32 bytes as base64url');
  const privateKey = ed25519PrivateKey(seed);
  return { key: rawPublicKey(privateKey).toString('base64url'), privateKey };
}

/** Has gateways hand it out from now on; nothing when they do already. */
export async function announceCommandKey(registry: ControlStream, known: string | undefined, { key }: CommandKey): Promise<void> {
  if (known !== key) await publishCommandKey(registry, key);
}
