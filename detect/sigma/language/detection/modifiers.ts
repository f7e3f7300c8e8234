import type { Comparison, TimePart } from '../../rule.ts';
import { TIME_PARTS } from '../../rule.ts';
import { didYouMean } from '../nearest.ts';
import { shown } from '../rule-text.ts';
import type { RuleText, Span } from '../rule-text.ts';

/**
 * The modifiers of one detection item after checking: what they test, and how. A chain that means nothing is refused.
 * https://github.com/SigmaHQ/sigma-specification, appendix modifiers 2.1.0
 */
export interface Modifiers {
  readonly family: Family;
  readonly placement: Placement | undefined;
  /** In order of application. */
  readonly encoders: readonly Encoder[];
  readonly windash: boolean;
  readonly expand: boolean;
  readonly cased: boolean;
  readonly all: boolean;
  readonly negated: boolean;
  readonly decoded: boolean;
  /** Out of `i`, `m`, `s`, in this order. */
  readonly flags: string;
  readonly comparison: Comparison;
  readonly timePart: TimePart | undefined;
}

export const PLACEMENTS = ['contains', 'startswith', 'endswith'] as const;
export type Placement = (typeof PLACEMENTS)[number];
export const ENCODERS = ['utf16', 'utf16le', 'utf16be', 'base64', 'base64offset'] as const;
export type Encoder = (typeof ENCODERS)[number];
const COMPARISONS = ['lt', 'lte', 'gt', 'gte'] as const;
const FLAGS = ['i', 'm', 's'] as const;

type Family = 'text' | 're' | 'cidr' | 'number' | 'time' | 'fieldref' | 'exists';

/** Which modifiers go together; `all` and `neq` are about the whole item. */
const FAMILIES: Readonly<Record<Family, readonly string[]>> = {
  text: [...PLACEMENTS, ...ENCODERS, 'windash', 'expand', 'cased', 'all', 'neq', 'decoded'],
  re: ['re', ...FLAGS, 'expand', 'all', 'neq', 'decoded'],
  cidr: ['cidr', 'expand', 'all', 'neq'],
  number: [...COMPARISONS, 'all'],
  time: [...TIME_PARTS, ...COMPARISONS, 'all', 'neq'],
  fieldref: ['fieldref', ...PLACEMENTS, 'cased', 'all', 'neq'],
  exists: ['exists'],
};
/** The modifier that decides; text when none of them is there. */
const FAMILY_OF: ReadonlyMap<string, Family> = new Map<string, Family>([
  ['exists', 'exists'], ['re', 're'], ['cidr', 'cidr'], ['fieldref', 'fieldref'],
  ...TIME_PARTS.map((part): [string, Family] => [part, 'time']), ...COMPARISONS.map((name): [string, Family] => [name, 'number']),
]);
/** Other names of the same: `wide` is the specification's, the long flags are pySigma's. */
const SAME: ReadonlyMap<string, string> = new Map([['wide', 'utf16le'], ['ignorecase', 'i'], ['multiline', 'm'], ['dotall', 's']]);

const NAMES: readonly string[] = [...new Set([...Object.values(FAMILIES).flat(), ...SAME.keys()])].toSorted();

const UTF16 = ['utf16', 'utf16le', 'utf16be'];
/** Of these at most one. */
const CHOICES: readonly (readonly string[])[] = [PLACEMENTS, COMPARISONS, TIME_PARTS, UTF16];
/** What stands left has to come before what stands right. */
const ORDER: readonly (readonly [readonly string[], readonly string[]])[] = [
  [['re'], [...FLAGS, 'expand']],
  [['expand', 'windash'], ENCODERS],
  [UTF16, ['base64', 'base64offset']],
  [['base64'], ['base64offset']],
  [[...ENCODERS, 'fieldref'], PLACEMENTS],
  [TIME_PARTS, COMPARISONS],
];

export interface WrittenModifier {
  readonly name: string;
  readonly span: Span;
}

/** `name` is what the modifier is called here, `written` what the author calls it. */
interface KnownModifier extends WrittenModifier {
  readonly written: string;
}

