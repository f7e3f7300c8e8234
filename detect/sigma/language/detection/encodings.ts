import type { TextPart } from '../../rule.ts';
import type { Encoder } from './modifiers.ts';
import { hasWildcard, joined, literalOf } from './text-pattern.ts';

const DASHES = ['-', '/', '\u2013', '\u2014', '\u2015'] as const;
/** A dash that begins a word: what Windows takes for the start of a flag. */
const LEADING_DASH = /(?<!\w)[-/\u2013-\u2015](?=\w)/g;
const MOST_LEADING_DASHES = 4;

/** Every choice of a dash for each dash that begins a word; undefined when there are too many of them. */
export function dashVariants(parts: readonly TextPart[]): readonly (readonly TextPart[])[] | undefined {
  let variants: readonly (readonly TextPart[])[] = [[]];
  let dashes = 0;
  for (const part of parts) {
    const pieces: readonly TextPart[] = typeof part === 'string' ? part.split(LEADING_DASH) : [part];
    dashes += pieces.length - 1;
    if (dashes > MOST_LEADING_DASHES) return undefined;
    for (const [index, piece] of pieces.entries()) {
      variants = index === 0 ? variants.map((variant) => [...variant, piece]) : variants.flatMap((variant) => DASHES.map((dash) => [...variant, dash, piece]));
    }
  }
  return variants.map(joined);
}

/** One text becomes one, with `base64offset` three. Or says why it cannot. */
export function encoded(parts: readonly TextPart[], encoders: readonly Encoder[]): readonly (readonly TextPart[])[] | string {
  if (encoders.length === 0) return [parts];
  if (hasWildcard(parts)) return 'a value with wildcards cannot be encoded: its length is not known';
  let bytes = Buffer.from(literalOf(parts), 'utf8');
  if (bytes.length === 0) return 'an empty value cannot be encoded';
  for (const encoder of encoders) {
    if (encoder === 'base64offset') return offsets(bytes).map((text) => joined([text]));
    bytes = encoder === 'base64' ? Buffer.from(bytes.toString('base64'), 'latin1') : utf16(bytes.toString('utf8'), encoder);
  }
  if (bytes.some((byte) => byte > 0x7f)) return 'only the bytes of ASCII characters can be looked for in a text: put base64 or base64offset behind';
  return [joined([bytes.toString('latin1')])];
}

function utf16(text: string, encoder: 'utf16' | 'utf16le' | 'utf16be'): Buffer<ArrayBuffer> {
  const littleEndian = Buffer.from(encoder === 'utf16' ? `\ufeff${text}` : text, 'utf16le');
  return encoder === 'utf16be' ? littleEndian.swap16() : littleEndian;
}

/**
 * What base64 makes of the bytes behind 0, 1 or 2 unknown ones, without the characters that depend on what stands before
 * and behind: a character holds 6 bits, so 1 byte before reaches into 2 characters, 2 bytes into 3.
 */
function offsets(bytes: Buffer): readonly string[] {
  return [0, 1, 2].map((before) => {
    const text = Buffer.concat([Buffer.alloc(before), bytes]).toString('base64');
    const whole = Math.floor(((before + bytes.length) * 8) / 6);
    return text.slice(Math.ceil((before * 8) / 6), whole);
  }).filter((text) => text !== '');
}
