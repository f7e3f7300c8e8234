import type { Fields } from './derivation/v1/event-field.ts';
import { READ_WHOLE } from './native/binding.ts';
import type { Native, ProcessedBody } from './native/binding.ts';

/** The members of a line that deeds are derived from (`acts/v1`), all there are: a name that is missing here is a field that is lost. */
const MEMBERS = ['@timestamp', 'event', 'user', 'source', 'client', 'wordpress', 'destination', 'woocommerce', 'file', 'tourniquet', 'subjects'] as const;
const WORDS = MEMBERS.length * 2;

/** Parsed lines with no more in them than deeds are derived from: most of a line is parsed by nobody. They are ASCII, so no mask stands in them. */
export interface DeedEvents {
  /** Of the block's line; undefined when it has to be parsed as a whole. */
  at(index: number): Fields | undefined;
}

/** Belongs to one block: what its lines have alike is parsed once. */
export function deedEvents(native: Native, body: Buffer, table: ProcessedBody['table']): DeedEvents {
  const places = native.members(body, table, MEMBERS);
  // One character a byte: places in the text are places in the body.
  const text = body.toString('latin1');
  const known = new Map<string, unknown>();
  const valueAt = (at: number): unknown => {
    const start = places[at] ?? 0;
    const end = places[at + 1] ?? 0;
    return end === 0 ? undefined : JSON.parse(text.slice(start, end));
  };
  const timeAt = (at: number): unknown => {
    const raw = text.slice(places[at] ?? 0, places[at + 1] ?? 0);
    return raw.startsWith('"') && !raw.includes('\\') ? raw.slice(1, -1) : valueAt(at);
  };
  const sharedAt = (at: number): unknown => {
    const end = places[at + 1] ?? 0;
    if (end === 0) return undefined;
    const raw = text.slice(places[at] ?? 0, end);
    const found = known.get(raw);
    if (found !== undefined) return found;
    const value: unknown = JSON.parse(raw);
    known.set(raw, value);
    return value;
  };
  return {
    at(index) {
      const at = index * WORDS;
      if (places[at] === READ_WHOLE) return undefined;
      return {
        '@timestamp': timeAt(at), event: sharedAt(at + 2), user: sharedAt(at + 4), source: valueAt(at + 6), client: valueAt(at + 8), wordpress: sharedAt(at + 10), destination: sharedAt(at + 12),
        woocommerce: valueAt(at + 14), file: valueAt(at + 16), tourniquet: valueAt(at + 18), subjects: valueAt(at + 20),
      };
    },
  };
}
