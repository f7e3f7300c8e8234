/**
 * How texts are compared without case: each UTF-16 unit by its simple lower case. Units whose lower case is longer than
 * one unit, or that fold from beyond ASCII into ASCII (the Kelvin sign, the long s, the dotted capital I), stay as they
 * are: what is equal then has equal length, and differs from ASCII where it did before.
 */
export function foldCase(text: string): string {
  const lower = text.toLowerCase();
  return lower.length === text.length && !CROSSING.test(text) ? lower : [...units(text)].join('');
}

/** U+0130 and U+212A are the only units beyond ASCII with an ASCII letter in their lower case; U+03A3 depends on its neighbours. */
const CROSSING = /[\u0130\u212a\u03a3]/;

function* units(text: string): Generator<string> {
  for (const character of text) {
    if (CROSSING.test(character)) {
      yield character === '\u03a3' ? '\u03c3' : character;
      continue;
    }
    const lower = character.toLowerCase();
    yield lower.length === character.length ? lower : character;
  }
}
