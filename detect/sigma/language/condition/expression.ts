import { shown } from '../rule-text.ts';
import type { RuleText, Span } from '../rule-text.ts';
import { spanInside } from '../yaml/node.ts';
import type { YamlText } from '../yaml/node.ts';

/**
 * What a condition says, names not yet looked up. From least to most binding: `or`, `and`, `not`, `1 of`, parentheses.
 * The words are read in any case.
 */
export type Expression =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Expression[]; readonly span: Span }
  | { readonly kind: 'not'; readonly of: Expression; readonly span: Span }
  | { readonly kind: 'name'; readonly name: string; readonly span: Span }
  /** `1 of pattern` (some), `all of pattern` (every). */
  | { readonly kind: 'of'; readonly every: boolean; readonly pattern: string; readonly written: string; readonly span: Span };

interface Word {
  readonly text: string;
  readonly offset: number;
}

const MOST_DEPTH = 50;
const MOST_WORDS = 10_000;

/** Thrown inside of this file only, to leave a parse at its first problem. */
class Unreadable extends Error {
  readonly span: Span;
  readonly hint: string | undefined;
  constructor(span: Span, message: string, hint?: string) {
    super(message);
    this.span = span;
    this.hint = hint;
  }
}

/** Reads a condition; the first problem is reported. `quantifiers` allows `1 of` and `all of`. */
export function expressionOf(text: RuleText, node: YamlText, { quantifiers }: { readonly quantifiers: boolean }): Expression | undefined {
  const words = wordsOf(node.value);
  const parser: Parser = { words, at: 0, depth: 0, quantifiers, spanOf: (word) => spanInside(text, node, word.offset, word.text.length), end: spanInside(text, node, Math.max(0, node.value.trimEnd().length - 1), 1) };
  try {
    refusePipes(parser);
    if (words.length > MOST_WORDS) throw new Unreadable(node, `a condition has at most ${MOST_WORDS} words`);
    const expression = orOf(parser);
    const rest = words[parser.at];
    if (rest === undefined) return expression;
    throw rest.text === ')' ? new Unreadable(parser.spanOf(rest), 'this `)` closes nothing') : misplaced(parser, rest, 'expected `and`, `or` or the end of the condition');
  } catch (error) {
    if (!(error instanceof Unreadable)) throw error;
    text.report(error.span, error.message, error.hint);
    return undefined;
  }
}

interface Parser {
  readonly words: readonly Word[];
  at: number;
  depth: number;
  readonly quantifiers: boolean;
  readonly spanOf: (word: Word) => Span;
  /** The last character: where something is missing. */
  readonly end: Span;
}

function wordsOf(condition: string): readonly Word[] {
  return [...condition.matchAll(/[()|]|[^\s()|]+/g)].map((found) => ({ text: found[0], offset: found.index }));
}

function refusePipes({ words, spanOf }: Parser): void {
  const pipe = words.find((word) => word.text === '|');
  if (pipe === undefined) return;
  if (words[words.indexOf(pipe) + 1]?.offset === pipe.offset + 1 && words[words.indexOf(pipe) + 1]?.text === '|') throw new Unreadable(spanOf(pipe), '`||` is no word of conditions', 'write or');
  throw new Unreadable(spanOf(pipe), 'aggregations behind `|` were replaced by correlations in Sigma 2', 'end the condition here and count in a second document with `correlation:`, like `type: event_count`');
}

function isWord(word: Word | undefined, keyword: string): boolean {
  return word !== undefined && word.text.toLowerCase() === keyword;
}

function orOf(parser: Parser): Expression {
  return chainOf(parser, 'or', andOf);
}

function andOf(parser: Parser): Expression {
  return chainOf(parser, 'and', notOf);
}

function chainOf(parser: Parser, kind: 'and' | 'or', next: (parser: Parser) => Expression): Expression {
  const first = next(parser);
  const of = [first];
  while (isWord(parser.words[parser.at], kind)) {
    parser.at++;
    of.push(next(parser));
  }
  return of.length === 1 ? first : { kind, of, span: { start: first.span.start, end: of.at(-1)?.span.end ?? first.span.end } };
}

