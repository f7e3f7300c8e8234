import { blankMasks } from '../../contracts/masked-span.ts';
import type { Signature } from '../../contracts/pack.ts';
import { detectError } from '../errors.ts';
import { contextTest } from '../pack/context.ts';
import type { ContextTest } from '../pack/context.ts';
import { fieldTest, lineTest } from '../pack/field-names.ts';
import { exactPattern, hasValueGroup, probePattern } from '../pack/pattern.ts';
import type { Span, Validator } from '../validators/span.ts';
import { validatorOf } from '../validators/validator.ts';
import { jsonStringValue } from '../views/json-string.ts';
import { endOf, startOf } from '../views/view.ts';
import type { View } from '../views/view.ts';
import { signsIn } from '../views/signs.ts';
import { viewsOf } from '../views/views.ts';
import { jsonTokens } from './json-tokens.ts';
import type { JsonToken, Range } from './json-tokens.ts';
import { labelOf } from './labels.ts';

/** A signature with its exact pattern and the fields it looks at. */
export interface Rule {
  readonly index: number;
  readonly signature: Signature;
  readonly pattern: RegExp;
  /** Found within every match of `pattern`, at less cost. */
  readonly probe: RegExp;
  /** The pattern's group is the value. */
  readonly hasValueGroup: boolean;
  readonly validate: Validator;
  readonly context: ContextTest | undefined;
  /** Undefined when all. */
  readonly looksAt: ((field: string) => boolean) | undefined;
  /** Whether a line may have one of them; undefined when nothing is known. */
  readonly mayStandIn: ((line: string) => boolean) | undefined;
}

/** One place a signature matched. */
export interface Detection {
  readonly rule: Rule;
  readonly field: string;
  /** In the field's decoded value. */
  readonly span: Span;
  /** Index of the token in the line. */
  readonly token: number;
  /** What matched, as decoded as it was found. */
  readonly text: string;
  /** Name of the view it was found in first; '' for the value as it is. */
  readonly view: string;
  /** That view undid an escape. */
  readonly escaped: boolean;
}

/** A token with its decoded value. */
export interface DecodedToken {
  readonly line: string;
  readonly token: JsonToken;
  /** Origins point into the token's raw text (inside the quotes of a string). */
  readonly value: View;
}

/** Throws TQ-DETECT-05 for a validator that this version does not have. */
export function rulesOf(signatures: readonly Signature[]): readonly Rule[] {
  return signatures.map((signature, index) => {
    const validate = validatorOf(signature.validators ?? []);
    if (validate === undefined) throw detectError('packInvalid', `${signature.id}: a validator of ${String(signature.validators)} is not part of this version`);
    return {
      index, signature, validate,
      pattern: exactPattern(signature),
      probe: probePattern(signature),
      hasValueGroup: hasValueGroup(signature),
      context: signature.context === undefined ? undefined : contextTest(signature.context),
      looksAt: fieldTest(signature),
      mayStandIn: lineTest(signature),
    };
  });
}

function decoded(line: string, token: JsonToken): DecodedToken {
  const inside = token.kind === 'string' ? 1 : 0;
  return { line, token, value: jsonStringValue(line.slice(token.start + inside, token.end - inside)) };
}

export function decodeTokens(line: string): readonly DecodedToken[] {
  return jsonTokens(line).map((token) => decoded(line, token));
}

/** By which a token's value differs from the line's text. */
const ESCAPED = /\\/g;

function escapesIn(line: string): readonly Range[] {
  const places: Range[] = [];
  ESCAPED.lastIndex = 0;
  while (ESCAPED.test(line)) places.push([ESCAPED.lastIndex - 1, ESCAPED.lastIndex]);
  return places;
}

/**
 * The tokens a rule can match in; at most those of `decodeTokens`. What the probe finds inside of a plain token it finds
 * at the same place in the raw line too, or in a match that begins earlier and touches the token: what stands between
 * tokens is no part of a word. `inViews` as for `exactMatches`.
 */
