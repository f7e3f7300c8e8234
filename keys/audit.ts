import { closeSync, fdatasync, fstatSync, fsyncSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { makePrivateDirectory } from './atomic-file.ts';
import { hashOfLine, segmentName, segmentsOf, verifyAuditEnd } from './audit-chain.ts';
import type { ChainEnd } from './audit-chain.ts';
import { KeysError } from './errors.ts';

/** One act on the keys. Never a value, a token or a key. */
export interface AuditAct {
  readonly role: string;
  readonly operation: string;
  readonly site: string;
  readonly reason: string;
  /** `done`, or the code of the error it ended in. */
  readonly outcome: string;
}

export interface Audit extends AsyncDisposable {
  /** Durable when it resolves; acts that come together share one sync. */
  record(act: AuditAct): Promise<void>;
}

const SEGMENT_BYTES = 32 * 1024 * 1024;
const sync = promisify(fdatasync);

/** Throws `TQ-KEYS-09` when the newest part of the chain does not hold. A torn last line was never acknowledged: it is cut off. */
export function openAudit(directory: string, now: () => number = Date.now, segmentBytes = SEGMENT_BYTES): Audit {
  makePrivateDirectory(directory);
  const check = verifyAuditEnd(directory);
  if (!check.holds) throw new KeysError('TQ-KEYS-09', `entry ${check.entry}: ${check.problem}`);
  return new FileAudit(directory, check, now, segmentBytes);
}

interface Segment {
  readonly fd: number;
  bytes: number;
}

/** The newest file, its torn last line cut off, or a new one after `end`. Its name is durable when this returns. */
function openSegment(directory: string, end: ChainEnd, fresh: boolean): Segment {
  const name = fresh ? undefined : segmentsOf(directory).at(-1);
  const file = join(directory, name ?? segmentName(end.entries + 1));
  const fd = openSync(file, 'a', 0o600);
  const text = name === undefined ? '' : readFileSync(file, 'utf8');
  const bytes = Buffer.byteLength(text.slice(0, text.lastIndexOf('\n') + 1));
  if (fstatSync(fd).size > bytes) ftruncateSync(fd, bytes);
  fsyncSync(fd);
  const parent = openSync(directory, 'r');
  fsyncSync(parent);
  closeSync(parent);
  return { fd, bytes };
}

class FileAudit implements Audit {
  readonly #directory: string;
  readonly #now: () => number;
  readonly #segmentBytes: number;
  #segment: Segment;
  #end: ChainEnd;
  #syncing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #broken: KeysError | undefined;

  constructor(directory: string, end: ChainEnd, now: () => number, segmentBytes: number) {
    this.#directory = directory;
    this.#segment = openSegment(directory, end, false);
    this.#end = end;
    this.#now = now;
    this.#segmentBytes = segmentBytes;
  }

  async record(act: AuditAct): Promise<void> {
    if (this.#broken !== undefined) throw this.#broken;
    this.#write(act);
    // A sync that runs may have begun before this line was written: wait for the one after it.
    this.#next ??= (this.#syncing ?? Promise.resolve()).then(() => {
      this.#next = undefined;
      this.#syncing = this.#syncSegment();
      return this.#syncing;
    });
    await this.#next.catch((cause: unknown) => this.#break(new KeysError('TQ-KEYS-11', 'audit', { cause })));
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#next;
    await this.#syncing;
    closeSync(this.#segment.fd);
  }

  /** A full segment is followed by a new one only here, between two syncs, so that no line is left unsynced. */
  async #syncSegment(): Promise<void> {
    const { fd } = this.#segment;
    await sync(fd);
    if (this.#segment.bytes < this.#segmentBytes) return;
    fsyncSync(fd);
    this.#segment = openSegment(this.#directory, this.#end, true);
    closeSync(fd);
  }

  #write(act: AuditAct): void {
    const segment = this.#segment;
    if (fstatSync(segment.fd).size !== segment.bytes) this.#break(new KeysError('TQ-KEYS-09'));
    const { entries, last } = this.#end;
    const line = JSON.stringify({ n: entries + 1, at: new Date(this.#now()).toISOString(), ...act, previous: last });
    const bytes = Buffer.from(`${line}\n`);
    try {
      if (writeSync(segment.fd, bytes) !== bytes.length) throw new Error('the line was written in part');
    } catch (cause) {
      this.#break(new KeysError('TQ-KEYS-11', 'audit', { cause }));
    }
    segment.bytes += bytes.length;
    this.#end = { entries: entries + 1, last: hashOfLine(line) };
  }

  /** What cannot be audited is not answered: from here on every call fails until the role is started again. */
  #break(error: KeysError): never {
    this.#broken = error;
    throw error;
  }
}
