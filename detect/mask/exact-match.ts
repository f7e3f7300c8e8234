import type { Pack, Signature } from '../../contracts/pack.ts';
import { exactPattern, hyperscanPattern } from '../pack/pattern.ts';
import type { Span } from '../validators/span.ts';
import { VALIDATOR_OF } from '../validators/validator.ts';
import { jsonStringValue } from '../views/json-string.ts';
import { endOf, startOf } from '../views/view.ts';
import type { View } from '../views/view.ts';
import { signsIn } from '../views/signs.ts';
import { viewsOf } from '../views/views.ts';
import { jsonTokens } from './json-tokens.ts';
import type { JsonToken, Range } from './json-tokens.ts';

/** A signature with its exact pattern and the fields it looks at. */
export interface Rule {
  readonly index: number;
  readonly signature: Signature;
  readonly pattern: RegExp;
  /** Found within every match of `pattern`, at less cost. */
  readonly probe: RegExp;
  readonly fields: ReadonlySet<string> | undefined;
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
  readonly token: JsonToken;
  /** Origins point into the token's raw text (inside the quotes of a string). */
  readonly value: View;
}

export function rulesOf(pack: Pick<Pack, 'signatures'>): readonly Rule[] {
  return pack.signatures.map((signature, index) => ({
    index,
    signature,
    pattern: exactPattern(signature),
    probe: hyperscanPattern(signature),
    fields: signature.fields === undefined ? undefined : new Set(signature.fields),
  }));
}

function decoded(line: string, token: JsonToken): DecodedToken {
  const inside = token.kind === 'string' ? 1 : 0;
  return { token, value: jsonStringValue(line.slice(token.start + inside, token.end - inside)) };
}

export function decodeTokens(line: string): readonly DecodedToken[] {
  return jsonTokens(line).map((token) => decoded(line, token));
}

/** By which a token's value differs from the line's text. */
const ESCAPED = /\\/g;

/**
 * The tokens a rule can match in; at most those of `decodeTokens`. What the probe finds inside of a plain token it finds
 * at the same place in the raw line too, or in a match that begins earlier and touches the token: what stands between
 * tokens is no part of a word. `inViews` as for `exactMatches`.
 */
export function candidateTokens(line: string, rules: readonly Rule[], inViews = true): readonly DecodedToken[] {
  const touched: Range[] = inViews ? [...signsIn(line)] : [];
  for (const pattern of [ESCAPED, ...rules.map((rule) => rule.probe)]) {
    pattern.lastIndex = 0;
    for (let match = pattern.exec(line); match !== null; match = pattern.exec(line)) touched.push([match.index, pattern.lastIndex]);
  }
  return jsonTokens(line, touched.toSorted(([a], [b]) => a - b)).map((token) => decoded(line, token));
}

const NO_SPANS: readonly Span[] = [];

/** Every accepted match of a rule in one text. After a refused one the search goes on one unit further. */
function spansIn(rule: Rule, text: string): readonly Span[] {
  const { pattern } = rule;
  pattern.lastIndex = 0;
  let match = pattern.exec(text);
  if (match === null) return NO_SPANS;
  const validate = VALIDATOR_OF[rule.signature.validator ?? 'none'];
  const spans: Span[] = [];
  for (; match !== null; match = pattern.exec(text)) {
    const span = validate(text, { start: match.index, end: match.index + match[0].length });
    pattern.lastIndex = span?.end ?? match.index + 1;
    if (span !== undefined) spans.push(span);
  }
  return spans;
}

/**
 * All matches of the rules in the tokens: per token, rule and view, equal places once; of a rule that masks nothing those
 * in the first view it is found in. `inViews`: in decoded views of strings too; false where it is known that none of the
 * rules is found there.
 */
export function exactMatches(tokens: readonly DecodedToken[], rules: readonly Rule[], inViews = true): readonly Detection[] {
  const found: Detection[] = [];
  for (const { token, value } of tokens) {
    const views = inViews && token.kind === 'string' ? viewsOf(value.text) : [{ ...value, origin: undefined }];
    for (const rule of rules) {
      if (rule.fields !== undefined && !rule.fields.has(token.field)) continue;
      // A place can be found in several views only.
      const seen = views.length > 1 ? new Set<number>() : undefined;
      for (const view of views) {
        const spans = spansIn(rule, view.text);
        for (const s of spans) {
          const span = { start: startOf(view, s.start), end: endOf(view, s.end) };
          const place = span.start * 0x100000 + span.end;
          if (seen?.has(place) === true) continue;
          seen?.add(place);
          found.push({ rule, field: token.field, span, token: token.index, text: view.text.slice(s.start, s.end), view: view.name, escaped: view.escaped });
        }
        if (spans.length > 0 && rule.signature.mask === undefined) break;
      }
    }
  }
  return found;
}
