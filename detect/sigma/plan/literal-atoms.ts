import type { TextPart } from '../rule.ts';
import { ODD_ATOM } from './atom.ts';
import type { Atom } from './atom.ts';
import { priceOfLiteral } from './likelihood.ts';
import { textMatcher } from './text-matcher.ts';

/** How the texts that a test sees stand in a line. */
export interface Spelling {
  /**
   * As `FieldPath` has it: units at which a value may be put together of several. Its first piece begins a text of the
   * event, or stands behind a dot when dots are among the units; its last piece ends a text of the event.
   */
  readonly joints: string;
  /** Views of a value are tested too. */
  readonly decoded: boolean;
}

/** Of longer literals the end is taken. */
const MOST_BYTES = 64;

const RUN = /[\x20-\x7e]+/g;
/** Part of the text of a number. */
const NUMERIC = /^-?[0-9]*\.?[0-9]*(?:e[+-]?[0-9]*)?$|^\+[0-9]*$/i;

/**
 * The literals of which a line holds one whenever a text of it passes: the least likely ones; undefined when there are
 * none. Taken of printable ASCII only: escapes, UTF-8 and lone surrogates change what stands in the line for the rest.
 */
export function literalsOfText(parts: readonly TextPart[], { joints, decoded }: Spelling): readonly Atom[] | undefined {
  const number = parts.every((part) => typeof part !== 'string' || NUMERIC.test(part)) || passes(parts, 'Infinity') || passes(parts, '-Infinity');
  const boolean = passes(parts, 'true') || passes(parts, 'false');
  const quoted = !decoded && !number && !boolean;
  const choices: (readonly Atom[])[] = [];
  for (const [i, part] of parts.entries()) {
    if (typeof part !== 'string') continue;
    for (const { text, first, last } of piecesOf(part, joints)) {
      // What is joined may be of a number or a boolean beside texts.
      const bare = joints === '' ? number || boolean : isPartOfNumber(text) || isPartOfBoolean(text);
      const tail = quoted && !bare && last && i === parts.length - 1 ? `${text}"` : text;
      const spellings = quoted && !bare && first && i === 0 ? startsOf(joints).map((start) => start + tail) : [tail];
      choices.push(spellings.flatMap((spelling) => literalAtoms(spelling, bare, joints === '' ? number : isPartOfNumber(text), decoded)));
    }
  }
  return cheapest(choices);
}

function passes(parts: readonly TextPart[], text: string): boolean {
  return textMatcher(parts, false)(text.toLowerCase());
}

/** Of a text that stands in a line as a whole, or in pieces parted at `joints`: those of printable ASCII. `first`, `last`: it begins, ends the text. */
function piecesOf(part: string, joints: string): readonly { readonly text: string; readonly first: boolean; readonly last: boolean }[] {
  return [...part.matchAll(RUN)].flatMap(({ 0: run, index }) => {
    const pieces = splitAt(run, joints);
    return pieces
      .map((text, i) => ({ text, first: index === 0 && i === 0, last: index + run.length === part.length && i === pieces.length - 1 }))
      .filter(({ text }) => text !== '');
  });
}

/** At each of the units. */
export function splitAt(run: string, joints: string): readonly string[] {
  let pieces: readonly string[] = [run];
  for (const joint of joints) pieces = pieces.flatMap((piece) => piece.split(joint));
  return pieces;
}

function startsOf(joints: string): readonly string[] {
  return joints.includes('.') ? ['"', '.'] : ['"'];
}

export function isPartOfNumber(piece: string): boolean {
  return NUMERIC.test(piece) || '-infinity'.includes(piece.toLowerCase());
}

export function isPartOfBoolean(piece: string): boolean {
  return 'true'.includes(piece.toLowerCase()) || 'false'.includes(piece.toLowerCase());
}

/** `run`: printable ASCII, not empty. `bare`: it may stand outside of texts, `number`: as part of a number. */
export function literalAtoms(run: string, bare: boolean, number: boolean, decoded: boolean): readonly Atom[] {
  const text = run.toLowerCase().slice(-MOST_BYTES);
  const atom: Atom = { kind: bare ? 'text' : 'value', text, decoded, price: priceOfLiteral(text) };
  return number ? [atom, ODD_ATOM] : [atom];
}

export function priceOf(atoms: readonly Atom[]): number {
  return atoms.reduce((sum, atom) => sum + atom.price, 0);
}

export function cheapest(choices: readonly (readonly Atom[] | undefined)[]): readonly Atom[] | undefined {
  let best: readonly Atom[] | undefined;
  let least = Infinity;
  for (const choice of choices) {
    const price = choice === undefined ? Infinity : priceOf(choice);
    if (price < least) [best, least] = [choice, price];
  }
  return best;
}
