import { argumentsAt, contextBefore, endsExpression } from './sql-context.ts';
import { conditionAt, findToken, isEnd, isWord, operandAt } from './sql-expression.ts';
import { FUNCTIONS, OBJECTS, PROSE, SCHEMA_NAMES, TABLES, TELLING_FUNCTIONS } from './sql-words.ts';
import type { SqlToken } from './sql-tokens.ts';

type Tokens = readonly SqlToken[];

const SELECT_OPTIONS = /^(?:distinct|distinctrow|all|top|unique|straight_join|high_priority|sql_(?:no_|small_|big_|buffer_)?\w+)$/;
const AFTER_TABLE = /^(?:where|limit|order|group|union|having|join|left|inner|as|for|into|procedure|offset|natural|using|cross)$/;
const MOST_COLUMNS = 64;

interface SelectList {
  /** Index behind it. */
  readonly next: number;
  readonly columns: number;
  /** Something in it is no word of prose. */
  readonly told: boolean;
  /** Its first column is a number. */
  readonly numbered: boolean;
}

function selectList(tokens: Tokens, from: number): SelectList {
  let at = from;
  let told = false;
  while (SELECT_OPTIONS.test(tokens[at]?.text ?? '')) at += tokens[at]?.text === 'top' && tokens[at + 1]?.kind === 'number' ? 2 : 1;
  const numbered = tokens[at]?.kind === 'number';
  for (let columns = 1; columns <= MOST_COLUMNS; columns++) {
    const star = tokens[at]?.text === '*' && tokens[at + 1]?.kind !== 'number';
    const operand = star ? { kind: 'literal' as const, next: at + 1 } : operandAt(tokens, at);
    if (operand === undefined) return { next: at, columns: columns - 1, told, numbered };
    const prose = operand.kind === 'call' && tokens[at]?.kind === 'word' && !isCallOfSql(tokens, at);
    told ||= (operand.kind !== 'name' && !prose && !(columns === 1 && numbered)) || /[_.]/.test(tokens[at]?.text ?? '');
    at = operand.next;
    if (isWord(tokens[at], 'as')) at += 2;
    if (tokens[at]?.kind !== 'comma') return { next: at, columns, told, numbered };
    at++;
  }
  return { next: at, columns: MOST_COLUMNS, told, numbered };
}

function isCallOfSql(tokens: Tokens, at: number): boolean {
  const text = tokens[at]?.text ?? '';
  return text === 'case' || FUNCTIONS.has(text) || TELLING_FUNCTIONS.has(text) || tokens[at + 1]?.text === '.';
}

interface Table {
  readonly next: number;
  /** By its name a table, or a query of its own. */
  readonly told: boolean;
}

function tableAt(tokens: Tokens, from: number): Table | undefined {
  const token = tokens[from];
  if (token?.kind === 'quote' && tokens[from + 2]?.kind === 'quote') return { next: from + 3, told: true };
  if (token?.kind === 'open' || token?.kind === 'quote' || token?.kind === 'variable') return { next: from + 1, told: true };
  if (token?.text === '[' && tokens[from + 2]?.text === ']') return { next: from + 3, told: true };
  if (token?.kind !== 'word' || PROSE.has(token.text)) return undefined;
  const dotted = tokens[from + 1]?.text === '.' && tokens[from + 2]?.kind === 'word' && !tokens[from + 2]?.spaced;
  return { next: dotted ? from + 3 : from + 1, told: dotted || TABLES.has(token.text) || /[_$]/.test(token.text) || SCHEMA_NAMES.has(token.text) };
}

function endsTable(tokens: Tokens, at: number): boolean {
  const token = tokens[at];
  return isEnd(token) || token?.kind === 'comment' || token?.kind === 'semicolon' || token?.kind === 'close' || token?.kind === 'comma' || token?.kind === 'quote' || token?.kind === 'sign' || AFTER_TABLE.test(token?.text ?? '');
}

