import { conditionAt, isEdge, isEnd, operandAt } from './sql-expression.ts';
import { KEYWORDS } from './sql-words.ts';
import type { SqlToken } from './sql-tokens.ts';

type Tokens = readonly SqlToken[];

/**
 * What stands before a token: nothing of the value; a quote that ends somebody else's string; a value that is a number so
 * far; something after which SQL expects more; a string of the value's own; or a word of prose.
 */
export type Context = 'edge' | 'broken' | 'numeric' | 'sql' | 'string' | 'word';

const MOST_HEAD_TOKENS = 16;

/** The value up to `at` is a number with signs, quotes and parentheses. */
export function isNumericHead(tokens: Tokens, at: number): boolean {
  let numbers = 0;
  for (let i = at - 1; i >= 0 && i > at - MOST_HEAD_TOKENS; i--) {
    const token = tokens[i];
    if (isEdge(token)) return numbers > 0;
    if (token?.kind === 'number') numbers++;
    else if (token?.kind !== 'close' && token?.kind !== 'open' && token?.kind !== 'quote' && !/^[-+.*/]$/.test(token?.text ?? '')) return false;
  }
  return false;
}

export function contextBefore(tokens: Tokens, at: number): Context {
  let i = at - 1;
  while (tokens[i]?.kind === 'close' || tokens[i]?.kind === 'open') i--;
  const token = tokens[i];
  if (token === undefined) return 'edge';
  switch (token.kind) {
    case 'edge':
    case 'cut':
      return 'edge';
    case 'quote':
      return token.breaks ? 'broken' : 'string';
    case 'number':
      return isNumericHead(tokens, i + 1) ? 'numeric' : 'word';
    case 'word':
      return KEYWORDS.has(token.text) ? 'sql' : 'word';
    case 'other':
      return 'word';
    case 'variable': case 'sign': case 'comma': case 'semicolon': case 'comment': case 'open': case 'close':
      return 'sql';
    default:
      return token.kind satisfies never;
  }
}

/** `cut`: the value ends behind the parenthesis; `names`: nothing but words; `prose`: no list of values. */
export type ArgumentsKind = 'cut' | 'empty' | 'names' | 'numbers' | 'values' | 'prose';

export interface Arguments {
  readonly kind: ArgumentsKind;
  readonly count: number;
}

const GOES_ON = new Set(['as', 'from', 'using', 'separator', 'order', 'then', 'when', 'and', 'or', 'where', 'limit', 'for', 'at', 'in', 'escape', 'into']);
const MOST_ARGUMENTS = 16;

function isTold(tokens: Tokens, at: number): boolean {
  const condition = conditionAt(tokens, at);
  return condition !== undefined && (condition.left.kind !== 'name' || condition.right.kind !== 'name');
}

/** What stands in the parentheses that open at `open`. */
export function argumentsAt(tokens: Tokens, open: number): Arguments {
  let at = open + 1;
  if (isEnd(tokens[at])) return { kind: 'cut', count: 0 };
  if (tokens[at]?.kind === 'close') return { kind: 'empty', count: 0 };
  let kind: ArgumentsKind = 'names';
  for (let count = 1; count <= MOST_ARGUMENTS; count++) {
    const operand = tokens[at]?.text === '*' ? { kind: 'literal' as const, next: at + 1 } : operandAt(tokens, at);
    if (operand === undefined) return { kind: 'prose', count };
    const plain = tokens[at]?.kind === 'number' && operand.next <= at + 3 && tokens[at]?.text.startsWith('0x') === false;
    if (operand.kind !== 'name' && kind !== 'values') kind = plain ? 'numbers' : 'values';
    const next = tokens[operand.next];
    if (isEdge(next) || next?.kind === 'comment' || tokens[operand.next - 1]?.kind === 'close') return { kind, count };
    if (GOES_ON.has(next?.text ?? '') || next?.kind === 'quote' || next?.text === '||' || isTold(tokens, at)) return { kind: kind === 'names' && GOES_ON.has(next?.text ?? '') ? 'prose' : 'values', count };
    if (next?.kind !== 'comma') return { kind: 'prose', count };
    at = operand.next + 1;
  }
  return { kind, count: MOST_ARGUMENTS };
}

/** What goes on behind an expression, or ends it. */
export function endsExpression(tokens: Tokens, at: number): boolean {
  const token = tokens[at];
  return isEnd(token) || token?.kind === 'comment' || token?.kind === 'semicolon' || token?.kind === 'quote' || token?.kind === 'comma' || token?.kind === 'close' || token?.kind === 'sign' || (token?.kind === 'word' && KEYWORDS.has(token.text));
}

/** The value ends here, but for a comment, a quote or parentheses. */
export function endsValue(tokens: Tokens, at: number): boolean {
  let i = at;
  while (i < at + 4 && (tokens[i]?.kind === 'close' || tokens[i]?.kind === 'quote' || /^[-+;]$/.test(tokens[i]?.text ?? ''))) i++;
  return isEnd(tokens[i]) || tokens[i]?.kind === 'comment';
}