export function candidateTokens(line: string, rules: readonly Rule[], inViews = true): readonly DecodedToken[] {
  if (rules.length === 0) return [];
  // A backslash is one of the signs.
  const touched: Range[] = [...(inViews ? signsIn(line) : escapesIn(line))];
  for (const { probe: pattern } of rules) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) touched.push([match.index, pattern.lastIndex]);
  }
  return jsonTokens(line, touched.toSorted(([a], [b]) => a - b)).map((token) => decoded(line, token));
}

const NO_SPANS: readonly Span[] = [];

/** Whether a context's words say by name what stands in a token: in its path, or in a label beside it. */
function isNamed(context: ContextTest, { line, token }: DecodedToken): boolean {
  if (context.inField(blankMasks(token.field))) return true;
  const label = labelOf(line, token);
  return label !== '' && context.inLabel(blankMasks(label));
}

/** Nothing but what `blankMasks` put there. */
const BLANK = /^\u27e6+$/;

/** Every accepted match of a rule in one text of a token. After a refused one the search goes on one unit further. */
function spansIn(rule: Rule, text: string, decodedToken: DecodedToken, refused: Set<Rule>): readonly Span[] {
  const { pattern, validate, context } = rule;
  pattern.lastIndex = 0;
  let match = pattern.exec(text);
  if (match === null) return NO_SPANS;
  const { field } = decodedToken.token;
  const near = context?.in(text);
  let named: boolean | undefined;
  const spans: Span[] = [];
  for (; match !== null; match = pattern.exec(text)) {
    const [start, end] = (rule.hasValueGroup ? match.indices?.[1] : undefined) ?? [match.index, match.index + match[0].length];
    const meant = context === undefined || near?.({ start, end }) === true || (named ??= isNamed(context, decodedToken));
    const span = meant ? validate(text, { start, end }, field) : undefined;
    pattern.lastIndex = span === undefined ? match.index + 1 : Math.max(span.end, match.index + 1);
    if (span === undefined) refused.add(rule);
    else if (!BLANK.test(text.slice(span.start, span.end))) spans.push(span);
  }
  return spans;
}

export interface Matches {
  readonly found: readonly Detection[];
  /** Rules whose pattern matched where context or validator said no. */
  readonly refused: ReadonlySet<Rule>;
}

/** Those that are found. */
export function exactMatches(tokens: readonly DecodedToken[], rules: readonly Rule[], inViews = true): readonly Detection[] {
  return matchesIn(tokens, rules, inViews).found;
}

/**
 * All matches of the rules in the tokens of a line, but for masks that stand there already: per token, rule and view, equal
 * places once; of a rule that masks nothing those in the first view it is found in. `inViews`: in decoded views of strings
 * too; false where it is known that none of the rules is found there.
 */
export function matchesIn(tokens: readonly DecodedToken[], rules: readonly Rule[], inViews: boolean): Matches {
  const found: Detection[] = [];
  const refused = new Set<Rule>();
  const isMasked = tokens[0]?.line.includes('\u27e6') === true;
  for (const decodedToken of tokens) {
    const { token, value } = decodedToken;
    const looking = rules.filter((rule) => rule.looksAt?.(token.field) !== false);
    if (looking.length === 0) continue;
    const text = isMasked ? blankMasks(value.text) : value.text;
    const views = inViews && token.kind === 'string' ? viewsOf(text) : [{ ...value, text, origin: undefined }];
    for (const rule of looking) {
      // A place can be found in several views only.
      const seen = views.length > 1 ? new Set<number>() : undefined;
      for (const view of views) {
        const spans = spansIn(rule, view.text, decodedToken, refused);
        for (const s of spans) {
          const span = { start: startOf(view, s.start), end: endOf(view, s.end) };
          const place = span.start * 0x100000 + span.end;
          if (seen?.has(place) === true) continue;
          seen?.add(place);
          found.push({ rule, field: token.field, span, token: token.index, text: (view.origin === undefined ? value.text : view.text).slice(s.start, s.end), view: view.name, escaped: view.escaped });
        }
        if (spans.length > 0 && rule.signature.mask === undefined) break;
      }
    }
  }
  return { found, refused };
}