/** A query at `select`, told from "select a size from the list". */
export function selectAt(tokens: Tokens, at: number): number | undefined {
  const context = contextBefore(tokens, at);
  const list = selectList(tokens, at + 1);
  const within = tokens[at - 1]?.kind === 'open';
  if (context === 'word' && !(within && list.told)) return undefined;
  if (context === 'broken' && !within) return at + 1;
  const table = isWord(tokens[list.next], 'from') ? tableAt(tokens, list.next + 1) : undefined;
  const told = list.told || list.columns > 1;
  if (table !== undefined) {
    if (table.told && (told || endsTable(tokens, table.next))) return table.next;
    if (context === 'edge' && !within) return told && endsTable(tokens, table.next) ? table.next : undefined;
    return endsTable(tokens, table.next) || told ? table.next : undefined;
  }
  if (list.columns === 0) return within && isEnd(tokens[list.next]) ? list.next : undefined;
  if (context === 'edge') return list.told && endsExpression(tokens, list.next) && !(list.columns === 1 && tokens[at + 1]?.kind === 'quote') ? list.next : undefined;
  return (list.told || list.numbered) && endsExpression(tokens, list.next) ? list.next : undefined;
}

/** `union [all] select …`, told from a student union's select committee. */
export function unionAt(tokens: Tokens, at: number): number | undefined {
  const prose = contextBefore(tokens, at) === 'word' && tokens[at - 1]?.kind === 'word';
  let i = at + 1;
  for (; i < at + 12; i++) {
    const token = tokens[i];
    if (!(token?.kind === 'open' || token?.kind === 'comment' || token?.kind === 'sign' || token?.kind === 'quote' || /^(?:all|distinct|distinctrow|unique)$/.test(token?.text ?? ''))) break;
  }
  if (!isWord(tokens[i], 'select') && !isWord(tokens[i], 'values')) return !prose && i > at + 1 && isEnd(tokens[i]) && tokens[i - 1]?.kind === 'word' ? i : undefined;
  if (i > at + 1 && tokens[i - 1]?.text === 'all') return i + 1;
  const list = selectList(tokens, i + 1);
  if (list.told || list.columns > 1 || list.numbered) return list.next;
  if (list.columns === 0) return !prose || tokens[i + 1]?.kind === 'sign' || tokens[i + 1]?.kind === 'comment' ? list.next + 1 : undefined;
  if (isWord(tokens[list.next], 'from')) return tableAt(tokens, list.next + 1)?.next ?? (!prose && isEnd(tokens[list.next + 1]) ? list.next + 1 : undefined);
  if (prose) return tokens[list.next]?.kind === 'comment' || tokens[list.next]?.kind === 'semicolon' ? list.next : undefined;
  return endsExpression(tokens, list.next) ? list.next : undefined;
}

const AFTER_OBJECT = /^(?:if|cascade|add|modify|drop|rename|identified|as|engine|with|from|for|like|set|alter|change|returns|on|owner|where)$/;

function definition(tokens: Tokens, at: number): number | undefined {
  const verb = tokens[at]?.text;
  let i = at + 1;
  while (/^(?:or|replace|temporary|temp|unique|public|global|if|exists|not|external|materialized|trusted)$/.test(tokens[i]?.text ?? '')) i++;
  if (!OBJECTS.has(tokens[i]?.text ?? '')) return undefined;
  i++;
  while (/^(?:if|exists|not)$/.test(tokens[i]?.text ?? '')) i++;
  const name = tokens[i];
  if ((name?.kind !== 'word' || PROSE.has(name.text)) && name?.kind !== 'quote' && name?.kind !== 'variable') return undefined;
  i++;
  while (tokens[i]?.text === '.' || (tokens[i - 1]?.text === '.' && tokens[i]?.kind === 'word')) i++;
  if (name.kind === 'quote') return i;
  const after = tokens[i];
  if (after?.kind === 'open' || after?.kind === 'comment' || after?.kind === 'semicolon' || after?.kind === 'comma' || after?.kind === 'quote' || AFTER_OBJECT.test(after?.text ?? '')) return i;
  return (verb === 'drop' || verb === 'truncate') && (isEnd(after) || after?.kind === 'close') ? i : undefined;
}

