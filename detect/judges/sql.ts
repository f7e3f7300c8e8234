import type { Span, Validator } from '../validators/span.ts';
import { commentBehind, conditionBehind, conditionWhole, numberCompared, operatorBehind } from './sql-conditions.ts';
import { argumentsAt, contextBefore } from './sql-context.ts';
import { isEnd } from './sql-expression.ts';
import { caseAt, castAt, clauseAt, functionAt, selectAt, statementAt, unionAt } from './sql-statements.ts';
import { readSql } from './sql-tokens.ts';
import type { SqlReading, SqlToken } from './sql-tokens.ts';
import { CONDITION_HEADS, SCHEMA_NAMES } from './sql-words.ts';

/** What told that a text is meant to be run as SQL. */
export type SqlTrick = 'boolean' | 'clause' | 'comment' | 'function' | 'operator' | 'probe' | 'query' | 'schema' | 'stacked' | 'time' | 'union' | 'versioned';

export interface SqlFinding extends Span {
  readonly trick: SqlTrick;
}

type Tokens = readonly SqlToken[];
type Report = (trick: SqlTrick, next: number | undefined) => void;

const VARIABLES = /^@@(?:version|hostname|datadir|basedir|servername|global|session|tmpdir|language|plugin_dir|secure_file_priv|spid|dbts|max_|microsoft|innodb|identity|rowcount|version_|tmp|port|socket|log)/;
/** Words right before the name of a table or a procedure. */
const READS = /^(?:from|join|into|exec|execute|table|update|call|begin|select|where|union)$/;
const WAITING = /^(?:sleep|pg_sleep|pg_sleep_for|benchmark|receive_message|randomblob|heavy)$/;

function schemaAt(tokens: Tokens, at: number): number | undefined {
  const { text = '', kind } = tokens[at] ?? {};
  if (kind === 'variable') return VARIABLES.test(text) ? at + 1 : undefined;
  const dotted = tokens[at + 1]?.text === '.' || tokens[at + 2]?.text === '.';
  const whole = dotted ? `${text}.${tokens[at + 2]?.text ?? ''}` : text;
  if (!SCHEMA_NAMES.has(text) && !SCHEMA_NAMES.has(whole)) return undefined;
  const before = contextBefore(tokens, at);
  const next = tokens[at + 1];
  if (before === 'word' || (tokens[at - 1]?.kind === 'word' && !READS.test(tokens[at - 1]?.text ?? ''))) return SCHEMA_NAMES.has(text) && (next?.kind === 'quote' || (next?.text === '.' && tokens[at + 2]?.kind === 'word')) ? at + 2 : undefined;
  return before !== 'edge' || next?.kind === 'open' || dotted || next?.kind === 'quote' || (isEnd(next) && isEnd(tokens[at - 1])) ? at + 1 : undefined;
}

function timeAt(tokens: Tokens, at: number): number | undefined {
  const { text = '' } = tokens[at] ?? {};
  if (text === 'waitfor') return /^(?:delay|time)$/.test(tokens[at + 1]?.text ?? '') && tokens[at + 2]?.kind !== 'word' ? at + 2 : undefined;
  if (!WAITING.test(text) || tokens[at + 1]?.kind !== 'open') return undefined;
  const called = functionAt(tokens, at);
  if (called !== undefined) return called;
  const context = contextBefore(tokens, at);
  if (text === 'sleep' && argumentsAt(tokens, at + 1).kind === 'prose') return undefined;
  return context !== 'word' && (tokens[at + 2]?.kind === 'number' || tokens[at + 2]?.kind === 'open' || tokens[at + 2]?.kind === 'quote' || tokens[at + 2]?.text === 'if' || tokens[at + 2]?.text === 'select' || isEnd(tokens[at + 2])) ? at + 2 : undefined;
}

const TELLING_VERBS = /^(?:drop|alter|create|truncate|insert|delete|update|exec|execute|declare|waitfor|shutdown|replace)$/;

function startsStatement(tokens: Tokens, at: number): boolean {
  const before = tokens[at - 1];
  switch (before?.kind) {
    case 'edge': case 'semicolon': case 'comment':
      return true;
    case 'quote': case 'close': case 'number':
      return TELLING_VERBS.test(tokens[at]?.text ?? '') && contextBefore(tokens, at) !== 'word' && contextBefore(tokens, at) !== 'sql';
    case 'word':
      return /^(?:begin|then|else|do|as)$/.test(before.text);
    default:
      return false;
  }
}

function wordTricks(tokens: Tokens, at: number, report: Report): void {
  const text = tokens[at]?.text ?? '';
  if (CONDITION_HEADS.has(text)) report('boolean', conditionBehind(tokens, at));
  switch (text) {
    case 'union': report('union', unionAt(tokens, at)); break;
    case 'select': report('query', selectAt(tokens, at)); break;
    case 'case': report('function', caseAt(tokens, at)); break;
    case 'order': case 'group': case 'limit': case 'into': case 'procedure': case 'as': report('clause', clauseAt(tokens, at)); break;
    default: report('boolean', numberCompared(tokens, at));
  }
  report('time', timeAt(tokens, at));
  report('schema', schemaAt(tokens, at));
  if (tokens[at + 1]?.kind === 'open') report('function', functionAt(tokens, at));
  if (startsStatement(tokens, at)) report(tokens[at - 1]?.kind === 'edge' ? 'query' : 'stacked', statementAt(tokens, at));
}

