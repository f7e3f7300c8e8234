import { createHash } from 'node:crypto';
import { canonicalJson } from '../../../contracts/canonical-json.ts';
import type { CorrelationRule, DetectionRule, Problem, RuleFile, SigmaRules } from '../rule.ts';
import { inOrder } from './correlation/order.ts';
import { resolvedCorrelation } from './correlation/resolved.ts';
import type { ResolvedCorrelation } from './correlation/resolved.ts';
import { checkScopes } from './correlation/scope.ts';
import { draftOf } from './drafts.ts';
import type { BrokenDraft, Draft, RuleDraft } from './drafts.ts';
import { filteredCondition, filtersOf } from './filters.ts';
import type { FiltersOf } from './filters.ts';
import { ruleNames } from './rule-names.ts';
import type { RuleNames } from './rule-names.ts';
import { ruleText } from './rule-text.ts';
import { collectionOf } from './yaml/collection.ts';
import { documentsOf } from './yaml/documents.ts';

export interface ReadOptions {
  /** Values of `%name%` for the modifier `expand`. */
  readonly placeholders?: Readonly<Record<string, readonly string[]>>;
}

export interface ReadRules {
  /** Without any rule when there is a problem: nothing is half-loaded. */
  readonly rules: SigmaRules;
  readonly problems: readonly Problem[];
}

/** Reads Sigma files together: rules, correlations and filters of all files may name each other. Never throws on what a file holds. */
export function readRules(files: readonly RuleFile[], { placeholders = {} }: ReadOptions = {}): ReadRules {
  const problems: Problem[] = [];
  const drafts: Draft[] = [];
  const broken: BrokenDraft[] = [];
  for (const { file, text: content } of files) {
    const text = ruleText(file, content, problems);
    for (const document of collectionOf(text, documentsOf(text))) {
      const draft = draftOf(text, document, placeholders);
      if (draft.kind === 'broken') broken.push(draft);
      else drafts.push(draft);
    }
  }
  const rules = joinedRules(drafts, ruleNames(drafts, broken));
  return problems.length === 0 ? { rules, problems } : { rules: { detections: [], correlations: [] }, problems: inOrderOf(files, problems) };
}

/** By file as given, then by place. */
function inOrderOf(files: readonly RuleFile[], problems: readonly Problem[]): readonly Problem[] {
  const order = new Map(files.map(({ file }, index) => [file, index]));
  const rank = ({ place }: Problem): number => order.get(place.file) ?? files.length;
  return problems.toSorted((a, b) => rank(a) - rank(b) || a.place.line - b.place.line || a.place.column - b.place.column);
}

function joinedRules(drafts: readonly Draft[], names: RuleNames): SigmaRules {
  const filters = filtersOf(drafts, names);
  const resolved = drafts.flatMap((draft) => (draft.kind === 'correlation' ? (resolvedCorrelation(draft, names) ?? []) : []));
  checkScopes(resolved);
  const correlations = inOrder(resolved);
  const silent = silentDrafts(correlations);
  const hashes = new Map<Draft, string>();
  const detections = drafts.flatMap((draft) => (draft.kind === 'detection' ? [detectionRule(draft, names.idOf(draft), filters, !silent.has(draft), hashes)] : []));
  return { detections, correlations: correlations.map((correlation) => correlationRule(correlation, names.idOf, !silent.has(correlation.draft), hashes)) };
}

/** What correlations refer to, if none of them says that it is to be told by itself too. */
function silentDrafts(correlations: readonly ResolvedCorrelation[]): ReadonlySet<Draft> {
  const silent = new Set(correlations.flatMap(({ rules }) => rules));
  for (const { draft, rules } of correlations) if (draft.correlation.generate) for (const rule of rules) silent.delete(rule);
  return silent;
}

function headOf({ head: { id: _id, name, span: _span, ...head } }: Draft, id: string): Omit<DetectionRule, 'kind' | 'logsource' | 'condition' | 'standalone' | 'hash'> {
  return { id, ...(name === undefined ? {} : { name: name.value }), ...head };
}

function detectionRule(draft: RuleDraft, id: string, filters: FiltersOf, standalone: boolean, hashes: Map<Draft, string>): DetectionRule {
  const own = filters.get(draft) ?? [];
  const hash = hashOf(own.length === 0 ? draft.content : [draft.content, own.map(({ content }) => content)]);
  hashes.set(draft, hash);
  return { kind: 'detection', ...headOf(draft, id), logsource: draft.logsource, condition: filteredCondition(draft, own), standalone, hash };
}

function correlationRule({ draft, id, rules, groupBy, condition }: ResolvedCorrelation, idOf: (draft: Draft) => string, standalone: boolean, hashes: Map<Draft, string>): CorrelationRule {
  const { type, timespanMs, generate } = draft.correlation;
  // Those it refers to stand before it in order, so their hashes are known.
  const hash = hashOf([draft.content, rules.map((rule) => hashes.get(rule) ?? '')]);
  hashes.set(draft, hash);
  return { kind: 'correlation', ...headOf(draft, id), type, rules: rules.map(idOf), groupBy, timespanMs, condition, generate, standalone, hash };
}

function hashOf(content: unknown): string {
  return createHash('sha256').update(canonicalJson(content)).digest('hex');
}