function insertion(tokens: Tokens, at: number): number | undefined {
  const into = isWord(tokens[at + 1], 'into') ? 2 : 1;
  const table = tableAt(tokens, at + into);
  if (table === undefined) return undefined;
  const after = tokens[table.next];
  return (after?.kind === 'open' && into === 2) || /^(?:values?|select|set|default)$/.test(after?.text ?? '') || (into === 2 && table.told) ? table.next : undefined;
}

function deletion(tokens: Tokens, at: number): number | undefined {
  const table = isWord(tokens[at + 1], 'from') ? tableAt(tokens, at + 2) : undefined;
  if (table === undefined) return undefined;
  const after = tokens[table.next];
  return after?.kind === 'comment' || after?.kind === 'semicolon' || /^(?:where|limit|using|returning)$/.test(after?.text ?? '') || (table.told && endsTable(tokens, table.next)) ? table.next : undefined;
}

function change(tokens: Tokens, at: number): number | undefined {
  const table = tableAt(tokens, at + 1);
  if (table === undefined || !isWord(tokens[table.next], 'set')) return undefined;
  return conditionAt(tokens, table.next + 1)?.next ?? (tokens[table.next + 2]?.text === '=' || table.told ? table.next + 1 : undefined);
}

function execution(tokens: Tokens, at: number): number | undefined {
  const target = tokens[at + 1];
  if (target?.kind === 'variable' || target?.kind === 'open' || target?.kind === 'quote') return at + 2;
  if (target?.kind !== 'word') return undefined;
  const dotted = tokens[at + 2]?.text === '.' || /^(?:xp|sp)_|^(?:immediate|master|msdb)$/.test(target.text) || SCHEMA_NAMES.has(target.text);
  return dotted ? at + 2 : undefined;
}

/** What may follow the verbs that need no parsing to be told. */
const FOLLOWED: Readonly<Record<string, (tokens: Tokens, next: number) => boolean>> = {
  declare: (tokens, i) => tokens[i]?.kind === 'variable' || /^(?:cursor|int|varchar|char|number)$/.test(tokens[i + 1]?.text ?? ''),
  shutdown: (tokens, i) => isEnd(tokens[i]) || tokens[i]?.kind === 'comment' || isWord(tokens[i], 'with') || tokens[i]?.kind === 'semicolon',
  waitfor: (tokens, i) => /^(?:delay|time)$/.test(tokens[i]?.text ?? '') && tokens[i + 1]?.kind !== 'word',
  if: (tokens, i) => {
    const condition = conditionAt(tokens, i);
    return condition !== undefined && condition.left.kind !== 'name' && condition.right.kind !== 'name';
  },
  begin: (tokens, i) => /^(?:dbms_\w+|utl_\w+|declare|execute|exec|user_lock|waitfor|select|try|tran|transaction)$/.test(tokens[i]?.text ?? ''),
  set: (tokens, i) => tokens[i]?.kind === 'variable' || /^(?:global|session|names|password|sql_mode)$/.test(tokens[i]?.text ?? ''),
  call: (tokens, i) => tokens[i]?.kind === 'word' && (tokens[i + 1]?.kind === 'open' || tokens[i + 1]?.text === '.'),
  copy: (tokens, i) => tokens[i]?.kind === 'open' || (/^(?:from|to)$/.test(tokens[i + 1]?.text ?? '') && (tokens[i + 2]?.kind !== 'word' || isWord(tokens[i + 2], 'program'))),
  load: (tokens, i) => /^(?:data|xml)$/.test(tokens[i]?.text ?? '') && /^(?:infile|local|low_priority|concurrent)$/.test(tokens[i + 1]?.text ?? ''),
  handler: (tokens, i) => /^(?:open|read)$/.test(tokens[i + 1]?.text ?? ''),
  prepare: (tokens, i) => isWord(tokens[i + 1], 'from'),
  grant: (tokens, i) => /^(?:all|select|insert|update|delete|dba|execute|create|connect|file)$/.test(tokens[i]?.text ?? ''),
  revoke: (tokens, i) => /^(?:all|select|insert|update|delete|dba|execute|create|connect)$/.test(tokens[i]?.text ?? ''),
  attach: (tokens, i) => isWord(tokens[i], 'database'),
  rename: (tokens, i) => isWord(tokens[i], 'table'),
  merge: (tokens, i) => isWord(tokens[i], 'into') && tokens[i + 1]?.kind === 'word' && isWord(tokens[i + 2], 'using'),
  vacuum: (tokens, i) => isWord(tokens[i], 'into'),
  do: (tokens, i) => tokens[i]?.text.startsWith('$$') === true || (tokens[i + 1]?.kind === 'open' && isCallOfSql(tokens, i)),
  print: (tokens, i) => tokens[i]?.kind === 'variable',
  truncate: (tokens, i) => tokens[i]?.kind === 'word' && !PROSE.has(tokens[i].text) && tokens[i + 1]?.kind === 'semicolon',
  use: (tokens, i) => tokens[i]?.kind === 'word' && (tokens[i + 1]?.kind === 'semicolon' || tokens[i + 1]?.kind === 'comment'),
};

