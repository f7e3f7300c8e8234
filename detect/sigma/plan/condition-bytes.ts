import { ANY, ONE } from '../rule.ts';
import type { Condition, Place, TextPart } from '../rule.ts';

/** A condition as bytes of JSON: wildcards as numbers, places as line, column, length and, unless it is the rule's own, file. */
export function conditionBytes(condition: Condition, file: string): Buffer {
  return Buffer.from(JSON.stringify(encode(condition, file)));
}

/** Of bytes that `conditionBytes` made. */
export function conditionOf(bytes: Buffer, file: string): Condition {
  return decode(JSON.parse(bytes.toString()) as Encoded, file);
}

type EncodedPlace = readonly [line: number, column: number, length: number, file?: string];
type Encoded = { readonly kind: Condition['kind']; readonly place: EncodedPlace; readonly [name: string]: unknown };

function encode(condition: Condition, file: string): Encoded {
  const place = encodePlace(condition.place, file);
  switch (condition.kind) {
    case 'match': return { ...condition, place, test: condition.test.kind === 'text' ? { ...condition.test, parts: condition.test.parts.map(encodePart) } : condition.test };
    case 'not': return { ...condition, place, of: encode(condition.of, file) };
    case 'and': case 'or': return { ...condition, place, of: condition.of.map((one) => encode(one, file)) };
    default: return condition satisfies never;
  }
}

function encodePlace({ file, line, column, length }: Place, own: string): EncodedPlace {
  return file === own ? [line, column, length] : [line, column, length, file];
}

function encodePart(part: TextPart): string | number {
  return part === ANY ? 0 : part === ONE ? 1 : part;
}

function decode(encoded: Encoded, own: string): Condition {
  const [line, column, length, file = own] = encoded.place;
  const place: Place = { file, line, column, length };
  // What `encode` made of each kind.
  switch (encoded.kind) {
    case 'not': return { ...encoded, place, of: decode(encoded['of'] as Encoded, own) } as Condition;
    case 'and': case 'or': return { ...encoded, place, of: (encoded['of'] as readonly Encoded[]).map((one) => decode(one, own)) } as Condition;
    // JSON leaves out the field of a keyword, which is undefined.
    case 'match': return { field: undefined, ...encoded, place, test: decodeTest(encoded['test'] as Readonly<Record<string, unknown>>) } as Condition;
    default: return encoded.kind satisfies never;
  }
}

function decodeTest(test: Readonly<Record<string, unknown>>): unknown {
  if (test['kind'] !== 'text') return test;
  return { ...test, parts: (test['parts'] as readonly (string | number)[]).map((part): TextPart => (part === 0 ? ANY : typeof part === 'number' ? ONE : part)) };
}
