import { mkdirSync } from 'node:fs';
import path from 'node:path';

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
  /** What can be made again: compiled patterns. */
  readonly cache: string;
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
    cache: path.join(at, 'data/cache'),
  };
}

/** Makes the directories; those with secrets are their owner's only. */
export function makeHome(home: Home): void {
  for (const directory of [home.data, home.run, home.shippers, home.cache]) mkdirSync(directory, { recursive: true, mode: 0o750 });
  for (const directory of [path.dirname(home.keys), home.secrets]) mkdirSync(directory, { recursive: true, mode: 0o700 });
}
