import { isIP } from 'node:net';
import { ANY } from '../../rule.ts';
import type { Test, TextPart, TimePart } from '../../rule.ts';
import { regexProblem } from '../../regex/regex-problem.ts';
import { booleanHint, numberIn } from '../document/value.ts';
import type { RuleText } from '../rule-text.ts';
import { isText, nameOfKind } from '../yaml/node.ts';
import type { YamlNode, YamlScalar, YamlText } from '../yaml/node.ts';
import { networkProblem } from './network.ts';
import { dashVariants, encoded } from './encodings.ts';
import type { Modifiers, Placement } from './modifiers.ts';
import { expandedExpressions, expandedPlain, expandedTexts } from './placeholders.ts';
import type { Placeholders } from './placeholders.ts';
import { joined, textPattern } from './text-pattern.ts';

export interface ItemContext {
  readonly text: RuleText;
  readonly modifiers: Modifiers;
  readonly placeholders: Placeholders;
  /** The value is looked for anywhere in any value of the event. */
  readonly keyword: boolean;
}

/** The tests a value stands for, any of which may pass; undefined when it cannot be one, which is reported. */
export function testsOf(context: ItemContext, value: YamlNode): readonly Test[] | undefined {
  const { text, modifiers } = context;
  if (value.kind !== 'scalar') {
    text.report(value, `a value must be text, a number, true, false or null, this is ${nameOfKind(value)}`, value.kind === 'map' ? 'a field within a field is written with dots: `a.b`' : undefined);
    return undefined;
  }
  switch (modifiers.family) {
    case 'text':
      return value.value === null ? nullTest(context, value) : textTests(context, value);
    case 're':
      return regexTests(context, value);
    case 'cidr':
      return networkTests(context, value);
    case 'number': {
      const number = numberIn(text, value, modifiers.comparison);
      return number === undefined ? undefined : [{ kind: 'number', comparison: modifiers.comparison, value: number }];
    }
    case 'time':
      return timeTest(context, value);
    case 'fieldref':
      return fieldTest(context, value);
    case 'exists':
      if (typeof value.value === 'boolean') return [{ kind: 'exists', exists: value.value }];
      text.report(value, `\`exists\` takes true or false, this is ${nameOfKind(value)}`, booleanHint(value));
      return undefined;
    default:
      return modifiers.family satisfies never;
  }
}

function nullTest({ text, modifiers, keyword }: ItemContext, value: YamlScalar): readonly Test[] | undefined {
  const { placement, encoders, windash, expand, cased, decoded } = modifiers;
  if (!keyword && placement === undefined && encoders.length === 0 && !windash && !expand && !cased && !decoded) return [{ kind: 'null' }];
  text.report(value, keyword ? 'a keyword cannot be null' : 'null has no text to modify', keyword ? undefined : "write '' for the empty text");
  return undefined;
}

function textTests({ text, modifiers, placeholders, keyword }: ItemContext, value: YamlScalar): readonly Test[] | undefined {
  const { placement, encoders, windash, expand, cased } = modifiers;
  if ((encoders.length > 0 || windash || expand) && !isText(value)) {
    text.report(value, `\`${encoders[0] ?? (windash ? 'windash' : 'expand')}\` takes text, this is ${nameOfKind(value)}`, 'put it in quotes');
    return undefined;
  }
  if (keyword && value.value === '') {
    text.report(value, 'a keyword cannot be empty');
    return undefined;
  }
  const texts = expand ? expandedTexts(text, value, String(value.value), placeholders) : writtenTexts(value);
  const tests: Test[] = [];
  for (const parts of texts ?? []) {
    const variants = windash ? dashVariants(parts) : [parts];
    if (variants === undefined) text.report(value, 'this value has more dashes than `windash` can vary', 'at most 4 that begin a word');
    for (const variant of variants ?? []) {
      const results = encoded(variant, encoders);
      if (typeof results === 'string') text.report(value, results);
      else for (const result of results) tests.push({ kind: 'text', parts: placed(result, keyword ? 'contains' : placement), cased });
    }
    if (tests.length > MOST_TESTS) {
      text.report(value, `this value stands for more than ${MOST_TESTS} texts`);
      return undefined;
    }
  }
  return tests.length === 0 ? undefined : tests;
}

