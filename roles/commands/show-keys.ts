import { formatAnnouncedKeys } from '../../contracts/announced-key.ts';
import { DEPLOYMENT_SITE } from '../../contracts/names.ts';
import type { AnnouncedKey } from '../../contracts/keys.ts';
import { createKeysClient } from '../../keys/client.ts';
import { loadConfig } from '../config/config.ts';
import { requireRunning } from '../connections.ts';
import { homeAt } from '../home.ts';
import { addressOf } from '../run-file.ts';

/** The public keys that witnesses, auditors and checkers of bundles need, with the notes by which one vouched for the next. */
export async function showKeys(options: { readonly json?: true }): Promise<number> {
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  const keys = createKeysClient({ url: await addressOf(home, 'keys', config.addresses.keys) });
  const [checkpoint, expiry] = await Promise.all([keys.checkpointVerifiers(), keys.expiryVerifier()]);
  const deployment = checkpoint.at(-1)?.verifier.split('+', 1)[0] ?? '';
  const origin = `${deployment}/${DEPLOYMENT_SITE}`;
  const lines = ['Checkpoint keys, newest last:', ...checkpoint.map(keyLine), '', 'Retention key:', `  ${expiry}`, '', `Origin of the deployment log, for witnesses:`, `  ${origin}`, ''];
  process.stdout.write(options.json === true ? `${JSON.stringify({ deployment, origin, checkpoint: formatAnnouncedKeys(checkpoint), expiry })}\n` : lines.join('\n'));
  return 0;
}

function keyLine({ verifier, fromMs, untilMs }: AnnouncedKey): string {
  const from = fromMs === 0 ? 'from the start' : `from ${new Date(fromMs).toISOString()}`;
  return `  ${verifier}  ${from}${untilMs === undefined ? '' : ` until ${new Date(untilMs).toISOString()}`}`;
}
