import type { MaskedLine, MaskedToken } from './mask/mask-line.ts';
import { hitsOf } from './scanner.ts';
import type { LineHits, Scanner } from './scanner.ts';
import type { Atom } from './sigma/plan/atom.ts';
import { base64Decoded, hexDecoded } from './views/encoded-runs.ts';
import { hasSigns } from './views/signs.ts';

/** A part of what stands within the brackets of a mask: of a class, a colon and a token. */
const PART_OF_MASK = /^[a-z0-9_.]*:?[a-p]*$/;

/**
 * Atoms that may be hit in a line after it was masked: at least those that are. `hits`: of the line before. The line is
 * scanned again only where they do not follow from that.
 *
 * Atoms are printable ASCII, brackets of masks are not: an atom that masks brought in stands wholly within one, any other
 * stood in the line before, but for values that were replaced as a whole. With decoded views that holds where there is nothing to decode, in a mask or beside it.
 */
export function maskedHits(scanner: Scanner, atoms: readonly Atom[]): (masked: MaskedLine, hits: LineHits) => LineHits {
  const partsOfMasks = atoms.flatMap(({ kind, text }, index) => ((kind === 'value' || kind === 'text') && PART_OF_MASK.test(text) ? [{ index, text }] : []));
  const inViews = atoms.some((atom) => atom.decoded);
  return ({ line, tokens, kept, newEdge }, hits) => {
    if (newEdge || kept > 0 || tokens.some((token) => token.kind === 'number' || (inViews && isDecodable(token)))) return hitsOf(scanner, line);
    const brought = partsOfMasks.filter(({ text }) => tokens.some(({ masks }) => masks.some((mask) => mask.includes(text))));
    return brought.length === 0 ? hits : { ...hits, atoms: [...new Set([...hits.atoms, ...brought.map((atom) => atom.index)])].toSorted((a, b) => a - b) };
  };
}

function isDecodable({ text, masks }: MaskedToken): boolean {
  let rest = text;
  // A quote is no sign, and parts what stands before the mask from what stands behind it, as the mask does.
  for (const mask of masks) rest = rest.replace(mask, '"');
  return hasSigns(rest) || masks.some(hasReading);
}

/** Between its brackets a mask has letters, digits, dots and underscores and one colon: only an encoded run can be read in another way. */
function hasReading(mask: string): boolean {
  return base64Decoded(mask) !== undefined || hexDecoded(mask) !== undefined;
}
