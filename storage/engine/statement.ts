import { quote } from '../sql-text.ts';

/** Just enough of ClickHouse's lexer to find clauses at the top level of one statement. */

interface Token {
  readonly kind: 'word' | 'quoted' | 'sign';
  readonly start: number;
  readonly end: number;
  /** Open brackets around the token. */
  readonly depth: number;
}

const WORD = /[A-Za-z0-9_$\u0080-\uffff]/;
const HEREDOC = /^\$[A-Za-z0-9_]*\$/;

function quotedEnd(text: string, start: number): number {
  const mark = text[start];
  for (let i = start + 1; i < text.length; i++) {
    if (text[i] === '\\') i++;
    else if (text[i] === mark) {
      if (text[i + 1] !== mark) return i + 1;
      i++;
    }
  }
  return text.length;
}

/** End of the blank or comment that starts here; the same place when there is none. */
function blankEnd(text: string, start: number): number {
  if (/\s/.test(text[start] ?? '')) return start + 1;
  const lineComment = text.startsWith('--', start) || text.startsWith('# ', start) || text.startsWith('#!', start);
  const end = lineComment ? text.indexOf('\n', start) : text.startsWith('/*', start) ? text.indexOf('*/', start + 2) : undefined;
  if (end === undefined) return start;
  if (end < 0) return text.length;
  return lineComment ? end + 1 : end + 2;
}

function tokenEnd(text: string, at: number): { readonly kind: Token['kind']; readonly end: number } {
  const c = text[at] ?? '';
  if (c === "'" || c === '`' || c === '"') return { kind: 'quoted', end: quotedEnd(text, at) };
  const heredoc = c === '$' ? HEREDOC.exec(text.slice(at, at + 64))?.[0] : undefined;
  if (heredoc !== undefined) {
    const close = text.indexOf(heredoc, at + heredoc.length);
    return { kind: 'quoted', end: close < 0 ? text.length : close + heredoc.length };
  }
  if (!WORD.test(c)) return { kind: 'sign', end: at + 1 };
  let end = at + 1;
  while (end < text.length && WORD.test(text[end] ?? '')) end++;
  return { kind: 'word', end };
}

export function* tokens(text: string): Generator<Token> {
  let depth = 0;
  for (let at = 0; at < text.length; ) {
    const blank = blankEnd(text, at);
    if (blank > at) {
      at = blank;
      continue;
    }
    const { kind, end } = tokenEnd(text, at);
    const c = kind === 'sign' ? text[at] : '';
    if (c === ')' || c === ']' || c === '}') depth--;
    yield { kind, start: at, end, depth };
    if (c === '(' || c === '[' || c === '{') depth++;
    at = end;
  }
}

export interface InsertHead {
  /** The statement up to its data, without it: `INSERT INTO t (a, b) SETTINGS x = 1 FORMAT Native`. */
  readonly text: string;
  /** Where the data starts in what was given. */
  readonly dataStart: number;
}

/**
 * The head of an INSERT that carries data, itself or for a top-level `input(…)` it selects from; undefined for every
 * other statement. `text` may be Latin-1 for raw bodies: only ASCII is looked at.
 */
export function insertHead(text: string): InsertHead | undefined {
  let first = true;
  let afterFormat = false;
  let selects = false;
  for (const token of tokens(text)) {
    if (token.depth > 0) continue;
    const word = token.kind === 'word' ? text.slice(token.start, token.end).toUpperCase() : '';
    if (first && word !== 'INSERT') return undefined;
    first = false;
    if (afterFormat && word !== '') return { text: text.slice(0, token.end), dataStart: dataStart(text, token.end) };
    afterFormat = false;
    if (word === 'WITH') return undefined;
    if (word === 'SELECT') {
      if (inputCall(text) === undefined) return undefined;
      selects = true;
    }
    if (word === 'VALUES' && !selects) return { text: `${text.slice(0, token.start)}FORMAT Values`, dataStart: token.end };
    if (word === 'FORMAT') afterFormat = true;
  }
  return undefined;
}

