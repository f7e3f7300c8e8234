import type { RuleOptions, Suppression } from '../../rule.ts';
import { didYouMean } from '../nearest.ts';
import { shown } from '../rule-text.ts';
import type { RuleText } from '../rule-text.ts';
import { entryOf, nameOfKind } from '../yaml/node.ts';
import type { YamlMap, YamlNode } from '../yaml/node.ts';
import { durationIn, numberIn, oneOf, textIn, textsIn } from './value.ts';

const KEYS = ['class', 'scope', 'suppress'] as const;
const SUPPRESS_KEYS = ['by', 'quiet', 'back-off', 'most'] as const;
const DEFAULT_BACK_OFF = 2;
const MOST_BACK_OFF = 100;
const DEFAULT_MOST_MS = 86_400_000;

/** Our own attributes, under the key `tourniquet`. */
export function optionsIn(text: RuleText, node: YamlNode, kind: 'detection' | 'correlation' | 'filter'): RuleOptions | undefined {
  if (kind === 'filter') {
    text.report(node, 'a filter has no `tourniquet` options', 'they belong to the rules it filters');
    return undefined;
  }
  if (!isMapOf(text, node, 'tourniquet', KEYS)) return undefined;
  const [classEntry, scopeEntry, suppressEntry] = KEYS.map((key) => entryOf(node, key));
  const ruleClass = classEntry === undefined ? '' : (textIn(text, classEntry.value, 'class', 128) ?? '');
  if (classEntry !== undefined && ruleClass !== '' && !/^[a-z0-9_]+(\.[a-z0-9_]+)*$/.test(ruleClass)) text.report(classEntry.value, '`class` must be lower-case words joined by dots', 'like attack.sqli or pii.email');
  if (scopeEntry !== undefined && kind === 'detection') text.report(scopeEntry.key, '`scope` is for correlations: an event belongs to one site');
  const scope = scopeEntry === undefined ? undefined : oneOf(text, scopeEntry.value, 'scope', ['site', 'deployment']);
  const suppress = suppressEntry === undefined ? undefined : suppressionIn(text, suppressEntry.value);
  return { class: ruleClass, scope: scope ?? 'site', ...(suppress === undefined ? {} : { suppress }) };
}

function suppressionIn(text: RuleText, node: YamlNode): Suppression | undefined {
  if (!isMapOf(text, node, 'suppress', SUPPRESS_KEYS)) return undefined;
  const [by, quiet, backOff, most] = SUPPRESS_KEYS.map((key) => entryOf(node, key)?.value);
  const quietMs = quiet === undefined ? text.report(node, '`suppress` needs `quiet`', 'how long a group is quiet after a notification, like 10m') : durationIn(text, quiet, 'quiet');
  const fields = by === undefined ? [] : textsIn(text, by, 'by', { orOne: true });
  const factor = backOff === undefined ? DEFAULT_BACK_OFF : numberIn(text, backOff, 'back-off');
  if (factor !== undefined && backOff !== undefined && !(factor >= 1 && factor <= MOST_BACK_OFF)) text.report(backOff, `\`back-off\` must be from 1 to ${MOST_BACK_OFF}`, 'each quiet is that many times longer than the one before');
  const mostMs = most === undefined ? Math.max(DEFAULT_MOST_MS, quietMs ?? 0) : durationIn(text, most, 'most');
  if (most !== undefined && mostMs !== undefined && quietMs !== undefined && mostMs < quietMs) text.report(most, '`most` must not be shorter than `quiet`');
  if (quietMs === undefined || fields === undefined || factor === undefined || mostMs === undefined) return undefined;
  return { by: fields.map(({ value }) => value), quietMs, backOff: factor, mostMs };
}

/** Whether it is a map with none but these keys. */
export function isMapOf(text: RuleText, node: YamlNode, name: string, keys: readonly string[]): node is YamlMap {
  if (node.kind !== 'map') {
    text.report(node, `\`${name}\` must be a map, this is ${nameOfKind(node)}`, `with some of ${keys.join(', ')}`);
    return false;
  }
  for (const { key } of node.entries) {
    if (!keys.includes(key.value)) text.report(key, `\`${name}\` has no \`${shown(key.value)}\``, didYouMean(key.value, keys, `expected ${keys.join(', ')}`));
  }
  return true;
}
