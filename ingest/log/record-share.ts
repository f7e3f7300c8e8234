import { appendRecord, boundsOf, decodePosition, encodePosition, storedBytes, trimRecords } from './record-store.ts';
import type { RecordStore, StreamWriter } from './record-store.ts';

/** Records let go of at once to make room. */
const MAKE_ROOM_RECORDS = 16;

/** "b" | u16 stream -> u48 bytes of the stream's records. Only streams with a share have one. */
function heldKey(stream: number): Buffer {
  return Buffer.from([0x62, stream >> 8, stream & 0xff]);
}

function heldBytes(store: RecordStore, stream: number): number {
  const held = store.state.getBinary(heldKey(stream));
  return held === undefined ? 0 : decodePosition(held);
}

/** Streams that never refuse: one holds so many bytes at most, and lets go of its oldest records to take a new one. */
export function sharedStreams(store: RecordStore, shareBytes: number): StreamWriter {
  const trim = (stream: number, before: number, most: number): boolean => {
    let held = heldBytes(store, stream);
    const done = trimRecords(store, stream, before, most, (value) => (held -= storedBytes(value.length)));
    store.state.put(heldKey(stream), encodePosition(held));
    return done;
  };
  return {
    trim,
    append(stream, record) {
      const bytes = storedBytes(record.length);
      const { next } = boundsOf(store, stream);
      while (heldBytes(store, stream) + bytes > shareBytes) if (trim(stream, next, MAKE_ROOM_RECORDS)) break;
      const position = appendRecord(store, stream, record, Infinity);
      store.state.put(heldKey(stream), encodePosition(heldBytes(store, stream) + bytes));
      return position;
    },
  };
}
