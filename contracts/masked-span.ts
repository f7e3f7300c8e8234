import { TOKEN_LETTERS } from './token.ts';

/**
 * What stands in a stored line in place of data, in the brackets U+27E6 and U+27E7. Senders cannot write any of it: their
 * brackets are stored as U+301A and U+301B.
 */

/** A masked span: `⟦class:token⟧`. */
export interface MaskedSpan {
  readonly dataClass: string;
  readonly token: string;
}

export function formatMask(dataClass: string, token: string): string {
  return `\u27e6${dataClass}:${token}\u27e7`;
}

const CLASS = '[a-z0-9_]+(?:\\.[a-z0-9_]+)*';
const MASK = new RegExp(`\u27e6(${CLASS}):([a-p]{${TOKEN_LETTERS}})\u27e7`, 'gu');

/** Every mask in a text, in order. */
export function findMasks(text: string): readonly MaskedSpan[] {
  return Array.from(text.matchAll(MASK), (m) => ({ dataClass: m[1] ?? '', token: m[2] ?? '' }));
}

/** What is kept of the text of a field: `⟦text length=1234 classes=attack.sqli,pii.email shingles=abcd….efgh…⟧`; empty lists are left out. */
export interface TextSummary {
  /** UTF-16 units, of all texts and numbers below the field together. */
  readonly length: number;
  /** What signatures found in it, sorted. */
  readonly classes: readonly string[];
  /** `contracts/shingles.ts`; none of fewer than five words. */
  readonly shingles: readonly string[];
}

export function formatSummary({ length, classes, shingles }: TextSummary): string {
  const lists = `${classes.length === 0 ? '' : ` classes=${classes.join(',')}`}${shingles.length === 0 ? '' : ` shingles=${shingles.join('.')}`}`;
  return `\u27e6text length=${length}${lists}\u27e7`;
}

const SUMMARY = new RegExp(`^\u27e6text length=(0|[1-9][0-9]{0,6})(?: classes=(${CLASS}(?:,${CLASS})*))?(?: shingles=([a-p]{16}(?:\\.[a-p]{16})*))?\u27e7$`, 'u');

/** A whole value as a summary; undefined when it is none. */
export function parseSummary(value: string): TextSummary | undefined {
  const found = SUMMARY.exec(value);
  return found === null ? undefined : { length: Number(found[1]), classes: found[2]?.split(',') ?? [], shingles: found[3]?.split('.') ?? [] };
}

/** Stands for a value of which nothing is kept. */
export const WITHHELD = '\u27e6withheld\u27e7';

/** Stands for a value that was taken out of a stored line afterwards. */
export const REDACTED = '\u27e6redacted\u27e7';

const ANY = new RegExp(`\u27e6(?:${CLASS}:[a-p]{${TOKEN_LETTERS}}|text length=[a-z0-9_.,= ]*|withheld|redacted)\u27e7`, 'gu');

/** The text with each of the above made of nothing but the bracket U+27E6, as long as it was: what stands in it is no data. */
export function blankMasks(text: string): string {
  return text.includes('\u27e6') ? text.replace(ANY, (found) => '\u27e6'.repeat(found.length)) : text;
}
