import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import type { Span } from '../validators/span.ts';
import { hashKeyOf } from './keyed-hash.ts';
import { LEAST_SEEN } from './register.ts';
import { shinglesOf } from './shingles.ts';

const SHINGLE_BYTES = 8;
/** Of a short document this share is enough, of any other `LEAST_SEEN`. */
const LEAST_SHARE = 0.3;

/** A registered document of which a text holds a passage. */
export interface Passage {
  readonly document: RegisteredDocument;
  /** From the first word seen again to the last. */
  readonly span: Span;
}

/** Open addressing: three numbers a place, both halves and the document's number plus one. */
interface Table {
  readonly places: Uint32Array;
  readonly mask: number;
}

function tableOf(documents: readonly RegisteredDocument[]): Table {
  const shingles = documents.map((document) => Buffer.from(document.shingles, 'base64'));
  const total = shingles.reduce((sum, bytes) => sum + Math.floor(bytes.length / SHINGLE_BYTES), 0);
  let size = 8;
  while (size < total * 2) size *= 2;
  const places = new Uint32Array(size * 3);
  for (const [number, bytes] of shingles.entries()) {
    for (let i = 0; i + SHINGLE_BYTES <= bytes.length; i += SHINGLE_BYTES) {
      const [low, high] = [bytes.readUInt32LE(i), bytes.readUInt32LE(i + 4)];
      let at = low & (size - 1);
      while (places[at * 3 + 2] !== 0) at = (at + 1) & (size - 1);
      places.set([low, high, number + 1], at * 3);
    }
  }
  return { places, mask: size - 1 };
}

interface Seen {
  readonly names: Set<number>;
  first: number;
  behind: number;
}

/** Finds passages of the documents in a text. `key`: the 32 bytes they were registered under. */
export function createRecogniser(documents: readonly RegisteredDocument[], key: Uint8Array): (text: string) => readonly Passage[] {
  const hashKey = hashKeyOf(key);
  const { places, mask } = tableOf(documents);
  const least = documents.map(({ shingles }) => Math.max(1, Math.min(LEAST_SEEN, Math.ceil((Buffer.byteLength(shingles, 'base64') / SHINGLE_BYTES) * LEAST_SHARE))));
  return (text) => {
    const { count, low, high, first, behind, words } = shinglesOf(text, hashKey);
    let seen: Map<number, Seen> | undefined;
    for (let i = 0; i < count; i++) {
      for (let at = (low[i] ?? 0) & mask; places[at * 3 + 2] !== 0; at = (at + 1) & mask) {
        if (places[at * 3] !== low[i] || places[at * 3 + 1] !== high[i]) continue;
        const number = (places[at * 3 + 2] ?? 0) - 1;
        seen ??= new Map();
        let one = seen.get(number);
        if (one === undefined) seen.set(number, (one = { names: new Set(), first: words.count, behind: 0 }));
        one.names.add(at);
        one.first = Math.min(one.first, first[i] ?? 0);
        one.behind = Math.max(one.behind, behind[i] ?? 0);
      }
    }
    if (seen === undefined) return [];
    return [...seen].toSorted(([a], [b]) => a - b).flatMap(([number, one]) => {
      const document = documents[number];
      if (document === undefined || one.names.size < (least[number] ?? LEAST_SEEN)) return [];
      return [{ document, span: { start: words.starts[one.first] ?? 0, end: words.ends[one.behind - 1] ?? text.length } }];
    });
  };
}
