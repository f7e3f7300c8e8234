import { accessRefusal, readonlyRefusal } from './server-exception.ts';
import { hasWords } from './statement.ts';

export type User = 'reader' | 'writer' | 'redactor' | 'retention';

/** The one database; `default` of a client means it too. */
export const DATABASE = 'tourniquet';

/** What the engine knows by name, read once at start. */
export interface Functions {
  /** Scalar functions that compute from their arguments only, lower case, aliases included. */
  readonly harmless: ReadonlySet<string>;
  readonly aggregates: readonly string[];
  /** Every other scalar function, lower case. */
  readonly reaching: ReadonlySet<string>;
}

/** Root nodes of `EXPLAIN AST` that are reads. */
const READS = new Set(['SelectWithUnionQuery', 'SelectQuery', 'Explain', 'DescribeQuery', 'ShowTables', 'ShowColumns', 'ShowIndexes', 'ShowFunctions', 'ShowCreateTableQuery', 'ShowCreateDatabaseQuery', 'ShowEngineQuery', 'ExistsTableQuery', 'ExistsDatabaseQuery']);

/** Nodes whose meaning is known. `APPLY` is missing on purpose: its node does not name the function. */
const NODES = new Set([
  ...READS, 'InsertQuery', 'ExpressionList', 'SelectIntersectExceptQuery', 'Asterisk', 'QualifiedAsterisk', 'ColumnsTransformerList', 'ColumnsRegexpMatcher', 'ColumnsListMatcher',
  'QualifiedColumnsRegexpMatcher', 'QualifiedColumnsListMatcher', 'ColumnsExceptTransformer', 'ColumnsReplaceTransformer', 'ColumnsReplaceTransformer::Replacement', 'TablesInSelectQuery',
  'TablesInSelectQueryElement', 'TableExpression', 'TableIdentifier', 'TableJoin', 'ArrayJoin', 'SampleRatio', 'Subquery', 'WithElement', 'Literal', 'Identifier', 'Function', 'QueryParameter',
  'WindowListElement', 'WindowDefinition', 'OrderByElement', 'StorageOrderByElement', 'InterpolateElement', 'Set', 'DataType', 'NameTypePair',
]);

const TABLE_FUNCTIONS = new Set(['numbers', 'numbers_mt', 'zeros', 'zeros_mt', 'generate_series', 'generateseries', 'primes', 'values', 'null', 'view', 'viewexplain']);

const READER_SYSTEM = new Set(['one', 'numbers', 'zeros', 'tables', 'columns', 'databases', 'parts', 'parts_columns', 'functions', 'settings', 'table_functions', 'formats', 'data_type_families', 'metrics', 'asynchronous_metrics', 'events', 'merges', 'time_zones', 'licenses', 'build_options']);

/** Categories of `system.functions` whose members reach nothing but their arguments. */
export const HARMLESS_CATEGORIES: readonly string[] = [
  'Null', 'String', 'Tuple', 'Distance', 'Geo', 'Geo Polygon', 'Arrays', 'Logical', 'URL', 'Hash', 'Bit', 'Map', 'UUID', 'Bitmap', 'Encoding', 'QBit', 'JSON', 'Rounding',
  'Dates and Times', 'Financial', 'Conditional', 'Comparison', 'String Splitting', 'Type Conversion', 'Time Window', 'Random Number', 'Arithmetic', 'Time Series',
  'Mathematical', 'Encryption', 'IP Address', 'String Search', 'String Replacement', 'NumericIndexedVector',
];

/** Of the category `Other`, what does the same. */
export const HARMLESS_OTHERS: readonly string[] = [
  'materialize', 'identity', 'ignore', 'toTypeName', 'toColumnTypeName', 'bar', 'transform', 'version', 'currentDatabase', 'currentUser', 'timezone', 'timeZone', 'uptime', 'throwIf',
  'formatReadableSize', 'formatReadableDecimalSize', 'formatReadableQuantity', 'formatReadableTimeDelta', 'parseReadableSize', 'byteSize', 'defaultValueOfArgumentType',
  'defaultValueOfTypeName', 'runningAccumulate', 'runningDifference', 'neighbor', 'rowNumberInBlock', 'rowNumberInAllBlocks', 'blockNumber', 'blockSize', 'finalizeAggregation',
  'initializeAggregation', 'arrayJoin', 'replicate', 'isConstant', 'sleep', 'sleepEachRow', 'indexHint', 'minSampleSizeContinuous', 'minSampleSizeConversion', 'isDecimalOverflow',
  'countDigits', 'getTypeSerializationStreams', 'queryID', 'lowCardinalityIndices', 'lowCardinalityKeys', 'formatRow', 'formatRowNoNewline', 'formatQuery', 'formatQuerySingleLine',
  'generateRandomStructure', 'in', 'notIn', 'globalIn', 'globalNotIn', 'dumpColumnStructure', 'least', 'greatest',
];