/** Behind a quote and a semicolon no prose goes on with these. */
const VERBS = /^(?:select|insert|update|delete|drop|alter|create|truncate|exec|execute|declare|waitfor|shutdown)$/;

/** A statement whose first word stands at `at`; index behind what told it. */
export function statementAt(tokens: Tokens, at: number): number | undefined {
  const verb = tokens[at]?.text ?? '';
  if (VERBS.test(verb) && tokens[at - 1]?.kind === 'semicolon' && tokens[at - 2]?.breaks === true) return at + 1;
  switch (verb) {
    case 'drop': case 'alter': case 'create': case 'truncate':
      return definition(tokens, at) ?? (verb === 'truncate' && FOLLOWED['truncate']?.(tokens, at + 1) === true ? at + 2 : undefined);
    case 'insert': case 'replace':
      return insertion(tokens, at);
    case 'delete':
      return deletion(tokens, at);
    case 'update':
      return change(tokens, at);
    case 'exec': case 'execute':
      return execution(tokens, at);
    default:
      return tokens[at]?.kind === 'word' && Object.hasOwn(FOLLOWED, verb) && FOLLOWED[verb]?.(tokens, at + 1) === true ? at + 2 : undefined;
  }
}

/** `order by 3--`, `group by x having …`, `limit 1,1 into …` behind a value that was ended. */
export function clauseAt(tokens: Tokens, at: number): number | undefined {
  const { text } = tokens[at] ?? {};
  const context = contextBefore(tokens, at);
  const after = context === 'broken' || context === 'numeric' || (tokens[at - 1]?.kind === 'close' && context !== 'word' && context !== 'string');
  if (text === 'into' && /^(?:out|dump)file$/.test(tokens[at + 1]?.text ?? '')) return tokens[at + 2]?.kind !== 'word' || tokens[at + 3]?.kind === 'open' ? at + 2 : undefined;
  if (text === 'procedure') return /^analy[sz]e$/.test(tokens[at + 1]?.text ?? '') ? at + 2 : undefined;
  if (text === 'limit') {
    const bound = operandAt(tokens, at + 1);
    return after && bound?.kind === 'literal' && (endsExpression(tokens, bound.next) || isWord(tokens[bound.next], 'procedure')) ? bound.next : undefined;
  }
  if (text === 'as') {
    const named = tokens[at + 1]?.kind === 'quote' ? operandAt(tokens, at + 1)?.next : at + 2;
    if (named === undefined || !isWord(tokens[named], 'from') || context === 'word' || context === 'edge') return undefined;
    return context === 'numeric' || tokens[at + 1]?.kind === 'quote' || isEnd(tokens[named + 1]) ? named + 1 : undefined;
  }
  if (!isWord(tokens[at + 1], 'by')) return undefined;
  const column = operandAt(tokens, at + 2);
  if (column === undefined) return undefined;
  const next = /^(?:asc|desc)$/.test(tokens[column.next]?.text ?? '') ? column.next + 1 : column.next;
  // "#1 order by phone" and "group by colour (new) --" are searches.
  if (column.kind === 'name' && context === 'numeric') return /^(?:comment|semicolon|close)$/.test(tokens[next]?.kind ?? '') || isWord(tokens[next], 'having') ? next : undefined;
  if (tokens[at + 2]?.kind === 'word' && tokens[at + 3]?.kind === 'open' && tokens[at + 3]?.spaced === true) return undefined;
  if (after) return endsExpression(tokens, next) ? next : undefined;
  const cut = tokens[next]?.kind === 'semicolon' ? next + 1 : next;
  return context === 'edge' && column.kind !== 'name' && tokens[cut]?.kind === 'comment' ? next : undefined;
}

