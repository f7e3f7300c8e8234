import { mkdirSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { open } from 'lmdb';
import type { RootDatabase } from 'lmdb';
import type { ControlStream, EventLog, LogBounds, LogPosition, LogRecord, ReadLimits } from '../../contracts/event-log.ts';
import { partitionOf } from '../../contracts/event-log.ts';
import { prepareLmdbFile } from '../../contracts/lmdb-file.ts';
import { walkRecords } from './damage.ts';
import { CONTROL_STREAM, embeddedControl, REGISTRY_STREAM } from './embedded-control.ts';
import { LogError } from './errors.ts';
import { GroupCommit } from './group-commit.ts';
import { appendRecord, beginTransaction, boundsOf, endTransaction, requireRecord, trimRecords } from './record-store.ts';
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
const MAX_VALUE_BYTES = 8 * 1024 * 1024;
const MAX_KEY_BYTES = 255;
/** Room for the trees, for pages not yet reusable, and for fragments between large records. */
const MAP_RESERVE_BYTES = 256 * 1024 * 1024;
const POLL_MS = 5;
const MOST_POLL_MS = 25;
const POLL_SLOWDOWN = 20;
/** Records removed by one transaction: some tens of milliseconds at most. */
const TRIM_CHUNK = 256;
/** Known to lmdb's native part (env.cpp), missing in its types. */
const PRIVATE: object = { permissionsMode: 0o600 };
const FORMAT = Buffer.from('format');

/**
 * The event log in one directory of this machine. Any number of processes may have it open at once. A process that is
 * killed leaves nothing half done: a transaction is there whole or not at all.
 */
export async function openEmbeddedLog(options: EmbeddedLogOptions): Promise<EventLog> {
  if (!Number.isInteger(options.partitions) || options.partitions < 1 || options.partitions >= REGISTRY_STREAM) throw new LogError('TQ-LOG-07', 'partitions must be 1 to 65533');
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const { root, wasFilled } = openRoot(options.directory, maxBytes);
  try {
    const table = (name: string) => root.openDB<Buffer, Buffer>({ name, encoding: 'binary', keyEncoding: 'binary' });
    const store: RecordStore = { root, records: table('records'), state: table('state'), claims: table('claims'), maxBytes, transaction: { usedBytes: 0 } };
    await checkFormat(store, options.partitions);
    if (wasFilled) walkRecords(store, [...Array.from({ length: options.partitions }, (_, i) => i), CONTROL_STREAM, REGISTRY_STREAM]);
    return new EmbeddedLog(store, options.partitions);
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

class EmbeddedLog implements EventLog {
  readonly partitions: number;
  readonly control: ControlStream;
  readonly registry: ControlStream;
  readonly #store: RecordStore;
  readonly #commits: GroupCommit;
  #closed = false;

  constructor(store: RecordStore, partitions: number) {
    this.partitions = partitions;
    this.#store = store;
    this.#commits = new GroupCommit(
      store.root,
      () => beginTransaction(store),
      () => endTransaction(store),
    );
    this.control = embeddedControl(store, this.#commits, CONTROL_STREAM);
    this.registry = embeddedControl(store, this.#commits, REGISTRY_STREAM);
  }

  async append(key: string, value: Buffer): Promise<LogPosition> {
    const record = encodeRecord(key, value);
    const partition = partitionOf(key, this.partitions);
    const position = await this.#commits.submit(record.length, () => appendRecord(this.#store, partition, record, this.#store.maxBytes));
    return { partition, position };
  }

  async read(partition: number, from: number, limits: ReadLimits): Promise<readonly LogRecord[]> {
    const { first, next } = this.#freshBounds(partition);
    const records: LogRecord[] = [];
    let bytes = 0;
    for (let position = Math.max(first, from); position < next && records.length < limits.maxRecords; position++) {
      const record = decodeRecord(partition, position, requireRecord(this.#store, partition, position));
      bytes += record.value.length;
      if (records.length > 0 && bytes > limits.maxBytes) break;
      records.push(record);
    }
    return records;
  }

  async waitFor(partition: number, from: number, timeoutMs: number, signal?: AbortSignal): Promise<boolean> {
    const startMs = performance.now();
    const deadlineMs = startMs + timeoutMs;
    for (;;) {
      const { first, next } = this.#freshBounds(partition);
      if (Math.max(first, from) < next) return true;
      const nowMs = performance.now();
      if (nowMs >= deadlineMs || signal?.aborted === true) return false;
      // Another process may append, so the bounds are looked at again: soon at first, less often when nothing comes.
      const pauseMs = Math.min(MOST_POLL_MS, POLL_MS + (nowMs - startMs) / POLL_SLOWDOWN, deadlineMs - nowMs);
      await sleep(pauseMs, undefined, signal === undefined ? {} : { signal }).catch(() => undefined);
      if (this.#closed) return false;
    }
  }

  async bounds(partition: number): Promise<LogBounds> {
    return this.#freshBounds(partition);
  }

  async trim(partition: number, before: number): Promise<void> {
    this.#freshBounds(partition);
    // A reader that was killed would hold on to the pages let go of here.
    this.#store.root.readerCheck();
    while (!(await this.#commits.submit(0, () => trimRecords(this.#store, partition, before, TRIM_CHUNK))));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.#commits.close();
    await this.#store.root.close();
  }

  #freshBounds(partition: number): LogBounds {
    if (this.#closed) throw new LogError('TQ-LOG-06');
    if (!Number.isInteger(partition) || partition < 0 || partition >= this.partitions) throw new LogError('TQ-LOG-07', `partition ${partition}`);
    this.#store.root.resetReadTxn();
    return boundsOf(this.#store, partition);
  }
}

/** u8 bytes of key | key | value. A key is never empty, so a zero byte here is damage. */
function encodeRecord(key: string, value: Buffer): Buffer {
  const keyBytes = Buffer.from(key);
  if (keyBytes.length === 0 || keyBytes.length > MAX_KEY_BYTES || value.length > MAX_VALUE_BYTES) throw new LogError('TQ-LOG-05');
  return Buffer.concat([Uint8Array.of(keyBytes.length), keyBytes, value]);
}

function decodeRecord(partition: number, position: number, bytes: Buffer): LogRecord {
  const end = 1 + (bytes[0] ?? 0);
  if (end === 1 || end > bytes.length) throw new LogError('TQ-LOG-03', `record ${position} of partition ${partition} is no record`);
  return { partition, position, key: bytes.toString('utf8', 1, end), value: bytes.subarray(end) };
}