/** Syntax that stands as a Function node but is no function. */
const SYNTAX = new Set(['lambda', 'exists', 'untuple', 'grouping', 'interval', 'cast', '_cast', 'casewithoutexpression', 'casewithexpression', 'columns', 'viewexplain', '-', '+', '*', '/', '%']);

interface Node {
  readonly depth: number;
  readonly name: string;
  readonly rest: string;
}

function parseNode(line: string): Node {
  const depth = line.length - line.trimStart().length;
  const text = line.trim().replace(/ \(children \d+\)$/, '');
  const space = text.indexOf(' ');
  return space < 0 ? { depth, name: text, rest: '' } : { depth, name: text.slice(0, space), rest: text.slice(space + 1).trim() };
}

/** `name (alias x)` without the alias. */
function bare(rest: string): string {
  return rest.replace(/ \(alias .*$/, '');
}

function checkFunction(rest: string, isTableFunction: boolean, functions: Functions): void {
  const name = bare(rest).toLowerCase();
  if (isTableFunction) {
    if (!TABLE_FUNCTIONS.has(name)) throw accessRefusal(`The table function ${quotedName(name)}`);
    return;
  }
  const known = SYNTAX.has(name) || functions.harmless.has(name) || functions.aggregates.some((aggregate) => name.startsWith(aggregate));
  if (!known) throw accessRefusal(`The function ${quotedName(name)}`);
}

function checkTable(rest: string, user: User): void {
  const parts = bare(rest).split('.');
  const database = (parts.length > 1 ? parts[0] ?? '' : '').toLowerCase();
  if (database === '' || database === DATABASE || database === 'information_schema') return;
  if (database === 'system' && (user === 'writer' || READER_SYSTEM.has(parts.slice(1).join('.')))) return;
  throw accessRefusal(`The table ${quotedName(bare(rest))}`);
}

/** A name is the client's own text; long ones are cut so that an error stays short. */
function quotedName(name: string): string {
  return `'${name.slice(0, 64)}'`;
}

export interface Verdict {
  readonly kind: 'read' | 'insert-data' | 'insert-select' | 'alter';
  /** Of a SELECT: whether the statement names its own format. */
  readonly namesFormat: boolean;
}

/**
 * The tree of `ALTER TABLE events UPDATE column = 'text', … WHERE site = 'name' AND leaf = number`. A literal is printed as
 * it stands, so it could print lines that look like nodes; whatever else is in the statement prints a line that fits nowhere.
 */
const REDACTION = /^AlterQuery +events \(children 2\)\n ExpressionList \(children 1\)\n {2}AlterCommand UPDATE \(children 2\)\n {3}Function and \(children 1\)\n {4}ExpressionList \(children 2\)\n {5}Function equals \(children 1\)\n {6}ExpressionList \(children 2\)\n {7}Identifier site\n {7}Literal '[^\n]*'\n {5}Function equals \(children 1\)\n {6}ExpressionList \(children 2\)\n {7}Identifier leaf\n {7}Literal UInt64_\d+\n {3}ExpressionList \(children \d+\)\n(?: {4}Assignment \w+ \(children 1\)\n {5}Literal '[^\n]*'\n)+ Identifier events\n*$/;

/** `ALTER TABLE acts DELETE WHERE site = 'name' AND leaf = number`: of a deed whose line is redacted, before its new rows are inserted. */
const FORGETTING = /^AlterQuery +(acts|accesses) \(children 2\)\n ExpressionList \(children 1\)\n {2}AlterCommand DELETE \(children 1\)\n {3}Function and \(children 1\)\n {4}ExpressionList \(children 2\)\n {5}Function equals \(children 1\)\n {6}ExpressionList \(children 2\)\n {7}Identifier site\n {7}Literal '[^\n]*'\n {5}Function equals \(children 1\)\n {6}ExpressionList \(children 2\)\n {7}Identifier leaf\n {7}Literal UInt64_\d+\n Identifier \1\n*$/;

/** `ALTER TABLE events DROP PARTITION ('tier', month)`, as the engine spells it, which leaves no room for anything else: its tree shows a DETACH as the same node. */
const EXPIRY = /^ALTER TABLE (?:(?:events|acts|accesses) \(DROP PARTITION \('[a-z]+', \d{6}\)\)|(?:matches|alerts|dead_letters) \(DROP PARTITION \d{6}\))$/;

/** Depth of the table expression of an INSERT's own SELECT, not of a subquery's. */
const OWN_TABLE_DEPTH = 7;

/**
 * Judges one statement by its syntax tree, which the engine itself printed, so no spelling of the text can hide a
 * node. The policy is a list of what is allowed: a new table function of a later engine is refused until listed.
 * `hasInput`: the data of an INSERT came along for an `input(…)` of its own SELECT.
 */
export function judge(user: User, canonical: string, ast: string, functions: Functions, hasInput = false): Verdict {
  const nodes = ast.split('\n').filter((line) => line !== '').map(parseNode);
  const root = nodes[0]?.name ?? '';
  const insert = root === 'InsertQuery';
  if ((user === 'redactor' && (REDACTION.test(ast) || FORGETTING.test(ast))) || (user === 'retention' && EXPIRY.test(canonical.trim()))) return { kind: 'alter', namesFormat: false };
  if (!insert && !READS.has(root)) throw user === 'reader' ? readonlyRefusal('This statement') : accessRefusal('This statement');
  if (insert && user === 'reader') throw readonlyRefusal('INSERT');
  if (hasWords(canonical, 'INTO', 'OUTFILE') || hasWords(canonical, 'FROM', 'INFILE')) throw accessRefusal('Access to files');
  nodes.forEach((node, i) => {
    if (!NODES.has(node.name)) throw accessRefusal(`The syntax ${quotedName(node.name)}`);
    const parent = nodes[i - 1];
    const underTable = parent?.name === 'TableExpression' && parent.depth === node.depth - 1;
    if (hasInput && insert && underTable && node.depth === OWN_TABLE_DEPTH && node.rest === 'input') return;
    if (node.name === 'Function') checkFunction(node.rest, underTable || (insert && node.depth === 1), functions);
    else if (node.name === 'TableIdentifier') checkTable(node.rest, user);
    else if (node.name === 'Identifier' && insert && node.depth === 1) checkInsertTarget(node.rest, user);
    else if (node.name === 'Identifier') checkIdentifier(node.rest, user, functions);
  });
  return {
    kind: !insert ? 'read' : nodes.some((n) => n.name.startsWith('Select')) ? 'insert-select' : 'insert-data',
    namesFormat: nodes.some((n) => n.depth === 1 && n.name === 'Identifier'),
  };
}

/** An identifier may be a table (right of IN) and, as an argument of a higher-order function, a function. */
function checkIdentifier(rest: string, user: User, functions: Functions): void {
  if (/^(default|system)\./i.test(rest)) checkTable(rest, user);
  if (functions.reaching.has(bare(rest).toLowerCase())) throw accessRefusal(`The name ${quotedName(bare(rest))}, which is a function's`);
}

/** The word for a changed line comes from who changes it, for an expired one from who drops it, all else from the writer. */
const INSERTS: Readonly<Partial<Record<User, readonly string[]>>> = { redactor: ['redactions', 'acts', 'accesses'], retention: ['expired_leaves', 'expiries'] };
const NOT_THE_WRITERS: readonly string[] = ['redactions', 'expired_leaves', 'expiries'];

function checkInsertTarget(rest: string, user: User): void {
  const parts = bare(rest).split('.');
  const table = parts.at(-1) ?? '';
  const isTheirs = INSERTS[user]?.includes(table) ?? !NOT_THE_WRITERS.includes(table);
  if (!isTheirs || (parts.length > 1 && parts[0] !== DATABASE)) throw accessRefusal(`INSERT into ${quotedName(bare(rest))}`);
}
