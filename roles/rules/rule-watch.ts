import { createHash } from 'node:crypto';
import { readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/** Files looked at in one folder tree. */
const MOST_FILES = 50_000;

/** Names, sizes and times of all files below the paths, behind links too, without hidden ones: equal as long as nothing was changed. */
export async function fingerprint(paths: readonly string[]): Promise<string> {
  const hash = createHash('sha256');
  let files = 0;
  const add = async (at: string): Promise<void> => {
    const found = await stat(at).catch(() => undefined);
    if (found === undefined) return void hash.update(`${at}\0gone\n`);
    if (!found.isDirectory()) return void hash.update(`${at}\0${found.size}\0${found.mtimeMs}\0${found.ino}\n`);
    for (const name of (await readdir(at)).toSorted()) {
      if (name.startsWith('.')) continue;
      if (++files > MOST_FILES) return;
      await add(path.join(at, name));
    }
  };
  for (const at of paths) await add(at);
  return hash.digest('hex');
}

/**
 * Calls `onChange` once the files below the paths differ from the fingerprint `taken`, and then stood still for one look.
 * One call at a time, until the signal aborts. `onChange` must not reject.
 */
export async function watchRules(paths: readonly string[], taken: string, everyMs: number, onChange: () => Promise<void>, signal: AbortSignal): Promise<void> {
  let before = taken;
  while (!signal.aborted) {
    await sleep(everyMs, undefined, { signal }).catch(() => undefined);
    if (signal.aborted) return;
    const now = await fingerprint(paths).catch(() => before);
    if (now !== taken && now === before) {
      taken = now;
      await onChange();
    }
    before = now;
  }
}
