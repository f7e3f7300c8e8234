import { contextBefore, endsValue } from './sql-context.ts';
import { comparisonAt, conditionAt, findToken, isEdge, isEnd, operandAt } from './sql-expression.ts';
import type { Condition, Operand } from './sql-expression.ts';
import { ARITHMETIC, COMPARING_SIGNS, CONNECTIVES, CONSTANTS, FUNCTIONS, TELLING_FUNCTIONS } from './sql-words.ts';
import type { SqlToken } from './sql-tokens.ts';

type Tokens = readonly SqlToken[];

/** Feet and inches: a quote right behind a number, and another number. */
function isMeasure(tokens: Tokens, quote: number, next: number): boolean {
  let at = next;
  while (tokens[at]?.kind === 'sign') at++;
  return /\d$/.test(tokens[quote - 1]?.text ?? '') && tokens[quote]?.spaced === false && tokens[at]?.kind === 'number';
}

function isTold({ left, right, sign, next }: Condition, tokens: Tokens): boolean {
  if (sign === 'is') return CONSTANTS.has(tokens[next - 1]?.text ?? '') && tokens[next - 1]?.text !== 'default';
  if (sign === 'in') return tokens[right.next - 1]?.kind === 'close' || right.kind === 'query';
  if (sign === 'like' && tokens[next - 1]?.kind === 'number') return tokens[left.next - 1]?.text === tokens[next - 1]?.text;
  return left.kind !== 'name' && right.kind !== 'name';
}

function isKnownCall(tokens: Tokens, from: number, operand: Operand): boolean {
  if (operand.kind === 'query') return true;
  if (operand.kind !== 'call') return false;
  for (let i = from; i < operand.next && i < from + 12; i++) {
    const { kind, text = '' } = tokens[i] ?? {};
    if (kind === 'word') return text === 'case' || FUNCTIONS.has(text) || TELLING_FUNCTIONS.has(text);
  }
  return false;
}

const JOINING = /^(?:x?or|and|\|\||&&|having|not)$/;

function isBareBehindQuote(tokens: Tokens, operand: Operand): boolean {
  const next = tokens[operand.next];
  if (operand.kind === 'literal') return endsValue(tokens, operand.next) || next?.kind === 'semicolon' || CONNECTIVES.has(next?.text ?? '');
  if (operand.kind === 'open') return isEnd(next) || isEnd(tokens[operand.next + 1]);
  return next?.kind === 'comment';
}

/** What follows a connective without a comparison: `or 1`, `or true#`, `and sleep(5)`. */
function isBareOperand(tokens: Tokens, head: number, operand: Operand): boolean {
  const context = contextBefore(tokens, head);
  if (!JOINING.test(tokens[head]?.text ?? '')) return false;
  if (isKnownCall(tokens, head + 1, operand)) return context !== 'word';
  const last = tokens[operand.next - 1]?.text ?? '';
  if (context === 'broken') return !isMeasure(tokens, head - 1, head + 1) && isBareBehindQuote(tokens, operand);
  if (context !== 'numeric' && context !== 'edge') return false;
  return operand.kind === 'literal' && (CONSTANTS.has(last) ? endsValue(tokens, operand.next) : context === 'numeric' && (tokens[operand.next]?.kind === 'comment' || tokens[operand.next]?.kind === 'semicolon'));
}

/** A condition behind `or`, `and`, `having`, `where`, `||` at `head`; index behind it. */
export function conditionBehind(tokens: Tokens, head: number): number | undefined {
  const condition = conditionAt(tokens, head + 1);
  if (condition !== undefined) {
    if (isTold(condition, tokens)) return condition.next;
    const context = contextBefore(tokens, head);
    const given = condition.left.kind !== 'name' || condition.right.kind !== 'name' || condition.sign === '=';
    if (given && (context === 'broken' || context === 'numeric') && condition.sign !== 'is' && condition.sign !== 'in') return condition.next;
  }
  const operand = operandAt(tokens, head + 1);
  if (operand !== undefined && isEdge(tokens[head - 1]) && JOINING.test(tokens[head]?.text ?? '')) {
    const comparison = comparisonAt(tokens, operand.next);
    if (comparison !== undefined && COMPARING_SIGNS.has(comparison.sign)) return comparison.next;
  }
  return operand !== undefined && isBareOperand(tokens, head, operand) ? operand.next : undefined;
}

const MOST_CUT_TOKENS = 11;

/** With which SQL goes on behind a string. */
const GOES_ON = new Set(['collate', 'notnull', 'isnull', 'or', 'and', 'order', 'group', 'having', 'limit', 'union', 'where', 'is', 'in', 'like', 'glob', 'between', 'not', 'escape', 'as', 'for', 'offset', 'xor', 'div', 'mod', 'rlike', 'regexp']);

/** A double quote that looks like the first of a phrase. */
function opensPhrase(tokens: Tokens, quote: number): boolean {
  return tokens[quote]?.text === '"' && (tokens[quote]?.spaced === true || isEdge(tokens[quote - 1]));
}

/** `x' = 'x`, `' like '%`, `' is null`. */
function comparedBehind(tokens: Tokens, quote: number, from: number): number | undefined {
  const comparison = comparisonAt(tokens, from);
  if (comparison === undefined) return undefined;
  const right = operandAt(tokens, comparison.next);
  if (right === undefined || right.kind === 'name') return undefined;
  const first = tokens[comparison.next];
  if (tokens[quote]?.text === '"' && /\d$/.test(tokens[quote - 1]?.text ?? '') && tokens[from]?.kind === 'word') return undefined;
  switch (comparison.sign) {
    case 'is':
      return CONSTANTS.has(tokens[right.next - 1]?.text ?? '') ? right.next : undefined;
    case 'in':
      return first?.kind === 'open' ? right.next : undefined;
    case 'like':
      return first?.kind === 'number' ? undefined : right.next;
    case '<': case '>':
      // Behind a quote a tag ends, too.
      return (first?.kind === 'quote' || (endsValue(tokens, right.next) && !opensPhrase(tokens, quote))) && !isMeasure(tokens, quote, comparison.next) ? right.next : undefined;
    default:
      return isMeasure(tokens, quote, comparison.next) || (opensPhrase(tokens, quote) && first?.kind !== 'quote') ? undefined : right.next;
  }
}

