import { mkdirSync } from 'node:fs';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import type { EventLog } from '../../contracts/event-log.ts';
import { prepareLmdbFile } from '../../contracts/lmdb-file.ts';
import { walkRecords } from './damage.ts';
import { CONTROL_STREAM, embeddedControl, REGISTRY_STREAM } from './embedded-control.ts';
import { embeddedPartitions } from './embedded-partitions.ts';
import { LogError } from './errors.ts';
import { GroupCommit } from './group-commit.ts';
import { sharedStreams } from './record-share.ts';
import { beginTransaction, endTransaction, plainStreams } from './record-store.ts';
import type { RecordStore } from './record-store.ts';

export interface EmbeddedLogOptions {
  /** On a local disk. Made when missing, readable by this user only. */
  readonly directory: string;
  /** Fixed when the log is made. */
  readonly partitions: number;
  /** Bytes of records kept at most; appends beyond are refused with a retryable error. */
  readonly maxBytes?: number;
}

const DEFAULT_MAX_BYTES = 8 * 1024 ** 3;
/** Streams of observations, after those of blocks and before those beside the partitions. */
const FIRST_OBSERVATION_STREAM = 0x8000;
const MOST_PARTITIONS = 0x4000;
/**
 * The part of `maxBytes` that observations may take. A stage that does not read must not keep blocks from being stored,
 * so beyond it their oldest are let go of; the stage sees the hole in the positions.
 */
const OBSERVATIONS_SHARE = 1 / 8;
/** Room for the trees, for pages not yet reusable, and for fragments between large records. */
const MAP_RESERVE_BYTES = 256 * 1024 * 1024;
/** Known to lmdb's native part (env.cpp), missing in its types. */
const PRIVATE: object = { permissionsMode: 0o600 };
const FORMAT = Buffer.from('format');

/**
 * The event log in one directory of this machine. Any number of processes may have it open at once, each of them once:
 * while one handle writes, opening another blocks the thread that the first one needs. A process that is killed leaves
 * nothing half done: a transaction is there whole or not at all.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EventLog> {
  if (!Number.isInteger(options.partitions) || options.partitions < 1 || options.partitions > MOST_PARTITIONS) throw new LogError('TQ-LOG-07', `partitions must be 1 to ${MOST_PARTITIONS}`);
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const { root, wasFilled } = openRoot(options.directory, maxBytes);
  try {
    const table = (name: string) => root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
    const store: RecordStore = { root, records: table('records'), state: table('state'), claims: table('claims'), maxBytes, transaction: { usedBytes: 0 } };
    await checkFormat(store, options.partitions);
    if (wasFilled) walkRecords(store, streamsOf(options.partitions));
    return logOn(store, options.partitions);
  } catch (error) {
    await root.close();
    throw error instanceof LogError ? error : new LogError('TQ-LOG-03', '', { cause: error });
  }
}

function openRoot(directory: string, maxBytes: number): { readonly root: RootDatabase; readonly wasFilled: boolean } {
  try {
    mkdirSync(directory, { recursive: true, mode: 0o700 });
    const file = prepareLmdbFile(directory);
    if (file.state === 'damaged') throw new LogError('TQ-LOG-03', file.problem);
    const root = open({
      path: directory,
      // A dot in the path would make it a file.
      noSubdir: false,
      // What durability rests on, see group-commit.ts.
      overlappingSync: false,
      // With batches, lmdb-js makes a promise of its own that nobody handles when a commit fails.
      eventTurnBatching: false,
      mapSize: maxBytes * 2 + MAP_RESERVE_BYTES,
      maxDbs: 4,
      encoding: 'binary',
      keyEncoding: 'binary',
      ...PRIVATE,
    });
    return { root, wasFilled: file.state === 'filled' };
  } catch (error) {
    throw error instanceof LogError ? error : new LogError('TQ-LOG-08', '', { cause: error });
  }
}

/** The first process to open writes it, any other compares. */
async function checkFormat(store: RecordStore, partitions: number): Promise<void> {
  const wanted = `tourniquet-log/1 partitions=${partitions}`;
  const found = await store.root.transaction(() => {
    const format = store.state.getBinary(FORMAT)?.toString();
    if (format === undefined) store.state.put(FORMAT, Buffer.from(wanted));
    return format ?? wanted;
  });
  if (!found.startsWith('tourniquet-log/1 ')) throw new LogError('TQ-LOG-03', 'its format is not known to this version');
  if (found !== wanted) throw new LogError('TQ-LOG-04', `made with ${found.slice(found.indexOf(' ') + 1)}`);
}

function streamsOf(partitions: number): readonly number[] {
  const blocks = Array.from({ length: partitions }, (_, i) => i);
  return [...blocks, ...blocks.map((i) => FIRST_OBSERVATION_STREAM + i), CONTROL_STREAM, REGISTRY_STREAM];
}

function logOn(store: RecordStore, partitions: number): EventLog {
  const commits = new GroupCommit(
    store.root,
    () => beginTransaction(store),
    () => endTransaction(store),
  );
  const shareBytes = Math.floor((store.maxBytes * OBSERVATIONS_SHARE) / partitions);
  return {
    ...embeddedPartitions({ store, commits, partitions, firstStream: 0, writer: plainStreams(store) }),
    observations: embeddedPartitions({ store, commits, partitions, firstStream: FIRST_OBSERVATION_STREAM, writer: sharedStreams(store, shareBytes) }),
    control: embeddedControl(store, commits, CONTROL_STREAM),
    registry: embeddedControl(store, commits, REGISTRY_STREAM),
    async [Symbol.asyncDispose]() {
      if (commits.closed) return;
      await commits.close();
      await store.root.close();
    },
  };
}