/** Reports every modifier that is unknown, twice, out of place or without sense beside the others. */
export function modifiersOf(text: RuleText, written: readonly WrittenModifier[]): Modifiers | undefined {
  const chain: KnownModifier[] = [];
  for (const { name, span } of written) {
    const known = SAME.get(name) ?? name;
    if (!NAMES.includes(name)) reportUnknown(text, name, span);
    else if (chain.some((other) => other.name === known)) text.report(span, `the modifier \`${name}\` is here twice`);
    else chain.push({ name: known, written: name, span });
  }
  if (chain.length < written.length) return undefined;
  const family = familyOf(chain);
  const fits = chain.every((modifier) => fitsInto(text, family, modifier)) && inOrder(text, chain) && complete(text, chain);
  return fits ? resolved(family, chain.map(({ name }) => name)) : undefined;
}

function reportUnknown(text: RuleText, name: string, span: Span): void {
  if (name === '') text.report(span, 'a modifier is missing behind `|`', 'leave out the `|`');
  else text.report(span, `unknown modifier \`${shown(name)}\``, didYouMean(name, NAMES, `modifiers are ${NAMES.join(', ')}`));
}

function familyOf(chain: readonly KnownModifier[]): Family {
  const families = new Set(chain.map(({ name }) => FAMILY_OF.get(name)));
  return (['exists', 're', 'cidr', 'fieldref', 'time', 'number'] as const).find((family) => families.has(family)) ?? 'text';
}

function fitsInto(text: RuleText, family: Family, { name, written, span }: KnownModifier): boolean {
  if (FAMILIES[family].includes(name)) return true;
  const fitting = FAMILIES[family].filter((other) => other !== family);
  const hint = HINTS.get(`${family} ${name}`) ?? (fitting.length === 0 ? `\`${family}\` stands alone` : `beside it can stand ${fitting.join(', ')}`);
  text.report(span, `\`${written}\` has no meaning beside ${CALLED.get(family) ?? `\`${family}\``}`, hint);
  return false;
}

const CALLED: ReadonlyMap<Family, string> = new Map([['text', 'text modifiers'], ['number', 'number comparisons'], ['time', 'parts of a time']]);
const HINTS: ReadonlyMap<string, string> = new Map([
  ['re contains', 'a regular expression is found anywhere in the value as it is'],
  ['re startswith', 'begin the expression with ^'],
  ['re endswith', 'end the expression with $'],
  ['re cased', 'a regular expression respects case unless `i` follows `re`'],
  ['text i', '`i` belongs behind `re`; other texts ignore case unless `cased`'],
  ['text m', '`m` belongs behind `re`'],
  ['text s', '`s` belongs behind `re`'],
  ['number neq', 'write the opposite comparison'],
]);

function inOrder(text: RuleText, chain: readonly KnownModifier[]): boolean {
  for (const [index, { name, written, span }] of chain.entries()) {
    const first = chain.slice(index + 1).find((later) => ORDER.some(([before, after]) => after.includes(name) && before.includes(later.name)));
    if (first === undefined) continue;
    text.report(span, `\`${written}\` stands before \`${first.written}\``, `write ${first.written}|${written}`);
    return false;
  }
  return true;
}

function complete(text: RuleText, chain: readonly KnownModifier[]): boolean {
  for (const choice of CHOICES) {
    const [first, second] = chain.filter(({ name }) => choice.includes(name));
    if (first === undefined || second === undefined) continue;
    text.report(second.span, `\`${second.written}\` and \`${first.written}\` exclude each other`, choice === COMPARISONS ? 'write the field twice, each with one comparison' : `at most one of ${choice.join(', ')}`);
    return false;
  }
  const offset = chain.find(({ name }) => name === 'base64offset');
  if (offset === undefined || chain.some(({ name }) => PLACEMENTS.some((placement) => placement === name))) return true;
  text.report(offset.span, '`base64offset` gives parts of a text, a whole value never equals one', 'write base64offset|contains');
  return false;
}

function resolved(family: Family, names: readonly string[]): Modifiers {
  const has = (name: string): boolean => names.includes(name);
  return {
    family, placement: PLACEMENTS.find(has), timePart: TIME_PARTS.find(has), comparison: COMPARISONS.find(has) ?? 'eq',
    encoders: names.flatMap((name) => ENCODERS.filter((encoder) => encoder === name)), flags: FLAGS.filter(has).join(''),
    windash: has('windash'), expand: has('expand'), cased: has('cased'), all: has('all'), negated: has('neq'), decoded: has('decoded'),
  };
}
