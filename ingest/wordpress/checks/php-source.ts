import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { Engine } from 'php-parser';

export const PLUGIN = path.join(import.meta.dirname, '..', 'plugin');

/** A node of the parser's tree; what else it has depends on its kind. */
export interface PhpNode {
  readonly kind: string;
  readonly [name: string]: unknown;
}

export interface PhpFile {
  /** Below the plugin's directory. */
  readonly name: string;
  readonly text: string;
  readonly tree: PhpNode;
}

/** Parsed as PHP 7.4 reads it; throws with file and line where it would not. */
export function parsePhp(name: string, text: string): PhpFile {
  const engine = new Engine({ parser: { version: 704, suppressErrors: false, extractDoc: true }, ast: { withPositions: true } });
  try {
    // A tree of the parser's classes: each has a kind.
    return { name, text, tree: engine.parseCode(text, name) as unknown as PhpNode };
  } catch (error) {
    throw new Error(`${name}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
  }
}

export function phpFiles(directory = PLUGIN): readonly string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((f) => f.endsWith('.php')).toSorted();
}

export function pluginSources(): readonly PhpFile[] {
  return phpFiles().map((name) => parsePhp(name, readFileSync(path.join(PLUGIN, name), 'utf8')));
}

export function isNode(value: unknown): value is PhpNode {
  return typeof value === 'object' && value !== null && 'kind' in value && typeof value.kind === 'string';
}

export function nodesOf(value: unknown): readonly PhpNode[] {
  return Array.isArray(value) ? value.filter(isNode) : isNode(value) ? [value] : [];
}

/** Each node with those around it, the nearest last. */
export function* walk(node: PhpNode, around: readonly PhpNode[] = []): Generator<readonly [PhpNode, readonly PhpNode[]]> {
  yield [node, around];
  const inside = [...around, node];
  for (const [name, value] of Object.entries(node)) {
    if (name === 'loc' || name === 'leadingComments' || name === 'trailingComments' || name === 'comments') continue;
    for (const child of nodesOf(value)) yield* walk(child, inside);
    // Pairs without a kind of their own, as in lists of types.
    if (Array.isArray(value)) for (const item of value) if (Array.isArray(item)) for (const child of nodesOf(item)) yield* walk(child, inside);
  }
}

export function lineOf(node: PhpNode): number {
  const loc = node['loc'] as { readonly start?: { readonly line?: number } } | undefined;
  return loc?.start?.line ?? 0;
}

/** The name of a function that is called by it, in lower case; empty for methods and what is worked out. */
export function calledName(node: PhpNode): string {
  const what = node['what'];
  return node.kind === 'call' && isNode(what) && what.kind === 'name' && typeof what['name'] === 'string' ? what['name'].replace(/^\\/, '').toLowerCase() : '';
}

/** The text of a string literal, also of several joined by dots; undefined for anything else. */
export function literalOf(node: unknown): string | undefined {
  if (!isNode(node)) return undefined;
  if (node.kind === 'string') return String(node['value']);
  if (node.kind !== 'bin' || node['type'] !== '.') return undefined;
  const [left, right] = [literalOf(node['left']), literalOf(node['right'])];
  return left === undefined || right === undefined ? undefined : left + right;
}

export function complaint(file: PhpFile, node: PhpNode, what: string): string {
  return `${file.name}:${lineOf(node)} ${what}`;
}