/** A value that is nothing but quotes and what closes a query, or ends with a word so closed: somebody tries whether it breaks. */
function probeAt(tokens: Tokens, at: number): number | undefined {
  if (tokens[at]?.breaks === true && tokens[at - 1]?.kind === 'word' && tokens[at + 1]?.kind === 'semicolon' && isEnd(tokens[at + 2])) return at + 2;
  if (!isEnd(tokens[at - 1])) return undefined;
  let i = at;
  while (i < at + 8 && /^['"`();\\,]$/.test(tokens[i]?.text ?? '')) i++;
  return isEnd(tokens[i]) && tokens.slice(at, i).some((token) => token.text === "'") ? i : undefined;
}

function tricksAt(tokens: Tokens, at: number, report: Report): void {
  const token = tokens[at];
  if (at > 0 && isEnd(tokens[at - 1]) && !isEnd(token)) report('boolean', conditionWhole(tokens, at));
  switch (token?.kind) {
    case 'word':
      return wordTricks(tokens, at, report);
    case 'quote':
      report('operator', operatorBehind(tokens, at));
      report('comment', commentBehind(tokens, at));
      return report('probe', probeAt(tokens, at));
    case 'number':
      return report('comment', commentBehind(tokens, at));
    case 'variable':
      return report('schema', schemaAt(tokens, at));
    case 'sign':
      if (token.text === '::') report('function', castAt(tokens, at));
      if (CONDITION_HEADS.has(token.text)) report('boolean', conditionBehind(tokens, at));
      return;
    default:
  }
}

/** Everything in a reading that tells SQL. */
export function sqlFindings({ tokens, versioned }: SqlReading): readonly SqlFinding[] {
  const found: SqlFinding[] = versioned.map((start) => ({ trick: 'versioned', start, end: start + 3 }));
  for (const [at, { start }] of tokens.entries()) {
    tricksAt(tokens, at, (trick, next) => {
      if (next !== undefined) found.push({ trick, start, end: tokens[Math.max(next, at + 1) - 1]?.end ?? start });
    });
  }
  return found;
}

/** Text is read in blocks, each with its neighbours, so that a long one costs no more than three times its length. */
const BLOCK_UNITS = 512;

/** A line has at most so many views, and each signature looks at them in turn. */
const MOST_TEXTS = 12;

interface Judged {
  readonly text: string;
  /** By the number of the block. */
  readonly blocks: Map<number, readonly SqlFinding[]>;
}

const judged: Judged[] = [];
let oldest = 0;

/** Remembers the texts judged last: it changes what an answer costs, never the answer. */
function judgedText(text: string): Judged {
  const known = judged.find((one) => one.text === text);
  if (known !== undefined) return known;
  const fresh = { text, blocks: new Map() };
  judged[oldest] = fresh;
  oldest = (oldest + 1) % MOST_TEXTS;
  return fresh;
}

function findingsAround(text: string, at: number): readonly SqlFinding[] {
  const { blocks } = judgedText(text);
  const block = Math.floor(at / BLOCK_UNITS);
  let findings = blocks.get(block);
  if (findings === undefined) {
    const from = Math.max(0, (block - 1) * BLOCK_UNITS);
    findings = sqlFindings(readSql(text, from, Math.min(text.length, (block + 2) * BLOCK_UNITS)));
    blocks.set(block, findings);
  }
  return findings;
}

/** A log that quotes the query which failed: it is SQL, whoever sent it; only waiting is never a plugin's own. */
const QUOTED_QUERY = /\bdatabase error\b|\bfor query\b|\bsql syntax\b|\bquery failed\b|\bsqlstate\b/i;

function judgeOf(tricks: readonly SqlTrick[]): Validator {
  const always = tricks.includes('time');
  return (text, span, field) => {
    if (!always && field === 'message' && QUOTED_QUERY.test(text)) return undefined;
    return findingsAround(text, span.start).some(({ trick, start, end }) => tricks.includes(trick) && start < span.end && end > span.start) ? span : undefined;
  };
}

/** By the name a signature gives: accepts a place where one of these tricks stands. */
export const SQL_JUDGES: Readonly<Record<string, Validator>> = {
  'sql-boolean': judgeOf(['boolean', 'operator']),
  'sql-clause': judgeOf(['clause']),
  'sql-comment': judgeOf(['comment']),
  'sql-function': judgeOf(['function']),
  'sql-operator': judgeOf(['operator', 'boolean']),
  'sql-probe': judgeOf(['probe']),
  'sql-query': judgeOf(['query', 'stacked']),
  'sql-schema': judgeOf(['schema']),
  'sql-stacked': judgeOf(['stacked']),
  'sql-time': judgeOf(['time']),
  'sql-union': judgeOf(['union']),
};