/** `case when … then`. */
export function caseAt(tokens: Tokens, at: number): number | undefined {
  const when = findToken(tokens, at + 1, 9, (token) => token.text === 'when');
  const operand = when === undefined ? undefined : operandAt(tokens, when + 1);
  if (operand === undefined || (operand.kind === 'name' && contextBefore(tokens, at) === 'word')) return undefined;
  const then = findToken(tokens, operand.next, operand.kind === 'name' ? 3 : 24, (token) => token.text === 'then');
  return then === undefined ? undefined : then + 1;
}

const TYPES = /^(?:int\d?|integer|bigint|smallint|text|varchar|char|jsonb?|numeric|decimal|float\d?|double|real|date|timestamp|bool|boolean|regclass|bytea|xml|uuid)$/;

/** PostgreSQL's `value::type`. */
export function castAt(tokens: Tokens, at: number): number | undefined {
  const type = tokens[at + 1];
  return type?.kind === 'word' && TYPES.test(type.text) && !type.spaced && tokens[at]?.spaced === false && tokens[at + 2]?.kind !== 'open' && tokens[at + 2]?.text !== '::' ? at + 2 : undefined;
}

/** A call of one of SQL's functions, where no prose and no other language would have it. */
export function functionAt(tokens: Tokens, at: number): number | undefined {
  const name = tokens[at]?.text ?? '';
  const open = tokens[at + 1];
  if (open?.kind !== 'open' || !(TELLING_FUNCTIONS.has(name) || FUNCTIONS.has(name))) return undefined;
  const context = contextBefore(tokens, at);
  const given = argumentsAt(tokens, at + 1);
  if (given.kind === 'prose') return undefined;
  if (TELLING_FUNCTIONS.has(name)) {
    const meant = context === 'word' ? !open.spaced && given.kind === 'values' : !open.spaced || given.kind !== 'names';
    return meant ? at + 2 : undefined;
  }
  if (context !== 'edge' && context !== 'numeric' && !isWord(tokens[at - 1], 'select')) return undefined;
  if (given.kind === 'values' || given.kind === 'cut') return at + 2;
  if (given.kind === 'numbers') return given.count > 1 || /^(?:n?char|chr|ord|hex|ascii|bin|oct|exp|ln|log2|log10|sqrt|space|sleep|sin|cos|tan|a(?:sin|cos|tan2?)|degrees|radians)$/.test(name) ? at + 2 : undefined;
  return given.kind === 'empty' && !open.spaced && /^(?:version|user|database|schema|now|rand|pi|sysdate|uuid|changes|current_user|unix_timestamp|localtime)$/.test(name) ? at + 2 : undefined;
}
