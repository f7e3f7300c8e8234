import type { Condition } from '../../rule.ts';
import { MOST_MATCHES, nearSearch } from '../detection/searches.ts';
import type { Search, Searches } from '../detection/searches.ts';
import { shown } from '../rule-text.ts';
import type { RuleText } from '../rule-text.ts';
import { isText, nameOfKind } from '../yaml/node.ts';
import type { YamlNode, YamlText } from '../yaml/node.ts';
import { expressionOf } from './expression.ts';
import type { Expression } from './expression.ts';

/** The `condition` of a detection: one, or a list of which any holds. */
export function conditionOf(text: RuleText, node: YamlNode, searches: Searches): Condition | undefined {
  const budget = { left: MOST_MATCHES };
  const conditions = conditionTexts(text, node)?.map((one) => {
    const expression = expressionOf(text, one, { quantifiers: true });
    return expression === undefined ? undefined : resolvedCondition(text, expression, searches, budget);
  });
  const known = conditions?.filter((condition) => condition !== undefined) ?? [];
  if (conditions === undefined || known.length < conditions.length) return undefined;
  return known.length === 1 ? known[0] : { kind: 'or', of: known, place: text.place(node) };
}

/** The condition with its searches in place of their names; unknown names are reported. */
export function resolvedCondition(text: RuleText, expression: Expression, searches: Searches, budget = { left: MOST_MATCHES }): Condition | undefined {
  const condition = resolve(text, expression, searches, budget);
  if (budget.left >= 0) return condition;
  text.report(expression.span, `this condition refers to more than ${MOST_MATCHES} values`);
  return undefined;
}

const MOST_CONDITIONS = 100;

function conditionTexts(text: RuleText, node: YamlNode): readonly YamlText[] | undefined {
  if (isText(node)) return [node];
  if (node.kind === 'scalar' && typeof node.value === 'number') return [{ ...node, value: node.source }];
  if (node.kind === 'list' && node.items.length > 0 && node.items.length <= MOST_CONDITIONS && node.items.every(isText)) return node.items;
  text.report(node, `a condition must be text or a list of up to ${MOST_CONDITIONS} texts, this is ${nameOfKind(node)}`);
  return undefined;
}

function resolve(text: RuleText, expression: Expression, searches: Searches, budget: { left: number }): Condition | undefined {
  const { span } = expression;
  const take = ({ condition, matches }: Search): Condition => {
    budget.left -= matches + 1;
    return condition;
  };
  if (budget.left < 0) return undefined;
  switch (expression.kind) {
    case 'name': {
      const search = searches.get(expression.name);
      if (search !== undefined) return take(search);
      text.report(span, `there is no search \`${shown(expression.name)}\``, expression.name.includes('*') ? 'expected `1 of` or `all of` before a pattern' : nearSearch(expression.name, searches));
      return undefined;
    }
    case 'of': {
      const found = [...searches].filter(([name]) => !name.startsWith('_') && fitsPattern(name, expression.pattern));
      if (found.length > 0) return { kind: expression.every ? 'and' : 'or', of: found.map(([, search]) => take(search)), label: expression.written, place: text.place(span) };
      const near = expression.pattern.startsWith('_') ? 'names that begin with _ are left out of patterns: write them out' : nearSearch(expression.pattern.replaceAll('*', ''), searches);
      text.report(span, `no search fits \`${shown(expression.written)}\``, near);
      return undefined;
    }
    case 'not': {
      const of = resolve(text, expression.of, searches, budget);
      return of === undefined ? undefined : { kind: 'not', of, place: text.place(span) };
    }
    case 'and':
    case 'or': {
      const of = expression.of.map((part) => resolve(text, part, searches, budget));
      const known = of.filter((part) => part !== undefined);
      return known.length < of.length ? undefined : { kind: expression.kind, of: known, place: text.place(span) };
    }
    default:
      return expression satisfies never;
  }
}

/** `*` stands for any number of characters. Names and patterns are short: each star is tried at its first place. */
export function fitsPattern(name: string, pattern: string): boolean {
  const pieces = pattern.split('*');
  const [first = '', ...rest] = pieces;
  if (rest.length === 0) return name === pattern;
  if (!name.startsWith(first)) return false;
  let at = first.length;
  const last = rest.pop() ?? '';
  for (const piece of rest) {
    const found = name.indexOf(piece, at);
    if (found === -1) return false;
    at = found + piece.length;
  }
  return name.length - last.length >= at && name.endsWith(last);
}
