import { CONNECTIVES, KEYWORDS } from './sql-words.ts';

/** `edge`: where a parameter's value begins or ends; `cut`: where the window does, within a value. */
export type TokenKind = 'word' | 'number' | 'quote' | 'sign' | 'open' | 'close' | 'comma' | 'semicolon' | 'comment' | 'variable' | 'edge' | 'cut' | 'other';

export interface SqlToken {
  readonly kind: TokenKind;
  /** In lower case; of an edge or a cut ''. */
  readonly text: string;
  readonly start: number;
  readonly end: number;
  /** White space or a comment stands before it. */
  readonly spaced: boolean;
  /** Of a quote: as far as is known it ends a string that began before the value did. */
  readonly breaks: boolean;
}

/** A part of a text, read as SQL that may begin and end anywhere. */
export interface SqlReading {
  readonly tokens: readonly SqlToken[];
  /** Comments that MySQL runs, where a word follows. */
  readonly versioned: readonly number[];
}

type Shape = 'json' | 'xml' | 'plain';

interface Draft {
  readonly text: string;
  readonly end: number;
  readonly shape: Shape;
  readonly tokens: SqlToken[];
  readonly versioned: number[];
  at: number;
  spaced: boolean;
  /** Where the value began, and by quote how many since; undefined when it began before what is read. */
  value: { readonly start: number; readonly quotes: Map<string, number> } | undefined;
}

const SIGNS = /<=>|->>|#>>|#>|#-(?!-)|<@|@>|@\?|<>|<=|>=|!=|!<|!>|!~|==|<<|>>|\|\||&&|:=|::|->|\?\||\?&|\^=|~\*|\*\*|[=<>!~+*/%^&|.:?$-]/y;
const NUMBER = /0x[0-9a-f]+|0b[01]+(?![0-9])|(?:\d+(?:\.\d*)?|\.\d+)(?:e[+-]?\d+)?/iy;
const WORD = /[a-z_$\u0080-\uffff][\w$\u0080-\uffff]*/iy;
const VARIABLE = /@{1,2}(?:[\w.$]+|`[\w.$]*`)?/y;
/** The name of a parameter, with its equals sign. */
const NAME = /[\w.\-[\]%+$]{1,64}=(?!=)/y;
const COOKIE_NAME = / ?[\w.-]{1,64}=(?!=)/y;
const SPACE = /[\0-\x20\u00a0]+/y;
const LETTER = /[a-z\u0080-\uffff]/i;
const ESCAPE = /^%[0-9a-f]{2}$/i;
/** A plus sign between words is a space of a form that was not decoded. */
const JOINED = /[a-z)]\+[a-z(]|[a-z]\+\d|\d\+[a-z]/i;
const MOST_COMMENT_UNITS = 256;
/** In a longer text quotes and apostrophes do not pair up. */
const MOST_COUNTED_QUOTES = 6;
const MOST_COUNTED_UNITS = 256;

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at;
  return pattern.exec(text)?.[0];
}

function push(draft: Draft, kind: TokenKind, text: string, breaks = false): void {
  draft.tokens.push({ kind, text: text.toLowerCase(), start: draft.at, end: draft.at + text.length, spaced: draft.spaced, breaks });
  draft.at += text.length;
  draft.spaced = false;
}

function edge(draft: Draft, units: number): void {
  draft.tokens.push({ kind: 'edge', text: '', start: draft.at, end: draft.at + units, spaced: false, breaks: false });
  draft.at += units;
  draft.spaced = false;
  draft.value = { start: draft.at, quotes: new Map() };
}

/** Whether a quote is one of JSON or XML itself, by what stands beside it. */
function isStructure({ text, at, shape, tokens }: Draft): boolean {
  if (shape === 'plain' || text.charAt(at) !== '"') return false;
  const before = text.slice(Math.max(0, at - 4), at).trimEnd().slice(-1);
  const after = text.slice(at + 1, at + 5).trimStart().slice(0, 1);
  if (shape === 'json') return (':,{['.includes(before) && before !== '') || (':,}]'.includes(after) && after !== '');
  return (before === '=' && tokens.at(-2)?.kind === 'word') || after === '>' || text.startsWith('/>', at + 1);
}

/** An apostrophe within a word is no quote, unless SQL goes on behind it. */
function isApostrophe({ text, at, end }: Draft): boolean {
  if (text.charAt(at) !== "'" || !LETTER.test(text.charAt(at - 1)) || !LETTER.test(text.charAt(at + 1))) return false;
  const word = matchAt(WORD, text, at + 1)?.slice(0, end - at).toLowerCase() ?? '';
  return !CONNECTIVES.has(word) && !(KEYWORDS.has(word) && word.length > 2);
}

