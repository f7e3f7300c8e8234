import type { Atom } from './atom.ts';
import { EMPTY_PRICE, priceOfKey } from './likelihood.ts';

const PRINTABLE_END = /[\x20-\x7e]+$/;

/**
 * What a line holds whenever its event has the field under any of the names: the last of the keys that lead to it, which
 * is the name or what stands behind one of its dots. undefined: some name cannot be looked for.
 */
export function keyAtoms(names: readonly string[]): readonly Atom[] | undefined {
  const atoms: Atom[] = [];
  for (const name of names) {
    const { key, end } = lastKey(name);
    if (end === undefined) return undefined;
    const starts = end.length < key.length ? [''] : name === key ? ['"'] : ['"', '.'];
    for (const start of starts) atoms.push(keyAtom(`${start}${end}"`));
  }
  return atoms;
}

function keyAtom(text: string): Atom {
  const known = text.toLowerCase();
  return { kind: 'text', text: known, decoded: false, price: priceOfKey(known) };
}

/** What a line holds whenever its event has an empty text under any of the names. */
export function emptyAtoms(names: readonly string[]): readonly Atom[] | undefined {
  const ends = names.map((name) => lastKey(name).end);
  if (!ends.every((end) => end !== undefined)) return undefined;
  return [EMPTY_IN_LIST, ...ends.map((end): Atom => ({ kind: 'empty', text: `${end}"`.toLowerCase(), decoded: false, price: EMPTY_PRICE }))];
}

const EMPTY_IN_LIST: Atom = { kind: 'empty', text: '', decoded: false, price: EMPTY_PRICE };

/** The last of the keys that lead to a field at least, and what can be looked for of it. */
function lastKey(name: string): { readonly key: string; readonly end: string | undefined } {
  const key = name.slice(name.lastIndexOf('.') + 1);
  return { key, end: PRINTABLE_END.exec(key)?.[0] };
}
