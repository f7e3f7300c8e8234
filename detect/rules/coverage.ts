import type { Signature } from '../../contracts/pack.ts';
import type { Rule, SigmaRules } from '../sigma/rule.ts';
import { TACTICS, tacticsOf, techniquesOf } from './attack.ts';
import { CATALOGUE, groupsOfClass, groupsOfTags } from './catalogue.ts';
import { controlsOfClass, controlsOfTags, FRAMEWORKS } from './controls.ts';
import { shortName } from './rule-named.ts';

/** Who is counted: rules that give matches of their own (not those only correlations use), and signatures. */
export interface Coverage {
  readonly rules: number;
  readonly signatures: number;
  /** All of the catalogue, in its order. */
  readonly groups: readonly GroupCoverage[];
  /** All tactics of ATT&CK, in its order. */
  readonly tactics: readonly { readonly id: string; readonly title: string; readonly rules: readonly string[] }[];
  /** Those that some rule names, sorted. */
  readonly techniques: readonly { readonly id: string; readonly rules: readonly string[] }[];
  /** All controls that are known, by framework. */
  readonly frameworks: readonly FrameworkCoverage[];
  /** Groups without any rule: what nothing looks for. */
  readonly gaps: readonly string[];
  /** Rules that name no group. */
  readonly ungrouped: readonly string[];
}

export interface GroupCoverage {
  readonly id: string;
  readonly title: string;
  readonly items: readonly ItemCoverage[];
  readonly detections: readonly string[];
  readonly correlations: readonly string[];
  readonly signatures: readonly string[];
}

/** One thing that must be found, and which of its shipped rules are among those loaded. */
export interface ItemCoverage {
  readonly id: string;
  readonly title: string;
  readonly rules: readonly string[];
  readonly builtIn: readonly string[];
}

export interface FrameworkCoverage {
  readonly id: string;
  readonly title: string;
  /** Signatures serve by their class, rules by their tags. */
  readonly controls: readonly { readonly tag: string; readonly title: string; readonly rules: readonly string[]; readonly signatures: readonly string[] }[];
}

/** How rules are named in it: by `name` where there is one, else by id. */
export function coverageOf(rules: SigmaRules, signatures: readonly Signature[]): Coverage {
  const detections = rules.detections.filter((rule) => rule.standalone);
  const correlations = rules.correlations.filter((rule) => rule.standalone);
  const all: readonly Rule[] = [...detections, ...correlations];
  const names = new Set(all.map(shortName));
  const groups = CATALOGUE.map(({ id, title, items }) => ({
    id, title,
    items: items.map((item) => ({ id: item.id, title: item.title, rules: item.rules.filter((name) => names.has(name)), builtIn: item.builtIn ?? [] })),
    detections: detections.filter((rule) => inGroup(rule, id)).map(shortName),
    correlations: correlations.filter((rule) => inGroup(rule, id)).map(shortName),
    signatures: signatures.filter((signature) => groupsOfClass(signature.class).some((group) => group.id === id)).map((signature) => signature.id),
  }));
  const techniques = [...new Set(all.flatMap((rule) => techniquesOf(rule.tags)))].toSorted();
  return {
    rules: all.length,
    signatures: signatures.length,
    groups,
    tactics: Object.entries(TACTICS).map(([id, title]) => ({ id, title, rules: all.filter((rule) => tacticsOf(rule.tags).includes(id)).map(shortName) })),
    techniques: techniques.map((id) => ({ id, rules: all.filter((rule) => techniquesOf(rule.tags).includes(id)).map(shortName) })),
    frameworks: frameworksOf(all, signatures),
    gaps: groups.filter((group) => group.detections.length + group.correlations.length === 0).map((group) => group.id),
    ungrouped: all.filter((rule) => groupsOfTags(rule.tags).length === 0).map(shortName),
  };
}

function frameworksOf(rules: readonly Rule[], signatures: readonly Signature[]): readonly FrameworkCoverage[] {
  const ofRules = new Map(rules.map((rule) => [shortName(rule), controlsOfTags(rule.tags)]));
  const ofSignatures = new Map(signatures.map((signature) => [signature.id, controlsOfClass(signature.class)]));
  const serving = (names: ReadonlyMap<string, readonly string[]>, tag: string): readonly string[] => [...names].filter(([, tags]) => tags.includes(tag)).map(([name]) => name);
  return FRAMEWORKS.map(({ id, title, controls }) => ({
    id, title,
    controls: controls.map(([name, what]) => ({ tag: `${id}.${name}`, title: what, rules: serving(ofRules, `${id}.${name}`), signatures: serving(ofSignatures, `${id}.${name}`) })),
  }));
}

function inGroup(rule: Rule, group: string): boolean {
  return groupsOfTags(rule.tags).some((one) => one.id === group);
}

/** A layer for MITRE's ATT&CK Navigator (layer format 4.5): each technique scored by the number of its rules. */
export function navigatorLayer({ techniques }: Coverage): object {
  return {
    name: 'Tourniquet rules',
    versions: { layer: '4.5', navigator: '5.1.0' },
    domain: 'enterprise-attack',
    description: 'Techniques that loaded Sigma rules name in their tags',
    techniques: techniques.map(({ id, rules }) => ({ techniqueID: id, score: rules.length, comment: rules.join(', '), enabled: true, showSubtechniques: id.includes('.') })),
    gradient: { colors: ['#e8f1fa', '#1f5f99'], minValue: 0, maxValue: Math.max(1, ...techniques.map(({ rules }) => rules.length)) },
  };
}
