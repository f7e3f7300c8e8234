import type { TextPart } from '../../rule.ts';
import { ANY } from '../../rule.ts';
import { didYouMean } from '../nearest.ts';
import type { RuleText, Span } from '../rule-text.ts';
import { joined, textPattern, withPlaceholders } from './text-pattern.ts';

/** The values of placeholders, and which of them were used: they are part of what a rule means. */
export interface Placeholders {
  readonly values: Readonly<Record<string, readonly string[]>>;
  readonly used: Set<string>;
}

const MOST_EXPANSIONS = 10_000;

/** Every text that a value with placeholders stands for; undefined, reported, when one has no values. */
export function expandedTexts(text: RuleText, span: Span, written: string, placeholders: Placeholders): readonly (readonly TextPart[])[] | undefined {
  return expanded(text, span, written, placeholders, (piece) => textPattern(piece), (value) => textPattern(value))?.map((parts) => joined(parts.flat()));
}

/** The same for regular expressions: the values are put in as expressions that match the same texts. */
export function expandedExpressions(text: RuleText, span: Span, written: string, placeholders: Placeholders): readonly string[] | undefined {
  return expanded(text, span, written, placeholders, (piece) => piece, expressionOf)?.map((parts) => parts.join(''));
}

/** The same for values without wildcards. */
export function expandedPlain(text: RuleText, span: Span, written: string, placeholders: Placeholders): readonly string[] | undefined {
  return expanded(text, span, written, placeholders, (piece) => piece, (value) => value)?.map((parts) => parts.join(''));
}

function expanded<T>(text: RuleText, span: Span, written: string, { values, used }: Placeholders, ofText: (piece: string) => T, ofValue: (value: string) => T): readonly (readonly T[])[] | undefined {
  let variants: readonly (readonly T[])[] = [[]];
  for (const part of withPlaceholders(written)) {
    const choices = typeof part === 'string' ? [ofText(part)] : valuesOf(text, span, part.placeholder, values)?.map(ofValue);
    if (choices === undefined) return undefined;
    if (typeof part !== 'string') used.add(part.placeholder);
    if (variants.length * choices.length > MOST_EXPANSIONS) {
      text.report(span, `the placeholders give more than ${MOST_EXPANSIONS} values`);
      return undefined;
    }
    variants = variants.flatMap((variant) => choices.map((choice) => [...variant, choice]));
  }
  return variants;
}

function valuesOf(text: RuleText, span: Span, name: string, values: Readonly<Record<string, readonly string[]>>): readonly string[] | undefined {
  const found = Object.hasOwn(values, name) ? values[name] : undefined;
  if (found !== undefined && found.length > 0) return found;
  text.report(span, `the placeholder \`%${name}%\` has no values`, didYouMean(name, Object.keys(values), 'give them in the configuration, under `rules.placeholders`'));
  return undefined;
}

function expressionOf(value: string): string {
  return textPattern(value).map((part) => (typeof part === 'string' ? part.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&') : part === ANY ? '.*' : '.')).join('');
}
