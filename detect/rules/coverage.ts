import type { Signature } from '../../contracts/pack.ts';
import type { Rule, SigmaRules } from '../sigma/rule.ts';
import { TACTICS, tacticsOf, techniquesOf } from './attack.ts';
import { CATALOGUE, groupsOfClass, groupsOfTags } from './catalogue.ts';
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
  /** Groups without any rule: what nothing looks for. */
  readonly gaps: readonly string[];
  /** Rules that name no group. */
  readonly ungrouped: readonly string[];
}

export interface GroupCoverage {
  readonly id: string;
  readonly title: string;
  readonly mustFind: string;
  readonly detections: readonly string[];
  readonly correlations: readonly string[];
  readonly signatures: readonly string[];
}

/** How rules are named in it: by `name` where there is one, else by id. */
export function coverageOf(rules: SigmaRules, signatures: readonly Signature[]): Coverage {
  const detections = rules.detections.filter((rule) => rule.standalone);
  const correlations = rules.correlations.filter((rule) => rule.standalone);
  const all: readonly Rule[] = [...detections, ...correlations];
  const groups = CATALOGUE.map(({ id, title, mustFind }) => ({
    id, title, mustFind,
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
    gaps: groups.filter((group) => group.detections.length + group.correlations.length === 0).map((group) => group.id),
    ungrouped: all.filter((rule) => groupsOfTags(rule.tags).length === 0).map(shortName),
  };
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
