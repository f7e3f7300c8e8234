import { didYouMean } from '../nearest.ts';
import type { RuleText } from '../rule-text.ts';
import { isText, nameOfKind } from '../yaml/node.ts';
import type { YamlNode, YamlText } from '../yaml/node.ts';

/** Readers of single values: each gives the value, or reports what is wrong and gives undefined. */

export function textIn(text: RuleText, node: YamlNode, name: string, most = Infinity): string | undefined {
  if (isText(node) && node.value.trim() === '') {
    text.report(node, `\`${name}\` must not be empty`);
    return undefined;
  }
  if (!isText(node)) {
    text.report(node, `\`${name}\` must be text, this is ${nameOfKind(node)}`, node.kind === 'scalar' && node.source !== '' ? 'put it in quotes' : undefined);
    return undefined;
  }
  if (node.value.length <= most) return node.value;
  text.report(node, `\`${name}\` has ${node.value.length} characters, at most ${most} are allowed`);
  return undefined;
}

/** A list of texts, none twice; one text alone where `orOne`. */
export function textsIn(text: RuleText, node: YamlNode, name: string, { orOne = false, shortest = 1 } = {}): readonly YamlText[] | undefined {
  if (orOne && isText(node)) return textIn(text, node, name) === undefined ? undefined : [node];
  if (node.kind !== 'list') {
    text.report(node, `\`${name}\` must be ${orOne ? 'text or ' : ''}a list of texts, this is ${nameOfKind(node)}`, 'begin each entry with `- `');
    return undefined;
  }
  const seen = new Set<string>();
  const texts: YamlText[] = [];
  for (const item of node.items) {
    if (!isText(item)) text.report(item, `an entry of \`${name}\` must be text, this is ${nameOfKind(item)}`, item.kind === 'scalar' && item.source !== '' ? 'put it in quotes' : undefined);
    else if (item.value.length < shortest) text.report(item, `an entry of \`${name}\` needs at least ${shortest} characters`);
    else if (seen.has(item.value)) text.report(item, `\`${name}\` has this entry twice`);
    else texts.push(item);
    if (isText(item)) seen.add(item.value);
  }
  return texts.length === node.items.length ? texts : undefined;
}

export function oneOf<T extends string>(text: RuleText, node: YamlNode, name: string, allowed: readonly T[]): T | undefined {
  const found = isText(node) ? allowed.find((candidate) => candidate === node.value) : undefined;
  if (found !== undefined) return found;
  const written = isText(node) ? `\`${node.value.slice(0, 40)}\`` : nameOfKind(node);
  text.report(node, `\`${name}\` cannot be ${written}`, didYouMean(isText(node) ? node.value : '', allowed, `expected one of ${allowed.join(', ')}`));
  return undefined;
}

export function booleanIn(text: RuleText, node: YamlNode, name: string): boolean | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'boolean') return node.value;
  text.report(node, `\`${name}\` must be true or false, this is ${nameOfKind(node)}`, booleanHint(node));
  return undefined;
}

/** PyYAML reads YAML 1.1, where more words are true or false. */
export function booleanHint(node: YamlNode): string | undefined {
  return isText(node) && /^(?:y|yes|no?|on|off|true|false)$/i.test(node.value) ? 'write true or false without quotes: in YAML 1.2 every other word is text' : undefined;
}

export function numberIn(text: RuleText, node: YamlNode, name: string): number | undefined {
  if (node.kind === 'scalar' && typeof node.value === 'number') {
    if (!Number.isFinite(node.value)) {
      text.report(node, `\`${name}\` must be a finite number`);
      return undefined;
    }
    if (!Number.isInteger(node.value) || Number.isSafeInteger(node.value)) return node.value;
    text.report(node, `\`${name}\` has more digits than can be compared exactly`, `at most ${Number.MAX_SAFE_INTEGER}`);
    return undefined;
  }
  text.report(node, `\`${name}\` must be a number, this is ${nameOfKind(node)}`, isText(node) ? 'write the number without quotes' : undefined);
  return undefined;
}

const UNITS_MS: Readonly<Record<string, number>> = {
  s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000,
  // Extensions: a week, and a month and a year of the mean Gregorian length.
  w: 604_800_000, M: 2_629_746_000, y: 31_556_952_000,
};
const LONGEST_YEARS = 10;

/** A positive whole number and a unit: `90s`, `5m`, `1h`, `30d`; in milliseconds. */
export function durationIn(text: RuleText, node: YamlNode, name: string): number | undefined {
  const [, digits, unit] = (isText(node) ? /^(\d{1,9})([a-zA-Z])$/.exec(node.value) : null) ?? [];
  const unitMs = unit === undefined || !Object.hasOwn(UNITS_MS, unit) ? undefined : UNITS_MS[unit];
  if (digits === undefined || unitMs === undefined) {
    text.report(node, `\`${name}\` must be a number and a unit`, 'like 90s, 5m, 1h or 30d (also w, M for months and y)');
    return undefined;
  }
  const ms = Number(digits) * unitMs;
  if (ms > 0 && ms <= LONGEST_YEARS * 31_556_952_000) return ms;
  text.report(node, `\`${name}\` must be more than 0 and at most ${LONGEST_YEARS}y`);
  return undefined;
}
