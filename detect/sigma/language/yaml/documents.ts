import { Composer, isAlias, isMap, isScalar, isSeq, Parser } from 'yaml';
import type { CST, Document, Node, Scalar, YAMLMap, YAMLSeq } from 'yaml';
import { MOST_FILE_BYTES, shown } from '../rule-text.ts';
import type { RuleText, Span } from '../rule-text.ts';
import { nameOfKind } from './node.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlScalar, YamlText } from './node.ts';

/** Nodes of one file with every alias followed; 1 MiB of the densest YAML has half a million. */
const MOST_NODES = 300_000;
/** Rules need five levels. */
const MOST_DEPTH = 32;
const TOO_DEEP = `this is nested deeper than ${MOST_DEPTH} levels`;
const MOST_SYNTAX_PROBLEMS = 20;

/** The documents of a file that are maps; everything else is reported. Empty documents are left out. */
export function documentsOf(text: RuleText): readonly YamlMap[] {
  if (text.text.length > MOST_FILE_BYTES) {
    text.report({ start: 0, end: 1 }, `this file has ${text.text.length} characters, at most ${MOST_FILE_BYTES} are read`, 'split it');
    return [];
  }
  if (text.text.trim() === '') {
    text.report({ start: 0, end: 1 }, 'this file is empty', 'a rule begins with `title:`');
    return [];
  }
  const documents: YamlMap[] = [];
  const walk: Walk = { text, anchors: new Map(), nodes: 0, full: false, told: false };
  let syntaxProblems = 0;
  for (const document of composed(text, walk)) {
    for (const { pos, message } of [...document.errors, ...document.warnings]) {
      if (++syntaxProblems <= MOST_SYNTAX_PROBLEMS) text.report({ start: pos[0], end: pos[1] }, `YAML: ${firstLine(message)}`);
    }
    const root = document.errors.length > 0 ? undefined : rootOf(document, walk);
    if (root !== undefined) documents.push(root);
  }
  if (documents.length === 0 && syntaxProblems === 0 && !walk.told) text.report({ start: 0, end: 1 }, 'this file has no rule', 'a rule begins with `title:`');
  return documents;
}

/** Parses until there is no sense in going on: what an attacker nests or repeats must not cost more than reading it. */
function* composed(text: RuleText, walk: Walk): Generator<Document.Parsed> {
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false });
  let unusual = 0;
  for (const token of new Parser().parse(text.text)) {
    if (token.type === 'error' || token.type === 'directive') unusual++;
    const deep = token.type === 'document' ? deepToken(token) : undefined;
    if (unusual > MOST_SYNTAX_PROBLEMS || deep !== undefined) {
      const { offset } = deep ?? token;
      text.report({ start: offset, end: offset + 1 }, deep === undefined ? `YAML: ${token.type === 'error' ? firstLine(token.message) : 'too many directives'}` : TOO_DEEP);
      walk.told = true;
      return;
    }
    yield* composer.next(token);
  }
  yield* composer.end(false, text.text.length);
}

/** A token nested too deep to be composed, which recurses. */
function deepToken(document: CST.Document): CST.Token | undefined {
  const left: { readonly token: CST.Token; readonly depth: number }[] = [{ token: document, depth: 0 }];
  for (let next = left.pop(); next !== undefined; next = left.pop()) {
    const { token, depth } = next;
    if (depth > MOST_DEPTH) return token;
    if ('items' in token) for (const { key, value } of token.items) for (const inner of [key, value]) if (inner) left.push({ token: inner, depth: depth + 1 });
    if (token.type === 'document' && token.value !== undefined) left.push({ token: token.value, depth: depth + 1 });
  }
  return undefined;
}

interface Walk {
  readonly text: RuleText;
  readonly anchors: Map<string, { readonly node: YamlNode; readonly nodes: number }>;
  nodes: number;
  /** The file is too large to go on. */
  full: boolean;
  /** It was said why there is no rule. */
  told: boolean;
}

function rootOf(document: Document.Parsed, walk: Walk): YamlMap | undefined {
  walk.anchors.clear();
  const { contents, range, directives: { yaml: { version } } } = document;
  if (version !== '1.2') {
    walk.told = true;
    walk.text.report({ start: range[0], end: range[0] + 1 }, `rules are YAML 1.2, this document says ${version}`, 'remove the line `%YAML`');
    return undefined;
  }
  if (contents === null || (isScalar(contents) && contents.value === null)) return undefined;
  const root = convert(contents, walk, 0);
  if (root.kind === 'map') return root;
  walk.told = true;
  walk.text.report(root, `a rule is a map of attributes, this is ${nameOfKind(root)}`, 'a rule begins with `title:`');
  return undefined;
}