/** Of one value, with its placeholders and dashes. */
const MOST_TESTS = 10_000;

/** A number passes as JSON writes it and as the author wrote it: `1.0` is 1 in JSON, but "1.0" in a text. */
function writtenTexts(value: YamlScalar): readonly (readonly TextPart[])[] {
  if (isText(value)) return [textPattern(value.value)];
  const forms = typeof value.value !== 'number' ? [String(value.value)] : Number.isFinite(value.value) ? [String(value.value), value.source] : [value.source];
  return [...new Set(forms)].map((form) => [form]);
}

function placed(parts: readonly TextPart[], placement: Placement | undefined): readonly TextPart[] {
  if (placement === undefined) return parts;
  return joined([...(placement === 'startswith' ? [] : [ANY]), ...parts, ...(placement === 'endswith' ? [] : [ANY])] as readonly TextPart[]); // a spread of a unique symbol widens to symbol
}

function textOf({ text, modifiers }: ItemContext, value: YamlScalar): YamlText | undefined {
  if (isText(value) && value.value !== '') return value;
  text.report(value, `\`${modifiers.family}\` takes text, this is ${nameOfKind(value)}`, value.source === '' ? undefined : 'put it in quotes');
  return undefined;
}

function regexTests(context: ItemContext, value: YamlScalar): readonly Test[] | undefined {
  const { text, modifiers, placeholders } = context;
  const written = textOf(context, value);
  if (written === undefined) return undefined;
  const patterns = modifiers.expand ? expandedExpressions(text, value, written.value, placeholders) : [written.value];
  const { flags } = modifiers;
  for (const pattern of patterns ?? []) {
    const problem = regexProblem(pattern, flags);
    if (problem === undefined) continue;
    text.report(value, `this regular expression cannot be used: ${problem}`);
    return undefined;
  }
  return patterns?.map((pattern) => ({ kind: 'regex', pattern, flags }));
}

function networkTests(context: ItemContext, value: YamlScalar): readonly Test[] | undefined {
  const { text, modifiers, placeholders } = context;
  const written = textOf(context, value);
  if (written === undefined) return undefined;
  const networks = modifiers.expand ? expandedPlain(text, value, written.value, placeholders) : [written.value];
  for (const network of networks ?? []) {
    const problem = networkProblem(network);
    if (problem === undefined) continue;
    text.report(value, problem.message, problem.hint);
    return undefined;
  }
  return networks?.map((network) => ({ kind: 'cidr', network: isIP(network) === 0 ? network : `${network}/${isIP(network) === 4 ? 32 : 128}` }));
}

const TIME_RANGES: Readonly<Record<TimePart, readonly [number, number]>> = { minute: [0, 59], hour: [0, 23], day: [1, 31], week: [1, 53], month: [1, 12], year: [0, 9999] };

function timeTest({ text, modifiers: { timePart, comparison } }: ItemContext, value: YamlScalar): readonly Test[] | undefined {
  if (timePart === undefined) throw new TypeError('a time test has a part'); // modifiers.ts gives the family only with a part
  const number = numberIn(text, value, timePart);
  if (number === undefined) return undefined;
  const [least, most] = TIME_RANGES[timePart];
  if (Number.isInteger(number) && number >= least && number <= most) return [{ kind: 'time', part: timePart, comparison, value: number }];
  text.report(value, `\`${timePart}\` is a whole number from ${least} to ${most}`);
  return undefined;
}

function fieldTest(context: ItemContext, value: YamlScalar): readonly Test[] | undefined {
  const written = textOf(context, value);
  if (written === undefined) return undefined;
  const parts = textPattern(written.value);
  const [other] = parts;
  if (parts.length === 1 && typeof other === 'string') return [{ kind: 'fieldref', other, how: context.modifiers.placement ?? 'equals', cased: context.modifiers.cased }];
  context.text.report(value, 'the name of a field has no wildcards');
  return undefined;
}