function notOf(parser: Parser): Expression {
  const word = parser.words[parser.at];
  if (word === undefined || !isWord(word, 'not')) return operandOf(parser);
  parser.at++;
  const span = parser.spanOf(word);
  const of = deeper(parser, span, notOf);
  return { kind: 'not', of, span: { start: span.start, end: of.span.end } };
}

function deeper(parser: Parser, span: Span, next: (parser: Parser) => Expression): Expression {
  if (++parser.depth > MOST_DEPTH) throw new Unreadable(span, `a condition is nested at most ${MOST_DEPTH} levels deep`);
  const inner = next(parser);
  parser.depth--;
  return inner;
}

function operandOf(parser: Parser): Expression {
  const word = parser.words[parser.at];
  const expected = parser.quantifiers ? 'expected the name of a search, `not`, `1 of`, `all of` or `(`' : 'expected the name or id of a rule, `not` or `(`';
  if (word === undefined) throw new Unreadable(parser.end, parser.words.length === 0 ? 'this condition is empty' : 'this condition ends too early', expected);
  const span = parser.spanOf(word);
  parser.at++;
  if (word.text === '(') return parenthesised(parser, span);
  const folded = word.text.toLowerCase();
  if (word.text === ')' || folded === 'and' || folded === 'or' || folded === 'of') throw new Unreadable(span, `\`${word.text}\` cannot stand here`, expected);
  if (OPERATORS.has(word.text)) throw misplaced(parser, word, expected);
  if (isWord(parser.words[parser.at], 'of')) return quantified(parser, word, span);
  return { kind: 'name', name: word.text, span };
}

const OPERATORS: ReadonlyMap<string, string> = new Map([['&&', 'and'], ['&', 'and'], ['!', 'not']]);

function misplaced(parser: Parser, word: Word, expected: string): Unreadable {
  const operator = OPERATORS.get(word.text);
  const span = parser.spanOf(word);
  return operator === undefined ? new Unreadable(span, `\`${shown(word.text)}\` cannot follow here`, expected) : new Unreadable(span, `\`${word.text}\` is no word of conditions`, `write ${operator}`);
}

function parenthesised(parser: Parser, span: Span): Expression {
  const inner = deeper(parser, span, orOf);
  const close = parser.words[parser.at];
  if (close?.text === ')') {
    parser.at++;
    return { ...inner, span: { start: span.start, end: parser.spanOf(close).end } };
  }
  if (close === undefined) throw new Unreadable(span, 'this `(` is never closed');
  throw misplaced(parser, close, 'expected `and`, `or` or `)`');
}

/** `1 of`, `any of` (an extension) or `all of`, then a pattern of names or `them`. */
function quantified(parser: Parser, word: Word, span: Span): Expression {
  if (!parser.quantifiers) throw new Unreadable(span, '`of` has no meaning here', 'expected names or ids of rules with and, or, not');
  const quantifier = word.text.toLowerCase();
  if (quantifier !== '1' && quantifier !== 'any' && quantifier !== 'all') throw new Unreadable(span, `\`${shown(word.text)} of\` is not part of Sigma`, 'expected `1 of` or `all of`');
  parser.at++;
  const pattern = parser.words[parser.at];
  if (pattern === undefined || pattern.text === '(' || pattern.text === ')' || ['and', 'or', 'not'].includes(pattern.text.toLowerCase())) {
    throw new Unreadable(pattern === undefined ? parser.end : parser.spanOf(pattern), `\`${word.text} of\` needs the names it is about`, 'expected `them` or a pattern like `selection*`');
  }
  parser.at++;
  const them = pattern.text.toLowerCase() === 'them';
  const end = parser.spanOf(pattern).end;
  return { kind: 'of', every: quantifier === 'all', pattern: them ? '*' : pattern.text, written: `${word.text} of ${pattern.text}`, span: { start: span.start, end } };
}
