import { calledName, complaint, isNode, nodesOf, walk } from './php-source.ts';
import type { PhpFile, PhpNode } from './php-source.ts';

/** Functions whose answer may be printed. */
const ESCAPES = new Set([
  'esc_html', 'esc_attr', 'esc_url', 'esc_js', 'esc_textarea', 'esc_html__', 'esc_attr__', 'esc_html_x', 'esc_attr_x', 'wp_kses', 'wp_kses_post', 'wp_json_encode',
  'selected', 'checked', 'disabled', 'wp_nonce_field', 'absint', 'intval', 'count', 'strlen', 'number_format_i18n', 'nl2br', 'sprintf', 'str_repeat', 'implode',
]);
/** Of these, what they are given has to be printable itself. */
const PASSES_ON = new Set(['nl2br', 'sprintf', 'implode']);

/** What is printed has to be escaped where it is printed. `trusted`: variables put together from escaped parts, as `FILE $name`. */
export function unescapedOutput(file: PhpFile, trusted: ReadonlySet<string> = new Set()): readonly string[] {
  const found: string[] = [];
  for (const [node] of walk(file.tree)) {
    const printed = node.kind === 'echo' ? nodesOf(node['expressions']) : node.kind === 'print' ? nodesOf(node['expression']) : ['printf', 'vprintf', '_e', '_ex', 'print_r'].includes(calledName(node)) ? [node] : [];
    for (const one of printed) if (!isPrintable(one, file.name, trusted)) found.push(complaint(file, one, 'is printed unescaped'));
  }
  return found;
}

function isPrintable(node: PhpNode, file: string, trusted: ReadonlySet<string>): boolean {
  const all = (...parts: readonly unknown[]): boolean => parts.every((p) => !isNode(p) || isPrintable(p, file, trusted));
  switch (node.kind) {
    case 'string':
    case 'number':
    case 'boolean':
      return true;
    case 'parenthesis':
      return all(node['inner']);
    case 'bin':
      return all(node['left'], node['right']);
    case 'retif':
      return all(node['trueExpr'] ?? node['test'], node['falseExpr']);
    case 'cast':
      return ['int', 'integer', 'float', 'bool'].includes(String(node['type']));
    case 'variable':
      return trusted.has(`${file} $${String(node['name'])}`);
    case 'call': {
      const name = calledName(node);
      return ESCAPES.has(name) && (!PASSES_ON.has(name) || all(...nodesOf(node['arguments'])));
    }
    default:
      return false;
  }
}
