import { calledName, complaint, isNode, walk } from './php-source.ts';
import type { PhpFile, PhpNode } from './php-source.ts';

const INPUT = new Set(['_GET', '_POST', '_REQUEST', '_COOKIE']);
const UNSLASHES = new Set(['wp_unslash', 'stripslashes_deep']);

/**
 * What a visitor sends is slashed by WordPress and may be anything: whoever uses it unslashes it. Asking whether it is there is
 * free. `compares`: files that only compare it, and keep or print nothing of it.
 */
export function rawInput(file: PhpFile, compares: ReadonlySet<string> = new Set()): readonly string[] {
  if (compares.has(file.name)) return [];
  const found: string[] = [];
  for (const [node, around] of walk(file.tree)) {
    if (node.kind === 'variable' && INPUT.has(String(node['name'])) && !isHandled(around)) found.push(complaint(file, node, `$${String(node['name'])} is used without wp_unslash`));
  }
  return found;
}

function isHandled(around: readonly PhpNode[]): boolean {
  return around.some((n) => n.kind === 'isset' || n.kind === 'empty' || UNSLASHES.has(calledName(n)) || ['is_string', 'is_array', 'array_key_exists', 'count', 'array_keys'].includes(calledName(n)) || (n.kind === 'cast' && ['int', 'bool'].includes(String(n['type']))));
}

/** Texts that become objects or code, and texts that hide some. */
export function dangerousCalls(file: PhpFile): readonly string[] {
  const found: string[] = [];
  for (const [node] of walk(file.tree)) {
    const name = calledName(node);
    const given = Array.isArray(node['arguments']) ? node['arguments'].filter(isNode) : [];
    if (name === 'unserialize' && given.length < 2) found.push(complaint(file, node, 'unserialize() without allowed_classes'));
    if (name === 'maybe_unserialize') found.push(complaint(file, node, 'maybe_unserialize() makes objects of what a visitor may have stored'));
    if (node.kind === 'eval' || (node.kind === 'include' && isNode(node['target']) && JSON.stringify(node['target']).match(/"name":"(?:_GET|_POST|_REQUEST|_COOKIE|base64_decode)"/) !== null)) found.push(complaint(file, node, 'code made up at run time'));
    if (name === 'preg_replace' && given[0]?.kind === 'string' && /^(.).*\1[a-z]*e[a-z]*$/is.test(String(given[0]['value']))) found.push(complaint(file, node, 'preg_replace() with /e'));
  }
  return found;
}
