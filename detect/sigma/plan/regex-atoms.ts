import { parseRegex } from '../regex/parse-regex.ts';
import type { Atom } from './atom.ts';
import { cheapest, isPartOfBoolean, isPartOfNumber, literalAtoms, splitAt } from './literal-atoms.ts';
import type { Spelling } from './literal-atoms.ts';
import { literalSetsOf } from './regex-literals.ts';

/** The literals of which a line holds one whenever the expression is found in a text of it; undefined when none is sure. */
export function regexAtoms(pattern: string, flags: string, spelling: Spelling): readonly Atom[] | undefined {
  return cheapest(literalSetsOf(parseRegex(pattern, flags)).map((texts) => atomsOfAll(texts, spelling)));
}

function atomsOfAll(texts: readonly string[], spelling: Spelling): readonly Atom[] | undefined {
  const choices = texts.map((text) => atomsOf(text, spelling));
  return choices.every((atoms) => atoms !== undefined) ? choices.flat() : undefined;
}

/** Of a text of several pieces the least likely one. */
function atomsOf(text: string, { joints, decoded }: Spelling): readonly Atom[] | undefined {
  const pieces = splitAt(text, joints).filter((piece) => piece !== '');
  return cheapest(pieces.map((piece) => {
    const number = isPartOfNumber(piece);
    return literalAtoms(piece, number || isPartOfBoolean(piece), number, decoded);
  }));
}
