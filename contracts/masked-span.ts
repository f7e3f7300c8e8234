import { TOKEN_LETTERS } from './token.ts';

/** A masked span as it stands in a stored line: `⟦class:token⟧`. The brackets are U+27E6 and U+27E7. */
export interface MaskedSpan {
  readonly dataClass: string;
  readonly token: string;
}

export function formatMask(dataClass: string, token: string): string {
  return `\u27e6${dataClass}:${token}\u27e7`;
}

const MASK = new RegExp(`\u27e6([a-z0-9_]+(?:\\.[a-z0-9_]+)*):([a-p]{${TOKEN_LETTERS}})\u27e7`, 'gu');

/** Every mask in a text, in order. */
export function findMasks(text: string): readonly MaskedSpan[] {
  return Array.from(text.matchAll(MASK), (m) => ({ dataClass: m[1] ?? '', token: m[2] ?? '' }));
}
