import type { Level } from '../../contracts/pack.ts';

/**
 * Sigma rules as they are after reading: every modifier resolved, every name looked up, every filter applied. Data only.
 * `language/` makes them out of YAML, `naive/` is their meaning, `plan/` the same meaning fast.
 */

/** Where something stands in a rule file; lines and columns count from 1, columns in UTF-16 units. */
export interface Place {
  readonly file: string;
  readonly line: number;
  readonly column: number;
  /** Units to underline, at least 1. */
  readonly length: number;
}

/** Attributes of every kind of document. */
export interface RuleHead {
  /** What matches and correlations name the rule by: its `id`, else its `name`, else its title. Unique in a rule set. */
  readonly id: string;
  readonly name?: string;
  readonly title: string;
  readonly status?: string;
  readonly description?: string;
  readonly author?: string;
  readonly references: readonly string[];
  readonly tags: readonly string[];
  readonly falsePositives: readonly string[];
  /** `medium` where the rule names none. */
  readonly level: Level;
  readonly options: RuleOptions;
  readonly place: Place;
  /** SHA-256 (hex) of the document's content with everything it depends on: filters, placeholders, rules it refers to. */
  readonly hash: string;
}

/** Our own attributes, under the custom key `tourniquet` of a rule. */
export interface RuleOptions {
  /** Data or attack class of a match, as signatures have it; empty when not given. */
  readonly class: string;
  /** Correlations: whether events of one site are looked at together, or of all sites of the deployment. */
  readonly scope: 'site' | 'deployment';
  /** How alerts are grouped for notification; undefined: as the operator's settings say. */
  readonly suppress?: Suppression;
}

/** Alerts of one rule that agree in `by` are one group: after a notification the group is quiet, each time `backOff` times longer. */
export interface Suppression {
  /** Fields as the rule names them. */
  readonly by: readonly string[];
  readonly quietMs: number;
  readonly backOff: number;
  readonly mostMs: number;
}

export interface Logsource {
  readonly category?: string;
  readonly product?: string;
  readonly service?: string;
}

export interface DetectionRule extends RuleHead {
  readonly kind: 'detection';
  readonly logsource: Logsource;
  /** A rule with several conditions matches when any does. Filters are part of it. */
  readonly condition: Condition;
  /** Whether its matches are told: no correlation refers to it, or one that does says `generate: true`. Else they are only counted. */
  readonly standalone: boolean;
}

/**
 * `label` is what the author wrote: the name of a search, `1 of sel*`, …; for `explain`.
 * An `and` of nothing is true, an `or` of nothing is false.
 */
export type Condition =
  | { readonly kind: 'and' | 'or'; readonly of: readonly Condition[]; readonly label?: string; readonly place: Place }
  | { readonly kind: 'not'; readonly of: Condition; readonly label?: string; readonly place: Place }
  | Match;

/** One test of one field, or of all values of the event (`field` undefined: a keyword). */
export interface Match {
  readonly kind: 'match';
  readonly field: string | undefined;
  readonly test: Test;
  /** The extension modifier `decoded`: any decoded view of the value may match, see `detect/views/`. */
  readonly decoded: boolean;
  /** As the author wrote it, for `explain`. */
  readonly written: string;
  readonly place: Place;
}

export type Comparison = 'eq' | 'neq' | 'lt' | 'lte' | 'gt' | 'gte';

/** `*` and `?` of a text pattern; every other part is literal text, none empty, no two beside each other. */
export const ANY: unique symbol = Symbol('*');
export const ONE: unique symbol = Symbol('?');
export type TextPart = string | typeof ANY | typeof ONE;

/**
 * A field with a list of values passes when any value passes. Texts and numbers compare as texts of their JSON form
 * (`4625` and `"4625"` are equal), booleans as `true` and `false`. An object never passes a text test.
 */
export type Test =
  /** The whole value, parts in order. Without `cased` both sides are compared after `foldCase` of `fold-case.ts`. No parts: the empty text. */
  | { readonly kind: 'text'; readonly parts: readonly TextPart[]; readonly cased: boolean }
  /** A PCRE found anywhere in the value. `flags` out of `i`, `m`, `s`. */
  | { readonly kind: 'regex'; readonly pattern: string; readonly flags: string }
  | { readonly kind: 'cidr'; readonly network: string }
  | { readonly kind: 'number'; readonly comparison: Comparison; readonly value: number }
  /** The field is absent or null (`field: null`). */
  | { readonly kind: 'null' }
  /** The key is there, whatever its value. */
  | { readonly kind: 'exists'; readonly exists: boolean }
  | { readonly kind: 'fieldref'; readonly other: string; readonly how: 'equals' | 'contains' | 'startswith' | 'endswith'; readonly cased: boolean }
  /** A number out of a date as it stands in the value (its own offset, no conversion). */
  | { readonly kind: 'time'; readonly part: TimePart; readonly comparison: Comparison; readonly value: number };

export const TIME_PARTS = ['minute', 'hour', 'day', 'week', 'month', 'year'] as const;
export type TimePart = (typeof TIME_PARTS)[number];

export const CORRELATION_TYPES = [
  'event_count', 'value_count', 'temporal', 'temporal_ordered', 'value_sum', 'value_avg', 'value_percentile', 'value_median',
] as const;
export type CorrelationType = (typeof CORRELATION_TYPES)[number];

export interface CorrelationRule extends RuleHead {
  readonly kind: 'correlation';
  readonly type: CorrelationType;
  /** Ids of detection and correlation rules, in the author's order. */
  readonly rules: readonly string[];
  readonly groupBy: readonly GroupField[];
  readonly timespanMs: number;
  readonly condition: CorrelationCondition;
  /** Whether the rules referred to raise matches and alerts of their own too. */
  readonly generate: boolean;
  /** Whether its findings are told: no other correlation refers to it, or one that does says `generate: true`. Else they are only counted. */
  readonly standalone: boolean;
}

/** A field to group by. `of` has the field to read of each rule: what the aliases say, else the name itself. */
export interface GroupField {
  readonly name: string;
  readonly of: Readonly<Record<string, string>>;
}

export type CorrelationCondition =
  /** Every comparison holds. `fields` of value_*: all must have a value, value_count counts distinct combinations. */
  | { readonly kind: 'compare'; readonly fields: readonly string[]; readonly percentile?: number; readonly comparisons: readonly { readonly comparison: Comparison; readonly value: number }[] }
  /** temporal types: which rules must have been seen. */
  | { readonly kind: 'rules'; readonly expression: RuleExpression };

export type RuleExpression =
  | { readonly kind: 'and' | 'or'; readonly of: readonly RuleExpression[] }
  | { readonly kind: 'not'; readonly of: RuleExpression }
  | { readonly kind: 'rule'; readonly rule: string };

export type Rule = DetectionRule | CorrelationRule;

/** Rules that were read together, without any problem. Filters are already part of the rules they name. */
export interface SigmaRules {
  readonly detections: readonly DetectionRule[];
  /** A correlation stands after those it refers to. */
  readonly correlations: readonly CorrelationRule[];
}

/** A file of rules as text. `file` is how problems name it. */
export interface RuleFile {
  readonly file: string;
  readonly text: string;
}

/** What is wrong in a file, where, and what would be right. */
export interface Problem {
  readonly place: Place;
  readonly message: string;
  /** What is expected there, or the nearest right name. */
  readonly hint?: string;
}
