/** Every error of storage/ that is not ClickHouse's own. Codes are never reused. */
interface Entry {
  readonly code: string;
  readonly retryable: boolean;
  readonly message: string;
}

const CATALOGUE = {
  directoryInUse: { code: 'TQ-STORAGE-01', retryable: false, message: 'the data directory is in use by another process: stop it or choose another directory' },
  directoryUnusable: { code: 'TQ-STORAGE-02', retryable: false, message: 'the engine cannot open the data directory: check its rights and free space, or restore it from a backup' },
  migrationChanged: { code: 'TQ-STORAGE-03', retryable: false, message: 'a migration that ran before has changed: restore the file and add a new migration instead' },
  migrationMissing: { code: 'TQ-STORAGE-04', retryable: false, message: 'the store has a migration that this version does not know: start the version that made it, or a later one' },
  migrationFailed: { code: 'TQ-STORAGE-05', retryable: true, message: 'a migration failed: read the cause, mend it and start again; earlier statements of the file are repeated' },
  migrationName: { code: 'TQ-STORAGE-06', retryable: false, message: 'migration files are named NNN-name.sql, numbered from 001 without a hole' },
  cannotListen: { code: 'TQ-STORAGE-07', retryable: true, message: 'cannot listen on the configured address: choose a free port or stop what holds it' },
  badVerifier: { code: 'TQ-STORAGE-08', retryable: false, message: 'the checkpoint key is not of the form name+hash+base64: take it from the keys role' },
  queryFailed: { code: 'TQ-STORAGE-09', retryable: false, message: 'the query failed' },
  storeAnswer: { code: 'TQ-STORAGE-10', retryable: true, message: 'the store gave an answer of an unexpected shape: check that the address is a ClickHouse server' },
  severalServers: { code: 'TQ-STORAGE-11', retryable: true, message: 'several servers answer behind one address, so a count could be one of a replica that lags: name each replica in addresses.storage, comma-separated, and no load balancer' },
  badQuorum: { code: 'TQ-STORAGE-12', retryable: false, message: 'storage.insert_quorum must be "auto" or a number from 1 to 99' },
  quorumTooSlow: { code: 'TQ-STORAGE-13', retryable: false, message: 'storage.insert_quorum_timeout_ms must be less than storage.request_timeout_ms, or no worker ever learns how its insert ended' },
  serverTooOld: { code: 'TQ-STORAGE-14', retryable: false, message: 'the ClickHouse server is too old: update it' },
  notRenderable: { code: 'TQ-STORAGE-15', retryable: false, message: 'a migration has a statement of a form that cannot be written for a cluster: keep to the forms that storage/migrations/cluster.ts names' },
  deployFailed: { code: 'TQ-STORAGE-16', retryable: true, message: 'the server refused a statement: read its answer, mend it and run "tourniquet migrate" again; every statement can be repeated' },
  keptUnreadable: { code: 'TQ-STORAGE-31', retryable: false, message: 'the file of kept checkpoints cannot be read: it holds signed notes one after another, or NDJSON with a note a line, at most 64 MB' },
  keptUnknownKey: { code: 'TQ-STORAGE-32', retryable: false, message: 'a kept checkpoint is signed by none of the keys that this deployment announced: is it of another deployment?' },
  noSuchHold: { code: 'TQ-STORAGE-40', retryable: false, message: 'there is no such hold: "tourniquet hold list" names all' },
  held: { code: 'TQ-STORAGE-41', retryable: false, message: 'a legal hold covers this: it stays until the hold is released with "tourniquet hold release"' },
  notDue: { code: 'TQ-STORAGE-42', retryable: false, message: 'the partition is not past its period, or held: "tourniquet retention" shows when it is due' },
  expiryUnverified: { code: 'TQ-STORAGE-43', retryable: false, message: 'the stored rows do not verify, so nothing is dropped: run "tourniquet verify" and mend what it names first' },
  expiryUnattested: { code: 'TQ-STORAGE-44', retryable: true, message: 'rows are not under a signed checkpoint yet, so nothing is dropped: let the worker commit them, then try again' },
  expiryChanged: { code: 'TQ-STORAGE-45', retryable: true, message: 'the rows changed while their leaf hashes were stored, so nothing is dropped: try again' },
  expiryWord: { code: 'TQ-STORAGE-46', retryable: false, message: 'the keys role signed another word than was asked for: check that it belongs to this deployment' },
  bundleUnproven: { code: 'TQ-STORAGE-50', retryable: false, message: 'evidence does not lead to the signed checkpoint, so no bundle is made of it: run "tourniquet verify", which names what was changed' },
  bundleDirectory: { code: 'TQ-STORAGE-51', retryable: false, message: 'a bundle is written to a directory that is not there yet, or empty: choose another' },
  bundleCheckpoint: { code: 'TQ-STORAGE-52', retryable: true, message: 'no signed checkpoint covers the scope yet: let the worker publish one, then try again' },
} as const satisfies Readonly<Record<string, Entry>>;

export type StorageErrorName = keyof typeof CATALOGUE;

export class StorageError extends Error {
  override readonly name = 'StorageError';
  readonly code: string;
  readonly retryable: boolean;
  constructor(error: StorageErrorName, detail = '', options?: ErrorOptions) {
    const entry = CATALOGUE[error];
    super(detail === '' ? entry.message : `${entry.message} (${detail})`, options);
    this.code = entry.code;
    this.retryable = entry.retryable;
  }
}

/** For the page that lists errors. */
export const STORAGE_ERRORS: readonly Entry[] = Object.values(CATALOGUE);
