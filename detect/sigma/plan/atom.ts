import { PATTERN_FLAGS } from '../../native/binding.ts';
import type { Expression } from '../../native/binding.ts';

/** Something to look for in lines. Always caseless: what it may find too much costs time only. */
export interface Atom {
  /**
   * - `value`: a literal of texts, `text`: a literal that may be of anything (a key, a number, a boolean).
   * - `empty`: the end of a key with its quote, before an empty text; without a key: an empty text in a list.
   * - `odd`: found in lines with a number that may stand there otherwise than its text says (`4e2`, `1.0`).
   * - `scan`: nothing to look for in the line; found when a text of the event's `scan.*` fields, in quotes, holds the literal.
   */
  readonly kind: 'value' | 'text' | 'empty' | 'odd' | 'scan';
  /** The literal: printable ASCII, lower case. */
  readonly text: string;
  /** It is looked for in the decoded views of a line too. */
  readonly decoded: boolean;
  /** Likely hits a line, see `likelihood.ts`. */
  readonly price: number;
}

/** Found whatever the event's `scan.*` fields hold. */
export const SCAN_ATOM: Atom = { kind: 'scan', text: '', decoded: false, price: 0.1 };
export const ODD_ATOM: Atom = { kind: 'odd', text: '', decoded: false, price: 0.01 };

/** Fields that are much the same for all signatures. */
const SHARED_SCAN_FIELD = /(?:^|\.)(?:field|level|view)$/;

/** What an atom that is looked for in lines is in the texts of a `scan.*` field. */
export function scanAtom({ kind, text, decoded }: Atom, field: string): Atom {
  const literal = !decoded && (kind === 'value' || kind === 'text');
  return literal ? { kind: 'scan', text, decoded: false, price: SHARED_SCAN_FIELD.test(field) ? 0.02 : 0.005 } : SCAN_ATOM;
}

/** Atoms with equal keys find the same. */
export function atomKey({ kind, text, decoded }: Atom): string {
  return `${kind}${decoded ? '+' : ' '}${text}`;
}

/** Hyperscan wants an expression of every pattern, also of one that is not found by its text. No line holds this one. */
const NO_TEXT = '\\x00\\x00no text\\x00\\x00';

export function expressionOf({ kind, text, decoded }: Atom): Expression {
  const { caseless, lineBound, plainOnly, valueOnly, oddNumber } = PATTERN_FLAGS;
  const flags = caseless | lineBound | (decoded ? 0 : plainOnly) | (kind === 'value' ? valueOnly : 0) | (kind === 'odd' ? oddNumber : 0);
  return { text: patternOf(kind, text), flags };
}

const SPACE = '[\\x09\\x0d\\x20]*';

function patternOf(kind: Atom['kind'], text: string): string {
  if (kind === 'odd') return NO_TEXT;
  if (kind === 'empty') return `${text === '' ? '[,\\[]' : `${literally(text)}${SPACE}:`}${SPACE}""`;
  return literally(text);
}

/** Every character but letters and digits by its number: no character of a rule is ever syntax. */
function literally(text: string): string {
  return text.replace(/[^A-Za-z0-9]/g, (character) => `\\x${character.charCodeAt(0).toString(16).padStart(2, '0')}`);
}