function firstLine(message: string): string {
  return message.split('\n')[0] ?? message;
}

function spanOf(node: Node): Span {
  const [start, end] = node.range ?? [0, 1];
  return { start, end };
}

function nothingAt({ start, end }: Span): YamlScalar {
  return { kind: 'scalar', value: null, source: '', quoted: false, start, end };
}

function convert(node: Node, walk: Walk, depth: number): YamlNode {
  if (isAlias(node)) return aliased(node.source, spanOf(node), walk);
  const before = walk.nodes;
  const converted = convertOwn(node, walk, depth);
  if (node.anchor !== undefined) walk.anchors.set(node.anchor, { node: converted, nodes: walk.nodes - before });
  return converted;
}

function convertOwn(node: Node, walk: Walk, depth: number): YamlNode {
  const span = spanOf(node);
  if (!counted(walk, span, 1)) return nothingAt(span);
  if (isScalar(node)) return scalarOf(node, span);
  if (depth >= MOST_DEPTH) {
    walk.text.report(span, TOO_DEEP);
    return nothingAt(span);
  }
  if (isSeq(node)) return { kind: 'list', items: itemsOf(node, walk, depth), ...span };
  if (isMap(node)) return { kind: 'map', entries: entriesOf(node, walk, depth), ...span };
  return nothingAt(span);
}

/** False once the file is too large; said once. */
function counted(walk: Walk, span: Span, nodes: number): boolean {
  walk.nodes += nodes;
  if (walk.nodes <= MOST_NODES) return true;
  if (!walk.full) walk.text.report(span, `this file has more than ${MOST_NODES} values, aliases followed`, 'split it');
  walk.full = true;
  walk.told = true;
  return false;
}

function aliased(name: string, span: Span, walk: Walk): YamlNode {
  const anchor = walk.anchors.get(name);
  if (anchor === undefined) {
    walk.text.report(span, `the alias \`*${name}\` stands for no anchor before it`);
    return nothingAt(span);
  }
  return counted(walk, span, anchor.nodes) ? anchor.node : nothingAt(span);
}

function scalarOf(node: Scalar, span: Span): YamlScalar {
  const { value, type, source } = node;
  const quoted = type === 'QUOTE_DOUBLE' || type === 'QUOTE_SINGLE';
  const known = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null ? value : (source ?? '');
  return { kind: 'scalar', value: known, source: source ?? String(known), quoted, ...span };
}

function itemsOf(node: YAMLSeq, walk: Walk, depth: number): readonly YamlNode[] {
  // yaml types items as unknown; those of a parsed list are nodes, or pairs where `? ` begins one.
  return node.items.flatMap((item) => (walk.full ? [] : [convert(item as Node, walk, depth + 1)]));
}

function entriesOf(node: YAMLMap, walk: Walk, depth: number): readonly YamlEntry[] {
  const entries: YamlEntry[] = [];
  const seen = new Set<string>();
  for (const pair of node.items) {
    if (walk.full) break;
    // A parsed pair has a node as its key and a node or nothing as its value.
    const keyNode = pair.key as Node;
    const key = keyOf(keyNode, walk);
    const value = pair.value === null ? nothingAt(spanOf(keyNode)) : convert(pair.value as Node, walk, depth + 1);
    if (key === undefined) continue;
    if (seen.has(key.value)) walk.text.report(key, `the key \`${shown(key.value)}\` is here twice`, 'merge the two, or rename one');
    else entries.push({ key, value });
    seen.add(key.value);
  }
  return entries;
}

function keyOf(node: Node, walk: Walk): YamlText | undefined {
  const span = spanOf(node);
  if (!isScalar(node) || node.value === null) {
    walk.text.report(span, 'a key must be text');
    return undefined;
  }
  const scalar = scalarOf(node, span);
  if (scalar.source === '<<' && !scalar.quoted) {
    walk.text.report(span, 'merge keys (`<<`) are not part of YAML 1.2', 'write the entries out, or use an alias for the whole value');
    return undefined;
  }
  return { ...scalar, value: typeof scalar.value === 'string' ? scalar.value : scalar.source };
}
