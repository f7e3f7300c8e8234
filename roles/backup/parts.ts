import path from 'node:path';
import type { Config } from '../config/config.ts';
import type { Home } from '../home.ts';

export const PART_NAMES = ['keys', 'secrets', 'shippers', 'data', 'log', 'storage', 'packs', 'export'] as const;
export type PartName = (typeof PART_NAMES)[number];

/** A directory that is copied as it is. */
export interface Part {
  readonly name: PartName;
  readonly directory: string;
  /** Holds keys or secrets: encrypted when there is a passphrase. */
  readonly sealed: boolean;
  /** First parts of paths that are left out: made again, or copied as a part of their own. */
  readonly without: readonly string[];
}

export interface Parts {
  readonly parts: readonly Part[];
  /** What runs elsewhere and has a backup of its own. */
  readonly leftOut: readonly string[];
}

/** The directories of this home, wherever the configuration puts them. */
export function partsOf(config: Config, home: Home): Parts {
  const at = (named: string, name: string): string => (named === '' ? path.join(home.data, name) : path.resolve(named));
  const part = (name: PartName, directory: string, sealed = false, without: readonly string[] = []): Part => ({ name, directory, sealed, without });
  const hasLog = config.log.kind !== 'kafka';
  const hasStore = config.addresses.storage === '';
  const hasKeys = config.addresses.keys === '';
  return {
    parts: [
      ...(hasKeys ? [part('keys', config.keys.directory === '' ? home.keys : path.resolve(config.keys.directory), true)] : []),
      part('secrets', home.secrets, true),
      part('shippers', home.shippers, true),
      part('data', home.data, false, ['run', 'cache', 'log', 'storage', 'shippers']),
      ...(hasLog ? [part('log', at(config.log.directory, 'log'))] : []),
      ...(hasStore ? [part('storage', at(config.storage.directory, 'storage'), false, ['spool'])] : []),
      part('packs', home.packs),
      part('export', home.export),
    ],
    leftOut: [...(hasKeys ? [] : ['the keys role']), ...(hasLog ? [] : ['Kafka']), ...(hasStore ? [] : ['ClickHouse'])],
  };
}

/** Files that are locks of running processes, or half-written: never copied. */
export function isTransient(name: string): boolean {
  return name === 'lock.mdb' || name.endsWith('.lock') || name.endsWith('.lock-journal') || name.endsWith('.new') || name.endsWith('.sock');
}