function quote(draft: Draft, sign: string): void {
  if (isStructure(draft)) return edge(draft, 1);
  if (isApostrophe(draft)) return push(draft, 'other', sign);
  const count = (draft.value?.quotes.get(sign) ?? 0) + 1;
  draft.value?.quotes.set(sign, count);
  const near = draft.value !== undefined && draft.at - draft.value.start < MOST_COUNTED_UNITS;
  push(draft, 'quote', sign, draft.value !== undefined && (count === 1 || (near && count % 2 === 1 && count < MOST_COUNTED_QUOTES)));
}

/** A comment that ends is white space; what MySQL would run of one stays. */
function slashStar(draft: Draft): void {
  const { text, at, end } = draft;
  const versioned = /^\/\*!\d{0,6}/.exec(text.slice(at, at + 9))?.[0];
  const close = text.indexOf('*/', at + 2);
  if (versioned !== undefined) {
    if (/^ *[a-z]/i.test(text.slice(at + versioned.length, at + versioned.length + 4))) draft.versioned.push(at);
    draft.at += versioned.length;
  } else if (close >= 0 && close < Math.min(end, at + MOST_COMMENT_UNITS)) {
    draft.at = close + 2;
  } else {
    return push(draft, 'comment', '/*');
  }
  draft.spaced = true;
}

function skipped(draft: Draft): void {
  draft.at += 1;
  draft.spaced = true;
}

function operator(draft: Draft, unit: string): void {
  const { text, at } = draft;
  // An escape that was not decoded here is read in the view where it was.
  if (unit === '%' && ESCAPE.test(text.slice(at, at + 3))) {
    draft.at += 2;
    return skipped(draft);
  }
  if (unit === '+' && JOINED.test(text.slice(at - 1, at + 2))) return skipped(draft);
  if (unit === '&' || unit === '?') {
    const name = matchAt(NAME, text, at + 1);
    if (name !== undefined) return edge(draft, 1 + name.length);
  }
  if (draft.shape === 'xml' && (unit === '<' || unit === '>')) return edge(draft, 1);
  if (unit === '-' && text.startsWith('--', at)) return push(draft, 'comment', matchAt(/-{2,}/y, text, at) ?? '--');
  if (unit === '/' && text.startsWith('/*', at)) return slashStar(draft);
  if (unit === '*' && text.startsWith('*/', at)) {
    draft.at += 1;
    return skipped(draft);
  }
  const found = matchAt(SIGNS, text, at);
  push(draft, found === undefined ? 'other' : 'sign', found ?? unit);
}

function next(draft: Draft): void {
  const { text, at, tokens } = draft;
  const unit = text.charAt(at);
  const space = matchAt(SPACE, text, at);
  if (space !== undefined) {
    if (space.includes('\0')) push(draft, 'comment', '\0');
    else draft.at += space.length;
    draft.spaced = true;
    return;
  }
  const word = matchAt(WORD, text, at);
  if (word !== undefined) return push(draft, 'word', word);
  const number = matchAt(NUMBER, text, at);
  if (number !== undefined) return push(draft, 'number', number);
  switch (unit) {
    case "'": case '"': case '`': return quote(draft, unit);
    case '(': return push(draft, 'open', unit);
    case ')': return push(draft, 'close', unit);
    case ',': return push(draft, 'comma', unit);
    case '#': return /^#(?:>|-(?!-))/.test(text.slice(at, at + 3)) ? operator(draft, unit) : push(draft, 'comment', unit);
    case ';': {
      const name = matchAt(COOKIE_NAME, text, at + 1);
      return name === undefined ? push(draft, 'semicolon', unit) : edge(draft, 1 + name.length);
    }
    case '@': {
      if (/^@[>?]/.test(text.slice(at, at + 2))) return operator(draft, unit);
      const beside = !draft.spaced && tokens.at(-1)?.kind === 'word';
      const variable = matchAt(VARIABLE, text, at) ?? unit;
      return push(draft, beside && !variable.startsWith('@@') ? 'other' : 'variable', variable);
    }
    case '\\': return /[nN]/.test(text.charAt(at + 1)) ? push(draft, 'number', text.slice(at, at + 2)) : ignored(draft);
    default: return operator(draft, unit);
  }
}

/** A backslash before what it escapes. */
function ignored(draft: Draft): void {
  draft.at += 1;
}

/** Reads units `from` to `end`. */
export function readSql(text: string, from: number, end: number): SqlReading {
  const first = text.trimStart().charAt(0);
  const shape: Shape = first === '{' || first === '[' ? 'json' : first === '<' ? 'xml' : 'plain';
  const draft: Draft = { text, end, shape, tokens: [], versioned: [], at: from, spaced: false, value: undefined };
  if (from === 0) edge(draft, matchAt(NAME, text, 0)?.length ?? 0);
  else push(draft, 'cut', '');
  while (draft.at < end) next(draft);
  if (draft.at >= text.length) edge(draft, 0);
  else push(draft, 'cut', '');
  return draft;
}
