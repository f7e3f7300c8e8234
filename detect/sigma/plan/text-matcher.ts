import { foldCase } from '../fold-case.ts';
import { ANY, ONE } from '../rule.ts';
import type { TextPart } from '../rule.ts';

/** Without `cased` it is given texts after `foldCase`. */
export type TextMatcher = (text: string) => boolean;

/** Compiles a text pattern. Time is linear in the text for each part between two `*`, and never exponential. */
export function textMatcher(parts: readonly TextPart[], cased: boolean): TextMatcher {
  const own = cased ? parts : parts.map((part) => (typeof part === 'string' ? foldCase(part) : part));
  return simple(own) ?? general(own);
}

function simple(parts: readonly TextPart[]): TextMatcher | undefined {
  const [a, b, c] = parts;
  if (parts.length === 0) return (text) => text === '';
  if (parts.length === 1) return typeof a === 'string' ? (text) => text === a : a === ANY ? () => true : undefined;
  if (parts.length === 2) {
    if (typeof a === 'string' && b === ANY) return (text) => text.startsWith(a);
    if (a === ANY && typeof b === 'string') return (text) => text.endsWith(b);
  }
  return parts.length === 3 && a === ANY && typeof b === 'string' && c === ANY ? (text) => text.includes(b) : undefined;
}

/** Texts and single units without `*` between them. */
type Piece = readonly (string | typeof ONE)[];

function general(parts: readonly TextPart[]): TextMatcher {
  const pieces: (string | typeof ONE)[][] = [[]];
  for (const part of parts) {
    if (part === ANY) pieces.push([]);
    else pieces.at(-1)?.push(part);
  }
  const [first = [], ...rest] = pieces;
  const last = rest.pop();
  const firstUnits = unitsOf(first);
  if (last === undefined) return (text) => text.length === firstUnits && fits(text, first, 0);
  const middle = rest.filter((piece) => piece.length > 0);
  const lastUnits = unitsOf(last);
  return (text) => {
    const end = text.length - lastUnits;
    if (end < firstUnits || !fits(text, first, 0) || !fits(text, last, end)) return false;
    let at = firstUnits;
    for (const piece of middle) {
      const found = find(text, piece, at, end);
      if (found < 0) return false;
      at = found + unitsOf(piece);
    }
    return at <= end;
  };
}

function unitsOf(piece: Piece): number {
  return piece.reduce((units, part) => units + (part === ONE ? 1 : part.length), 0);
}

function fits(text: string, piece: Piece, at: number): boolean {
  let position = at;
  for (const part of piece) {
    if (part !== ONE && !text.startsWith(part, position)) return false;
    position += part === ONE ? 1 : part.length;
  }
  return position <= text.length;
}

/** Where the piece first fits from `from` on, ending at `end` at the latest; -1 when nowhere. */
function find(text: string, piece: Piece, from: number, end: number): number {
  const lead = piece.findIndex((part) => part !== ONE);
  const text0 = piece[lead];
  if (typeof text0 !== 'string') return from + piece.length <= end ? from : -1;
  const units = unitsOf(piece);
  for (let at = text.indexOf(text0, from + lead); at >= 0 && at - lead + units <= end; at = text.indexOf(text0, at + 1)) {
    if (fits(text, piece, at - lead)) return at - lead;
  }
  return -1;
}
