import type { Logsource } from '../../rule.ts';
import { nearest } from '../nearest.ts';
import { shown } from '../rule-text.ts';
import type { RuleText } from '../rule-text.ts';
import { entryOf, nameOfKind } from '../yaml/node.ts';
import type { YamlMap } from '../yaml/node.ts';
import { textIn } from './value.ts';
import { titleSpan } from './head.ts';

const EVALUATED = ['category', 'product', 'service'] as const;

/** The `logsource` of a rule or filter. Sigma allows further elements for readers, which nothing evaluates. */
export function logsourceOf(text: RuleText, document: YamlMap): Logsource | undefined {
  const entry = entryOf(document, 'logsource');
  if (entry === undefined) {
    text.report(titleSpan(document), 'a rule needs a `logsource`', 'which log it is about, like `category: webserver`');
    return undefined;
  }
  const { value: node } = entry;
  if (node.kind !== 'map') {
    text.report(node, `\`logsource\` must be a map, this is ${nameOfKind(node)}`, 'with category, product or service');
    return undefined;
  }
  const logsource: { category?: string; product?: string; service?: string } = {};
  for (const { key, value } of node.entries) {
    const known = EVALUATED.find((name) => name === key.value);
    if (known !== undefined) {
      const name = textIn(text, value, known, 256);
      if (name !== undefined && !/^[a-z0-9_.-]+$/.test(name)) text.report(value, `\`${known}\` must be lower-case letters, digits, \`_\`, \`.\` and \`-\``, `write ${name.toLowerCase().replaceAll(/[^a-z0-9_.-]+/g, '_').slice(0, 80)}`);
      else if (name !== undefined) logsource[known] = name;
    } else if (key.value === 'definition') textIn(text, value, 'definition');
    else {
      const meant = nearest(key.value, [...EVALUATED, 'definition']);
      if (meant !== undefined) text.report(key, `\`logsource\` has no \`${shown(key.value)}\``, `did you mean \`${meant}\`?`);
    }
  }
  if (!EVALUATED.some((name) => entryOf(node, name) !== undefined)) text.report(entry.key, '`logsource` needs at least one of category, product and service');
  return logsource;
}
