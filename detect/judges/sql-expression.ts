import { ARITHMETIC, COMPARING_SIGNS, COMPARING_WORDS, CONSTANTS, PREFIXES } from './sql-words.ts';
import type { SqlToken } from './sql-tokens.ts';

type Tokens = readonly SqlToken[];

/** `open`: a string that the value does not end; `name`: a column, or any word of prose. */
export type OperandKind = 'literal' | 'open' | 'call' | 'query' | 'name';

export interface Operand {
  readonly kind: OperandKind;
  /** Index behind it. */
  readonly next: number;
}

export interface Condition {
  readonly left: Operand;
  readonly right: Operand;
  readonly sign: string;
  readonly next: number;
}

const MOST_PREFIXES = 24;
const MOST_STRING_TOKENS = 40;
const MOST_CALL_TOKENS = 96;
const MOST_TERMS = 8;

export function isEdge(token: SqlToken | undefined): boolean {
  return token === undefined || token.kind === 'edge' || token.kind === 'cut';
}

/** The value ends here, not only the window. */
export function isEnd(token: SqlToken | undefined): boolean {
  return token === undefined || token.kind === 'edge';
}

export function isWord(token: SqlToken | undefined, text: string): boolean {
  return token?.kind === 'word' && token.text === text;
}

/** Index behind the parenthesis that closes the one at `open`; the last one looked at when none does. */
export function behindCall(tokens: Tokens, open: number): number {
  let depth = 0;
  let i = open;
  for (; i < tokens.length && i < open + MOST_CALL_TOKENS && !isEdge(tokens[i]); i++) {
    if (tokens[i]?.kind === 'open') depth++;
    if (tokens[i]?.kind === 'close' && --depth === 0) return i + 1;
  }
  return i;
}

function string(tokens: Tokens, at: number): Operand {
  const sign = tokens[at]?.text;
  for (let i = at + 1; i < tokens.length && i <= at + MOST_STRING_TOKENS && !isEdge(tokens[i]); i++) {
    if (tokens[i]?.kind === 'quote' && tokens[i]?.text === sign) return { kind: 'literal', next: i + 1 };
  }
  return { kind: 'open', next: at + 1 };
}

function word(tokens: Tokens, at: number): Operand {
  const { text = '' } = tokens[at] ?? {};
  const next = tokens[at + 1];
  if (text === 'select') return { kind: 'query', next: at + 1 };
  if (text === 'case') return { kind: 'call', next: at + 1 };
  if (text === 'array' && next?.text === '[') return { kind: 'call', next: at + 2 };
  if (next?.kind === 'open') return { kind: 'call', next: behindCall(tokens, at + 1) };
  if (CONSTANTS.has(text)) return { kind: 'literal', next: at + 1 };
  if (next?.kind === 'quote' && !next.spaced && /^(?:n|x|b|e|q|_\w+)$/.test(text)) return string(tokens, at + 1);
  let end = at + 1;
  while (tokens[end]?.text === '.' && tokens[end + 1]?.kind === 'word') end += 2;
  return tokens[end]?.kind === 'open' && end > at + 1 ? { kind: 'call', next: behindCall(tokens, end) } : { kind: 'name', next: end };
}

function term(tokens: Tokens, from: number): Operand | undefined {
  let at = from;
  while (at < from + MOST_PREFIXES && (tokens[at]?.kind === 'open' || PREFIXES.has(tokens[at]?.text ?? ''))) at++;
  switch (tokens[at]?.kind) {
    case 'number':
    case 'variable':
      return { kind: 'literal', next: at + 1 };
    case 'quote':
      return string(tokens, at);
    case 'word':
      return word(tokens, at);
    default:
      return undefined;
  }
}

function behindClosing(tokens: Tokens, from: number): number {
  let at = from;
  while (tokens[at]?.kind === 'close') at++;
  return at;
}

const STRENGTH: Readonly<Record<OperandKind, number>> = { name: 0, open: 1, literal: 2, call: 3, query: 4 };

/** What may be a value: terms with operators between them, in any parentheses; as strong as its strongest term. */
export function operandAt(tokens: Tokens, from: number): Operand | undefined {
  let found = term(tokens, from);
  for (let i = 0; found !== undefined && i < MOST_TERMS; i++) {
    let next = behindClosing(tokens, found.next);
    while (tokens[next]?.text === '::' && tokens[next + 1]?.kind === 'word') next = behindClosing(tokens, next + 2);
    const joined = ARITHMETIC.has(tokens[next]?.text ?? '') && tokens[next]?.text !== '||' && tokens[next]?.text !== '&&' ? term(tokens, next + 1) : undefined;
    if (joined === undefined) return { kind: found.kind, next };
    found = { kind: STRENGTH[joined.kind] > STRENGTH[found.kind] ? joined.kind : found.kind, next: joined.next };
  }
  return found;
}

/** A comparison sign or word at `at`, as its text and the index behind it. */
export function comparisonAt(tokens: Tokens, from: number): { readonly sign: string; readonly next: number } | undefined {
  let at = from;
  if (isWord(tokens[at], 'not') || tokens[at]?.text === '!') at++;
  const token = tokens[at];
  if (token === undefined || !(COMPARING_SIGNS.has(token.text) || (token.kind === 'word' && COMPARING_WORDS.has(token.text)))) return undefined;
  // A question mark asks, unless JSON stands on both sides.
  if (token.text === '?' && !(tokens[at + 1]?.kind === 'quote' && (tokens[at - 1]?.kind === 'quote' || tokens[at - 2]?.text === '::'))) return undefined;
  let next = at + 1;
  // `= = `, `!= =` and `sounds like`, `similar to`, `is not distinct from`.
  for (let i = 0; i < 3 && /^(?:[=<>~!]|like|to|not|distinct|from|all|any|some|binary)$/.test(tokens[next]?.text ?? ''); i++) next++;
  return { sign: token.text, next };
}

/** Two operands and what compares them. */
export function conditionAt(tokens: Tokens, from: number): Condition | undefined {
  const left = operandAt(tokens, from);
  if (left === undefined || left.kind === 'open') return undefined;
  const comparison = comparisonAt(tokens, left.next);
  if (comparison === undefined) return undefined;
  const right = operandAt(tokens, comparison.next);
  return right === undefined ? undefined : { left, right, sign: comparison.sign, next: right.next };
}

/** Index of the first of at most `most` tokens from `from` on that passes; undefined when none does. */
export function findToken(tokens: Tokens, from: number, most: number, passes: (token: SqlToken) => boolean): number | undefined {
  for (let i = from; i < from + most && i < tokens.length; i++) {
    const token = tokens[i];
    if (token !== undefined && passes(token)) return i;
  }
  return undefined;
}
