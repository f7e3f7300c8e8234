import type { ControlEntry, ControlStream } from '../../contracts/event-log.ts';
import { LogError } from './errors.ts';
import type { GroupCommit } from './group-commit.ts';
import { appendRecord, boundsOf, decodePosition, encodePosition, getCopy, requireRecord, storedBytes, trimRecords } from './record-store.ts';
import type { RecordStore } from './record-store.ts';

/** The streams beside the partitions. */
export const CONTROL_STREAM = 0xffff;
export const REGISTRY_STREAM = 0xfffe;
const MAX_CONTROL_KEY_BYTES = 500;
const MAX_CONTROL_VALUE_BYTES = 8 * 1024 * 1024;
const TRIM_CHUNK = 512;
/** Control entries may pass the limit of blocks by this share: the worker needs them to make room. */
const CONTROL_RESERVE = 1.25;

const APPENDED = 0;
const CLAIMED = 1;

/** u8 whether claimed | u16 bytes of key | key | value. */
function encodeEntry(kind: number, key: Buffer, value: string): Buffer {
  const head = Buffer.from([kind, key.length >> 8, key.length & 0xff]);
  return Buffer.concat([head, key, Buffer.from(value)]);
}

function decodeEntry(offset: number, bytes: Buffer): ControlEntry & { readonly claimed: boolean } {
  const end = 3 + bytes.readUInt16BE(1);
  return { offset, key: bytes.toString('utf8', 3, end), value: bytes.toString('utf8', end), claimed: bytes[0] === CLAIMED };
}

function checkedKey(key: string, value: string): Buffer {
  const bytes = Buffer.from(key);
  if (bytes.length === 0 || bytes[0] === 0 || bytes.length > MAX_CONTROL_KEY_BYTES || Buffer.byteLength(value) > MAX_CONTROL_VALUE_BYTES) throw new LogError('TQ-LOG-05');
  return bytes;
}

/** Claims of the registry are told apart by a prefix no checked key can start with. */
function claimKey(stream: number, key: Buffer): Buffer {
  return stream === CONTROL_STREAM ? key : Buffer.concat([Buffer.from('\0registry/'), key]);
}

export function embeddedControl(store: RecordStore, commits: GroupCommit, stream: typeof CONTROL_STREAM | typeof REGISTRY_STREAM): ControlStream {
  const maxBytes = Math.floor(store.maxBytes * CONTROL_RESERVE);
  return {
    async append(key, value) {
      const entry = encodeEntry(APPENDED, checkedKey(key, value), value);
      return commits.submit(entry.length, () => appendRecord(store, stream, entry, maxBytes));
    },
    async claim(key, value) {
      const keyBytes = checkedKey(key, value);
      const entry = encodeEntry(CLAIMED, keyBytes, value);
      return commits.submit(entry.length, () => claim(store, stream, keyBytes, entry, maxBytes));
    },
    async read(from, max) {
      commits.requireOpen();
      store.root.resetReadTxn();
      const { first, next } = boundsOf(store, stream);
      const entries: ControlEntry[] = [];
      for (let offset = Math.max(first, from); offset < next && entries.length < max; offset++) {
        const { key, value } = decodeEntry(offset, requireRecord(store, stream, offset));
        entries.push({ offset, key, value });
      }
      return entries;
    },
    async bounds() {
      commits.requireOpen();
      store.root.resetReadTxn();
      return boundsOf(store, stream);
    },
    async trim(before) {
      const release = (bytes: Buffer): void => {
        const entry = decodeEntry(0, bytes);
        if (entry.claimed) store.claims.remove(claimKey(stream, Buffer.from(entry.key)));
      };
      while (!(await commits.submit(storedBytes(0), () => trimRecords(store, stream, before, TRIM_CHUNK, release))));
    },
  };
}

/** Inside a write transaction, which is what makes the first one win in every process. */
function claim(store: RecordStore, stream: number, name: Buffer, entry: Buffer, maxBytes: number): ControlEntry {
  const key = claimKey(stream, name);
  const held = getCopy(store.claims, key);
  const offset = held === undefined ? appendRecord(store, stream, entry, maxBytes) : decodePosition(held);
  if (held === undefined) store.claims.put(key, encodePosition(offset));
  const { key: claimed, value } = decodeEntry(offset, held === undefined ? entry : requireRecord(store, stream, offset));
  return { offset, key: claimed, value };
}