/** As the engine: blanks up to and including the first line feed do not belong to the data. */
function dataStart(text: string, from: number): number {
  let at = from;
  while (at < text.length && /[ \t\r;]/.test(text[at] ?? '')) at++;
  return text[at] === '\n' ? at + 1 : at;
}

interface InputCall {
  readonly start: number;
  readonly end: number;
  /** What stands between the brackets. */
  readonly structure: string;
}

/** The first top-level `input(…)`. */
function inputCall(text: string): InputCall | undefined {
  let name: Token | undefined;
  let bracket: Token | undefined;
  for (const token of tokens(text)) {
    if (token.depth > 0) continue;
    const spelling = token.end - token.start <= 6 ? text.slice(token.start, token.end).toUpperCase() : '';
    if (spelling === 'FORMAT') return undefined;
    if (name !== undefined && bracket !== undefined && spelling === ')') return { start: name.start, end: token.end, structure: text.slice(bracket.end, token.start) };
    if (bracket !== undefined) continue;
    if (name !== undefined && spelling === '(') bracket = token;
    else name = token.kind === 'word' && spelling === 'INPUT' ? token : undefined;
  }
  return undefined;
}

/** An INSERT that selects from `input(…)` as one that selects from a file; undefined for any other. */
export function fromFile(head: string, file: string): string | undefined {
  const call = inputCall(head);
  if (call === undefined) return undefined;
  const tail = head.slice(call.end);
  const { body, format } = splitFormat(tail);
  return `${head.slice(0, call.start)}file(${quote(file)}, ${quote(format ?? '')}, ${call.structure}, 'none')${body}`;
}

/** The statement with each whole number outside quotes as 0: statements that agree in it have the same syntax tree. */
export function withoutNumbers(text: string): string {
  let shaped = '';
  let at = 0;
  for (const token of tokens(text)) {
    if (token.kind !== 'word' || !/^\d+$/.test(text.slice(token.start, token.end))) continue;
    shaped += `${text.slice(at, token.start)}0`;
    at = token.end;
  }
  return shaped + text.slice(at);
}

/** Position of the first top-level word among `words`; the text's length when there is none. */
export function clauseStart(text: string, words: readonly string[]): number {
  for (const token of tokens(text)) {
    if (token.depth === 0 && token.kind === 'word' && words.includes(text.slice(token.start, token.end).toUpperCase())) return token.start;
  }
  return text.length;
}

/** Splits `… FORMAT Name [SETTINGS …]` from the end of a canonical SELECT or SHOW. */
export function splitFormat(canonical: string): { readonly body: string; readonly format: string | undefined; readonly tail: string } {
  const words = [...tokens(canonical)].filter((t) => t.depth === 0);
  for (let i = words.length - 2; i >= 0; i--) {
    const [keyword, name, after] = [words[i], words[i + 1], words[i + 2]];
    if (keyword === undefined || name === undefined || keyword.kind !== 'word' || name.kind !== 'word') continue;
    if (canonical.slice(keyword.start, keyword.end) !== 'FORMAT') continue;
    const last = after === undefined || canonical.slice(after.start, after.end) === 'SETTINGS';
    if (last) return { body: canonical.slice(0, keyword.start).trimEnd(), format: canonical.slice(name.start, name.end), tail: canonical.slice(name.end) };
  }
  return { body: canonical, format: undefined, tail: '' };
}

/** Whether the words stand side by side anywhere outside quotes and comments, at any depth. */
export function hasWords(text: string, ...sought: readonly string[]): boolean {
  let matched = 0;
  for (const token of tokens(text)) {
    const word = token.kind === 'word' ? text.slice(token.start, token.end).toUpperCase() : '';
    matched = word === sought[matched] ? matched + 1 : word === sought[0] ? 1 : 0;
    if (matched === sought.length) return true;
  }
  return false;
}
