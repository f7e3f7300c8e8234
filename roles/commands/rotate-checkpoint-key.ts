import { loadConfig } from '../config/config.ts';
import { connectKeys, requireRunning } from '../connections.ts';
import { openEventLog } from '../event-log.ts';
import { homeAt } from '../home.ts';
import { writeOnTrail } from '../trail.ts';

export interface RotateCheckpointKeyOptions {
  readonly reason: string;
  /** The keys before sign nothing more from now on: one of them was stolen. */
  readonly retire?: true;
  readonly json?: true;
}

/** A new checkpoint key. Both sign for `keys.overlap_days`, unless the old one is retired. */
export async function rotateCheckpointKey(options: RotateCheckpointKeyOptions): Promise<number> {
  const home = homeAt();
  const config = loadConfig();
  requireRunning(config, home, 'keys');
  const keys = await connectKeys(config, home, 'operator');
  await using log = await openEventLog(config, home);
  const act = { category: ['configuration'], reason: options.reason, target: { kind: 'key', name: 'checkpoint' } } as const;
  const before = await keys.checkpointVerifier();
  const retire = options.retire === true;
  await writeOnTrail(config, home, log, { ...act, action: 'checkpoint-key-rotation', outcome: 'unknown', about: { before, retire } });
  await keys.rotateCheckpoint(options.reason, retire);
  const announced = await keys.checkpointVerifiers();
  const after = announced.at(-1);
  const until = announced.at(-2)?.untilMs;
  if (after === undefined || after.verifier === before) throw new Error('the keys role announces no new key; ask again, and look into its audit');
  const result = { before, after: after.verifier, before_until: until === undefined ? '' : new Date(until).toISOString(), announcement: after.announcement ?? '' };
  await writeOnTrail(config, home, log, { ...act, action: 'checkpoint-key-rotated', outcome: 'success', about: result });
  process.stdout.write(options.json === true ? `${JSON.stringify(result)}\n` : text(result, retire));
  return 0;
}

function text({ after, before_until: until, announcement }: { readonly after: string; readonly before_until: string; readonly announcement: string }, retire: boolean): string {
  const before = retire ? 'The keys before sign nothing more. What they are said to have signed later is forged.' : `The key before signs, too, until ${until}.`;
  return `New checkpoint key:\n\n  ${after}\n\n${before}\nGive witnesses and auditors the new key with this note, which both keys signed, and back up the keys directory now:\n\n${announcement}`;
}