/** `a'||'b`, `'-0-'`, `'+(select 1)+'`. */
function joinedBehind(tokens: Tokens, quote: number, from: number): number | undefined {
  if (!ARITHMETIC.has(tokens[from]?.text ?? '')) return undefined;
  const right = operandAt(tokens, from + 1);
  if (right === undefined || right.kind === 'name') return undefined;
  if (isKnownCall(tokens, from + 1, right)) return right.next;
  if (right.kind === 'call' || opensPhrase(tokens, quote) || isMeasure(tokens, quote, from + 1)) return undefined;
  const signs = tokens[from]?.text === '||' || isEnd(tokens[quote - 1]) || tokens[from]?.spaced === false;
  if (!signs) return undefined;
  return endsValue(tokens, right.next) || (right.kind === 'open' && isEnd(tokens[right.next + 1])) || CONNECTIVES.has(tokens[right.next]?.text ?? '') || comparisonAt(tokens, right.next) !== undefined ? right.next : undefined;
}

function behindClosing(tokens: Tokens, from: number): number {
  let at = from;
  while (tokens[at]?.kind === 'close') at++;
  return at;
}

/** `' collate nocase--`, `' notnull --`: SQL goes on, and a comment ends the value. */
function cutBehind(tokens: Tokens, quote: number, from: number): number | undefined {
  const first = tokens[from];
  const goesOn = GOES_ON.has(first?.text ?? '') || (first?.kind === 'sign' && !first.spaced && tokens[quote]?.text !== '"');
  if (!goesOn) return undefined;
  const cut = findToken(tokens, from + 1, MOST_CUT_TOKENS, (token) => token.kind === 'comment' || token.kind === 'semicolon' || isEdge(token));
  return cut !== undefined && !isEdge(tokens[cut]) && endsValue(tokens, cut + 1) ? cut + 1 : undefined;
}

/** An operator right behind a quote that ends somebody else's string. */
export function operatorBehind(tokens: Tokens, quote: number): number | undefined {
  if (tokens[quote]?.breaks !== true) return undefined;
  const from = behindClosing(tokens, quote + 1);
  return comparedBehind(tokens, quote, from) ?? joinedBehind(tokens, quote, from) ?? cutBehind(tokens, quote, from);
}

/** A value that is nothing but a comparison which holds or does not: `1=1`, `11!=1`, `'x'!='y`. */
export function conditionWhole(tokens: Tokens, from: number): number | undefined {
  if (!isEdge(tokens[from - 1])) return undefined;
  const condition = conditionAt(tokens, from);
  if (condition === undefined || condition.left.kind === 'name' || condition.right.kind === 'name' || !endsValue(tokens, condition.next)) return undefined;
  if (condition.sign === 'in' || condition.sign === '<' || condition.sign === '>' || tokens[from]?.text === '"' || condition.next > from + 8) return undefined;
  return condition.sign !== '=' || tokens[from]?.text === tokens[condition.next - 1]?.text ? condition.next : undefined;
}

/** A number compared by a word: `1 rlike (…)`. */
export function numberCompared(tokens: Tokens, word: number): number | undefined {
  if (!/^(?:r?like|regexp|sounds|glob)$/.test(tokens[word]?.text ?? '') || contextBefore(tokens, word) !== 'numeric') return undefined;
  const comparison = comparisonAt(tokens, word);
  const right = comparison === undefined ? undefined : operandAt(tokens, comparison.next);
  return right === undefined || right.kind === 'name' ? undefined : right.next;
}

const PLURAL = /s$/;
/** Before a quote in a value that is a name or a number. */
const MOST_NAME_TOKENS = 5;

/** A comment that cuts off the rest of a query, behind a quote or a number that is the whole value. */
export function commentBehind(tokens: Tokens, from: number): number | undefined {
  const before = tokens[from];
  let at = behindClosing(tokens, from + 1);
  const closed = at > from + 1;
  if (tokens[at]?.kind === 'semicolon') at = behindClosing(tokens, at + 1);
  const comment = tokens[at];
  if (comment?.kind !== 'comment') return undefined;
  const ends = endsValue(tokens, at + 1);
  if (before?.kind === 'number') {
    const whole = contextBefore(tokens, from + 1) === 'numeric' && ends;
    return whole && (comment.text !== '#' || closed || tokens[at - 1]?.kind === 'semicolon') ? at + 1 : undefined;
  }
  if (before?.breaks !== true) return undefined;
  const attached = !comment.spaced;
  if (before.text === '"' && tokens[from - 1]?.kind === 'number' && !closed) return ends && attached ? at + 1 : undefined;
  if (comment.text === '/*' || comment.text === '\0') return at + 1;
  if (ends) return at + 1;
  if (comment.text === '#') return undefined;
  if (attached) return at + 1;
  if (before.text === '"') return undefined;
  const dash = tokens[from - 1]?.kind === 'word' && PLURAL.test(tokens[from - 1]?.text ?? '');
  const short = findToken(tokens, Math.max(0, from - MOST_NAME_TOKENS), MOST_NAME_TOKENS, isEdge) !== undefined;
  return short && tokens[at + 1]?.spaced === true && !dash ? at + 1 : undefined;
}
