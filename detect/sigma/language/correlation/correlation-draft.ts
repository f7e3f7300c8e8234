import { CORRELATION_TYPES } from '../../rule.ts';
import type { CorrelationType } from '../../rule.ts';
import { isMapOf } from '../document/options.ts';
import { booleanIn, durationIn, oneOf, textIn, textsIn } from '../document/value.ts';
import { shown } from '../rule-text.ts';
import type { RuleText } from '../rule-text.ts';
import { entryOf, nameOfKind } from '../yaml/node.ts';
import type { YamlEntry, YamlMap, YamlNode, YamlText } from '../yaml/node.ts';
import { writtenCondition } from './written-condition.ts';
import type { WrittenCondition } from './written-condition.ts';

/** A `correlation` section as written, the rules it names not yet looked up. */
export interface CorrelationDraft {
  readonly type: CorrelationType;
  readonly rules: readonly YamlText[];
  readonly groupBy: readonly YamlText[];
  readonly aliases: readonly Alias[];
  readonly timespanMs: number;
  readonly condition: WrittenCondition | undefined;
  readonly generate: boolean;
}

export interface Alias {
  readonly name: YamlText;
  readonly fields: readonly { readonly rule: YamlText; readonly field: string }[];
}

const KEYS = ['type', 'rules', 'aliases', 'group-by', 'timespan', 'condition', 'generate'] as const;
/** Enough for any real correlation; each is looked at for each event of its rules. */
const MOST_RULES = 1000;

export function correlationDraft(text: RuleText, document: YamlMap, section: YamlEntry): CorrelationDraft | undefined {
  const { key, value: node } = section;
  if (!isMapOf(text, node, 'correlation', KEYS)) return undefined;
  const [typeNode, rulesNode, aliasesNode, groupNode, timespanNode, conditionNode, generateNode] = KEYS.map((name) => entryOf(node, name)?.value);
  const type = typeNode === undefined ? missing(text, key, 'type', `one of ${CORRELATION_TYPES.join(', ')}`) : oneOf(text, typeNode, 'type', CORRELATION_TYPES);
  const timespanMs = timespanNode === undefined ? missing(text, key, 'timespan', 'like `timespan: 5m`') : durationIn(text, timespanNode, 'timespan');
  const condition = type === undefined ? undefined : writtenCondition(text, type, key, conditionNode);
  const rules = rulesIn(text, key, rulesNode, condition);
  const groupBy = groupNode === undefined ? [] : textsIn(text, groupNode, 'group-by', { orOne: true });
  const aliases = aliasesNode === undefined ? [] : aliasesIn(text, aliasesNode, groupBy ?? []);
  const outside = entryOf(document, 'generate')?.value;
  // pySigma reads `generate` in the section, the specification has it beside: either may say so.
  const generate = [outside, generateNode].some((written) => written !== undefined && written.kind === 'scalar' && written.value === true);
  if (generateNode !== undefined) booleanIn(text, generateNode, 'generate');
  const draft = { type, rules, groupBy, aliases, timespanMs, condition, generate };
  return isWhole(draft) ? draft : undefined;
}

type Parts = { readonly [K in keyof CorrelationDraft]: CorrelationDraft[K] | undefined };

function isWhole(draft: Parts): draft is CorrelationDraft {
  return draft.type !== undefined && draft.rules !== undefined && draft.groupBy !== undefined && draft.aliases !== undefined && draft.timespanMs !== undefined;
}

function missing(text: RuleText, key: YamlText, name: string, hint: string): undefined {
  text.report(key, `\`correlation\` needs \`${name}\``, hint);
  return undefined;
}

function rulesIn(text: RuleText, key: YamlText, node: YamlNode | undefined, condition: WrittenCondition | undefined): readonly YamlText[] | undefined {
  if (node === undefined && condition?.kind === 'expression') return condition.names;
  if (node === undefined) return missing(text, key, 'rules', 'a list of ids or names of rules');
  const rules = textsIn(text, node, 'rules', { orOne: true });
  if (rules !== undefined && (rules.length === 0 || rules.length > MOST_RULES)) {
    text.report(node, rules.length === 0 ? '`rules` must name at least one rule' : `\`rules\` names more than ${MOST_RULES} rules`);
    return undefined;
  }
  return rules;
}

/** alias: {rule: field}. An alias that nothing groups by is a slip. */
function aliasesIn(text: RuleText, node: YamlNode, groupBy: readonly YamlText[]): readonly Alias[] | undefined {
  if (node.kind !== 'map') {
    text.report(node, `\`aliases\` must be a map, this is ${nameOfKind(node)}`, '`alias:` and under it `rule: field`');
    return undefined;
  }
  const aliases: Alias[] = [];
  for (const { key: name, value } of node.entries) {
    if (!groupBy.some((field) => field.value === name.value)) text.report(name, `nothing groups by the alias \`${shown(name.value)}\``, 'name it in `group-by`');
    if (value.kind !== 'map' || value.entries.length === 0) {
      text.report(value, `the alias \`${shown(name.value)}\` must be a map of rules to fields, this is ${nameOfKind(value)}`);
      continue;
    }
    const fields = value.entries.map((entry) => ({ rule: entry.key, field: textIn(text, entry.value, 'field', 256) }));
    aliases.push({ name, fields: fields.flatMap(({ rule, field }) => (field === undefined ? [] : [{ rule, field }])) });
  }
  return aliases;
}
