/** What may be kept of a query: never a value. */
export interface SqlShape {
  /** The statement with `?` for every literal and without comments, in at most 2,000 characters. */
  readonly text: string;
  /** First word, upper case; empty when there is none. */
  readonly verb: string;
  /** Tables behind FROM, JOIN, INTO, UPDATE and TABLE, in order, without the database. */
  readonly tables: readonly string[];
  /** A SELECT that neither names rows (WHERE, LIMIT, HAVING; `1 = 1` names none) nor only counts: everything in the tables was read. */
  readonly readsAll: boolean;
}

const MOST_CHARS = 2_000;
const MOST_TABLES = 16;

/**
 * The tokens of SQL that matter here, tried in this order at each place. Executable comments (`/*!40001 SQL_NO_CACHE … `)
 * are code: their delimiters are tokens of their own. What was cut off in the middle of a literal or comment is taken as one.
 */
const TOKEN = new RegExp([
  String.raw`(?<space>\s+)`,
  String.raw`(?<comment>--(?=\s|$)[^\n]*|#[^\n]*|/\*(?!M?!)(?:[^*]|\*(?!/))*(?:\*/)?)`,
  String.raw`(?<open>/\*M?![0-9]{0,6})`,
  String.raw`(?<close>\*/)`,
  String.raw`(?<literal>(?:[xXbBnN]|_[a-z0-9]{1,32}\s?)?(?:'(?:[^'\\]|\\(?:[^]|$)|'')*(?:'|$)|"(?:[^"\\]|\\(?:[^]|$)|"")*(?:"|$))|\*{5}|0[xX][0-9a-fA-F]+|0b[01]+|[0-9][0-9.]*(?:[eE][+-]?[0-9]+)?)`,
  String.raw`(?<name>\x60(?:[^\x60]|\x60\x60)*(?:\x60|$))`,
  String.raw`(?<word>[A-Za-z_@$\u0080-\uffff][\w$@\u0080-\uffff]*)`,
  String.raw`(?<sign>[^])`,
].join('|'), 'gu');

const BEFORE_TABLE = /^(?:FROM|JOIN|INTO|UPDATE|TABLE|TABLES|DESCRIBE)$/;
const NOT_A_TABLE = /^(?:SELECT|OUTFILE|DUMPFILE|IF|NOT|EXISTS|IGNORE|LOW_PRIORITY|DELAYED|ONLY|STATUS|DUAL)$/;
const PLAIN_NAME = /^[\w$-]{1,64}$/u;

export function sqlShape(sql: string): SqlShape {
  const parts: string[] = [];
  let chars = 0;
  for (const { groups } of sql.matchAll(TOKEN)) {
    const part = partOf(groups ?? {}, parts);
    if (part === undefined) continue;
    parts.push(part);
    chars += part.length + 1;
    if (chars > MOST_CHARS) break;
  }
  const verb = parts.find((part) => /^[A-Za-z]/.test(part))?.toUpperCase() ?? '';
  return { text: textOf(parts), verb, tables: tablesOf(parts), readsAll: readsAll(verb, parts) };
}

/** undefined for what is left out: blanks, comments, and lists of literals beyond their first. */
function partOf(token: Readonly<Record<string, string | undefined>>, before: readonly string[]): string | undefined {
  if (token['space'] !== undefined || token['comment'] !== undefined) return undefined;
  if (token['literal'] !== undefined) return before.at(-1) === ',' && (before.at(-2) === '?' || before.at(-2) === '') ? '' : '?';
  const name = token['name'];
  // A name that no table or column has may be anything that was typed.
  if (name !== undefined) return PLAIN_NAME.test(name.replaceAll('`', '')) ? name : '?';
  const word = token['word'];
  return word === undefined ? token['open'] ?? token['close'] ?? token['sign'] : word.length > 64 ? '?' : word;
}

function textOf(parts: readonly string[]): string {
  const kept: string[] = [];
  for (const part of parts) {
    // `?, ?, ?` is one `?`: how many values there were is not the query's shape.
    if (part === '') kept.pop();
    else kept.push(part);
  }
  return kept.join(' ').replace(/ ?([.]) ?/g, '$1').replace(/\( /g, '(').replace(/ ([,)(])/g, '$1').replace(/(?:, ?\(\?\))+/g, '').replace(/,$/, '').slice(0, MOST_CHARS);
}

function tablesOf(parts: readonly string[]): readonly string[] {
  const tables = new Set<string>();
  for (let i = 0; i < parts.length; i++) {
    if (!BEFORE_TABLE.test(parts[i]?.toUpperCase() ?? '')) continue;
    for (let at = i + 1; at < parts.length; ) {
      const [name, next] = nameAt(parts, at);
      if (name === undefined) break;
      tables.add(name);
      if (tables.size >= MOST_TABLES) return [...tables];
      if (parts[next] !== ',') break;
      at = next + 1;
    }
  }
  return [...tables];
}

/** `a`, `a`.`b` or a.b: the last name of it, and where the rest begins. */
function nameAt(parts: readonly string[], from: number): readonly [name: string | undefined, next: number] {
  let name: string | undefined;
  let at = from;
  for (;;) {
    const bare = (parts[at] ?? '').replaceAll('`', '');
    if (!PLAIN_NAME.test(bare) || (name === undefined && NOT_A_TABLE.test(bare.toUpperCase()))) return [name, at];
    name = bare;
    at += 1;
    if (parts[at] !== '.') return [name, at];
    at += 1;
  }
}

const COUNTS = /^SELECT (?:COUNT|MAX|MIN|SUM)\([^()]*\)(?: (?:AS )?\S+)? FROM /i;

/** Compared are two literals: of all conditions, or of one that suffices. */
const ALWAYS_TRUE = /\bOR \(?\? = \?|\bWHERE \? = \?(?= (?:ORDER|GROUP|INTO)\b|$)/i;

function readsAll(verb: string, parts: readonly string[]): boolean {
  if (verb !== 'SELECT') return false;
  const words = new Set(parts.map((part) => part.toUpperCase()));
  if (!words.has('FROM') || words.has('LIMIT') || words.has('HAVING')) return false;
  const text = textOf(parts);
  return (!words.has('WHERE') || ALWAYS_TRUE.test(text)) && !COUNTS.test(text);
}
