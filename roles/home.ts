import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { messageOf } from './error-message.ts';

/** Where an instance keeps its things. Keys and data never share a directory. */
export interface Home {
  readonly root: string;
  readonly data: string;
  readonly keys: string;
  /** Passwords and tokens between the roles, one file each. */
  readonly secrets: string;
  /** What runs: one JSON file a role, with its address and state. */
  readonly run: string;
  readonly shippers: string;
  /** Signatures of canaries, shingles of registered documents. */
  readonly packs: string;
  /** What is to be kept elsewhere, too: files that are only ever appended to. */
  readonly export: string;
  /** A file that stands here while a backup is being restored: then nothing may start. */
  readonly restoring: string;
  /** What can be made again: compiled patterns. */
  readonly cache: string;
}

/** One for several homes on a machine: `TOURNIQUET_CACHE`. Only we may write there. */
export function cacheFolder(): string | undefined {
  const named = process.env['TOURNIQUET_CACHE'];
  return named === undefined ? undefined : path.resolve(named);
}

/** `TOURNIQUET_HOME`, or the current directory. */
export function homeAt(root = process.env['TOURNIQUET_HOME'] ?? process.cwd()): Home {
  const at = path.resolve(root);
  return {
    root: at,
    data: path.join(at, 'data'),
    keys: path.join(at, 'keys/local/store'),
    secrets: path.join(at, 'keys/local/secrets'),
    run: path.join(at, 'data/run'),
    shippers: path.join(at, 'data/shippers'),
    packs: path.join(at, 'packs'),
    export: path.join(at, 'export'),
    restoring: path.join(at, 'RESTORING'),
    cache: cacheFolder() ?? path.join(at, 'data/cache'),
  };
}

/** Makes the directories; those with secrets are their owner's only. */
export function makeHome(home: Home): void {
  try {
    for (const directory of [home.data, home.run, home.shippers, home.cache, home.export]) mkdirSync(directory, { recursive: true, mode: 0o750 });
    for (const directory of [path.dirname(home.keys), home.secrets]) mkdirSync(directory, { recursive: true, mode: 0o700 });
  } catch (cause) {
    throw new Error(`the home ${home.root} cannot be written to: ${messageOf(cause)}. Set TOURNIQUET_HOME to a directory that this account may write to.`, { cause });
  }
}
