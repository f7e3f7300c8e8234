import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { writeOnTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';

/** A new key epoch and sealing key. Tokens of before stay; a look-up asks for the tokens of all epochs. */
export async function rotateKeys(options: { readonly reason: string; readonly json?: true }): Promise<number> {
  if (options.reason.trim() === '') throw new UsageError('--reason says why; it stands on the trail');
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  const keys = await connectKeys(config, home, 'operator');
  const epoch = await keys.rotate(options.reason);
  await using log = await openEventLog(config, home);
  await writeOnTrail(config, home, log, { action: 'keys-rotated', category: ['configuration'], outcome: 'success', reason: options.reason, about: { epoch } });
  process.stdout.write(options.json === true ? `${JSON.stringify({ epoch })}\n` : `Key epoch ${epoch}. New events get its tokens within seconds; back up the keys directory now.\n`);
  return 0;
}
