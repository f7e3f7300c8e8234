import { createHash } from 'node:crypto';
import { canonicalJson } from './canonical-json.ts';
import type { FieldPolicy } from './field-policy.ts';
import type { Level, Signature } from './pack.ts';
import type { TierRules } from './tiers.ts';

/**
 * All that decides what matches: signatures, Sigma rules, mappings and the values of placeholders. Data only, and
 * complete: the same code makes the same engine of it anywhere. It is sealed in the registry before its first use.
 */
export interface RuleSet {
  /** SHA-256 (hex) of the rest as canonical JSON: names the exact version in every match. */
  readonly version: string;
  /** In order of id. */
  readonly signatures: readonly Signature[];
  /** Files of Sigma documents, in order of name. */
  readonly sigma: readonly SourceFile[];
  /** Files that say which events serve which logsource, and under which names, in order of name. */
  readonly mappings: readonly SourceFile[];
  /** Values that the `expand` modifier puts in the place of `%name%`. */
  readonly placeholders: Readonly<Record<string, readonly string[]>>;
  /** Texts of which a copied passage is recognised. */
  readonly documents?: readonly RegisteredDocument[];
  /** How fields are kept; the first that fits holds. */
  readonly fields?: readonly FieldPolicy[];
  /** Which retention tier a row is of; `DEFAULT_TIER_RULES` when absent. */
  readonly tiers?: TierRules;
  /** Counts how often this content came back into use after another: a set that is put back is a later set. */
  readonly revision: number;
}

export type RuleSetContent = Omit<RuleSet, 'version' | 'revision'>;

/** A text of which only keyed shingles are kept. */
export interface RegisteredDocument {
  /** `[a-z0-9-]+`; its rule is `document.<id>`. */
  readonly id: string;
  readonly title: string;
  readonly class: string;
  readonly level: Level;
  /** Base64 of ascending unsigned 64-bit numbers, little endian. */
  readonly shingles: string;
}

export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

export function createRuleSet({ signatures, sigma, mappings, placeholders, documents = [], fields = [], tiers }: RuleSetContent, revision = 0): RuleSet {
  const content = {
    signatures: signatures.toSorted(byId), sigma: sigma.toSorted(byFile), mappings: mappings.toSorted(byFile), placeholders, revision,
    ...(documents.length === 0 ? {} : { documents: documents.toSorted(byId) }),
    ...(fields.length === 0 ? {} : { fields }),
    ...(tiers === undefined ? {} : { tiers }),
  };
  return { version: createHash('sha256').update(canonicalJson(content)).digest('hex'), ...content };
}

function byId(a: { readonly id: string }, b: { readonly id: string }): number {
  return a.id < b.id ? -1 : a.id > b.id ? 1 : 0;
}

function byFile(a: SourceFile, b: SourceFile): number {
  return a.file < b.file ? -1 : a.file > b.file ? 1 : 0;
}
