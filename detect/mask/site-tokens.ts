import { SHINGLE_LETTERS, shingleKeyOf, wordsOf } from '../../contracts/shingles.ts';
import { TOKEN_LETTERS, normalise } from '../../contracts/token.ts';
import type { IdentifierKind } from '../../contracts/token.ts';
import type { Native } from '../native/binding.ts';

export interface Identifier {
  readonly kind: IdentifierKind;
  readonly value: string;
}

/** What is hashed under the keys of one site and key epoch. */
export interface SiteTokens {
  /** One of each; equal to `tokenOf` of contracts/token.ts, which is the reference. */
  tokensOf(identifiers: readonly Identifier[]): readonly string[];
  /** Equal to `sketchOf` of contracts/shingles.ts. */
  sketchOf(text: string): readonly string[];
}

/** Keys are made ready when they are first used: most blocks have nothing to hash. */
export function siteTokens(native: Native, siteKey: Uint8Array): SiteTokens {
  let ofTokens: Buffer | undefined;
  let ofShingles: Buffer | undefined;
  return {
    tokensOf(identifiers) {
      ofTokens ??= native.hmacState(siteKey);
      const texts = identifiers.map(({ kind, value }) => `${kind}\n${normalise(kind, value)}`);
      return cut(native.tokens(ofTokens, texts), TOKEN_LETTERS);
    },
    sketchOf(text) {
      ofShingles ??= native.hmacState(shingleKeyOf(siteKey));
      return cut(native.sketch(ofShingles, wordsOf(text).join(' ')), SHINGLE_LETTERS);
    },
  };
}

function cut(letters: string, each: number): readonly string[] {
  if (letters.length === each) return [letters];
  return Array.from({ length: letters.length / each }, (_, i) => letters.slice(i * each, (i + 1) * each));
}
