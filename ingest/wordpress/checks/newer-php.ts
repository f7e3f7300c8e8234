import { calledName, complaint, isNode, nodesOf, walk } from './php-source.ts';
import type { PhpFile, PhpNode } from './php-source.ts';

/** Of PHP 8.0 to 8.4; WordPress brings some of them, but not every file runs inside WordPress. */
const FUNCTIONS = new Set([
  'str_contains', 'str_starts_with', 'str_ends_with', 'get_debug_type', 'get_resource_id', 'fdiv', 'preg_last_error_msg', 'array_is_list', 'fsync', 'fdatasync',
  'enum_exists', 'mb_str_pad', 'json_validate', 'array_find', 'array_find_key', 'array_any', 'array_all', 'mb_trim', 'mb_ltrim', 'mb_rtrim', 'mb_ucfirst', 'mb_lcfirst',
  'str_increment', 'str_decrement', 'ini_parse_quantity', 'memory_reset_peak_usage', 'openssl_cipher_key_length', 'stream_context_set_options', 'random_float', 'fpow',
]);
const CLASSES = new Set(['weakmap', 'stringable', 'valueerror', 'unhandledmatcherror', 'attribute', 'phptoken', 'fiber', 'sensitiveparameter', 'random\\randomizer']);
const TYPES = new Set(['mixed', 'static', 'never', 'false', 'true', 'null']);

/** What PHP 7.4 does not know although its grammar lets it through. A function may stand behind `function_exists` in the same file. */
export function newerPhp(file: PhpFile): readonly string[] {
  const found: string[] = [];
  for (const [node] of walk(file.tree)) {
    const what = newerIn(node, file.text);
    if (what !== undefined) found.push(complaint(file, node, what));
  }
  for (const [i, line] of file.text.split('\n').entries()) {
    if (/^\s*#\[/.test(line) && !line.includes('ReturnTypeWillChange')) found.push(`${file.name}:${i + 1} an attribute, of PHP 8`);
  }
  return found;
}

function newerIn(node: PhpNode, text: string): string | undefined {
  const name = calledName(node);
  if (FUNCTIONS.has(name) && !new RegExp(`function_exists\\(\\s*['"]${name}['"]`).test(text)) return `${name}() is newer than PHP 7.4`;
  switch (node.kind) {
    case 'parameter':
      return Number(node['flags'] ?? 0) > 0 ? 'a promoted parameter, of PHP 8' : typed(node['type']);
    case 'property':
      return node['readonly'] === true ? 'a readonly property, of PHP 8.1' : typed(node['type']);
    case 'method':
    case 'function':
    case 'closure':
    case 'arrowfunc':
      return typed(node['type']);
    case 'new': {
      const what = node['what'];
      return isNode(what) && CLASSES.has(String(what['name'] ?? '').replace(/^\\/, '').toLowerCase()) ? `${String(what['name'])} is newer than PHP 7.4` : undefined;
    }
    case 'staticlookup':
      return isNode(node['what']) && node['what'].kind === 'variable' && isNode(node['offset']) && node['offset']['name'] === 'class' ? '::class of an object, of PHP 8' : undefined;
    default:
      return undefined;
  }
}

function typed(type: unknown): string | undefined {
  for (const one of nodesOf(type)) {
    if (one.kind === 'uniontype' || one.kind === 'intersectiontype') return 'a type of several, of PHP 8';
    if (TYPES.has(String(one['name'] ?? '').toLowerCase())) return `the type ${String(one['name'])}, of PHP 8`;
  }
  return undefined;
}
