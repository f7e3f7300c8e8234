import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { writeOnTrail } from '../trail.ts';
import { UsageError } from '../usage-error.ts';
import { rotateCheckpointKey } from './rotate-checkpoint-key.ts';
import type { RotateCheckpointKeyOptions } from './rotate-checkpoint-key.ts';

export interface RotateOptions extends RotateCheckpointKeyOptions {
  readonly checkpoint?: true;
}

export async function rotate(options: RotateOptions): Promise<number> {
  if (options.reason.trim() === '') throw new UsageError('--reason says why; it stands on the trail');
  if (options.retire === true && options.checkpoint !== true) throw new UsageError('--retire goes with --checkpoint: keys of epochs are kept, or what they sealed could not be opened');
  return options.checkpoint === true ? rotateCheckpointKey(options) : rotateKeys(options);
}

/** A new key epoch and sealing key. Tokens of before stay; a look-up asks for the tokens of all epochs. */
async function rotateKeys(options: RotateOptions): Promise<number> {
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  const keys = await connectKeys(config, home, 'operator');
  const epoch = await keys.rotate(options.reason);
  await using log = await openEventLog(config, home);
  await writeOnTrail(config, home, log, { action: 'keys-rotated', category: ['configuration'], outcome: 'success', reason: options.reason, target: { kind: 'key', name: 'epoch' }, about: { epoch } });
  process.stdout.write(options.json === true ? `${JSON.stringify({ epoch })}\n` : `Key epoch ${epoch}. New events get its tokens within seconds; back up the keys directory now.\n`);
  return 0;
}
