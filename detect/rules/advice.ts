import { documentsOf } from '../sigma/language/yaml/documents.ts';
import { ruleText } from '../sigma/language/rule-text.ts';
import type { Mappings } from '../sigma/mappings/mapping.ts';
import { didYouMean } from '../sigma/language/nearest.ts';
import type { Condition, DetectionRule, Match, Place, Problem, Rule, RuleFile, SigmaRules } from '../sigma/rule.ts';
import { CATALOGUE, GROUP_TAG } from './catalogue.ts';
import { CONTROLS, unknownControls } from './controls.ts';
import { shippedKeeps } from './kept-fields.ts';
import { fieldDoubt } from './known-fields.ts';

/**
 * What is not wrong and still better otherwise: attributes that are missing, names that nothing knows, tests that are too
 * short. `files` are those the rules came from.
 */
export function adviceOn(rules: SigmaRules, files: readonly RuleFile[], mappings: Mappings): readonly Problem[] {
  return [
    ...files.flatMap((file) => missingAttributes(file)),
    ...[...rules.detections, ...rules.correlations].flatMap((rule) => [...unknownGroups(rule), ...unknownControlsOf(rule)]),
    ...rules.detections.flatMap((rule) => fieldAdvice(rule, mappings)),
    ...rules.detections.flatMap((rule) => unkeptFields(rule, mappings)),
    ...rules.detections.flatMap((rule) => shortTexts(rule)),
  ];
}

const WANTED = ['id', 'level', 'description', 'falsepositives', 'tags'] as const;

function missingAttributes(file: RuleFile): readonly Problem[] {
  const text = ruleText(file.file, file.text, []);
  const documents = documentsOf(text);
  // The documents of a collection share what its first one says.
  if (documents.some(({ entries }) => entries.some(({ key }) => key.value === 'action'))) return [];
  return documents.flatMap(({ entries }) => {
    const missing = WANTED.filter((name) => !entries.some(({ key }) => key.value === name));
    const [first] = entries;
    if (missing.length === 0 || first === undefined || entries.some(({ key }) => key.value === 'filter')) return [];
    return [{ place: text.place({ start: first.key.start, end: first.value.end }), message: `the rule says nothing about ${missing.join(', ')}` }];
  });
}

function unknownGroups(rule: Rule): readonly Problem[] {
  const known = CATALOGUE.map(({ id }) => `${GROUP_TAG}${id}`);
  const wrong = rule.tags.filter((tag) => tag.startsWith(GROUP_TAG) && !known.includes(tag));
  return wrong.map((tag) => ({ place: rule.place, message: `\`${tag}\` names no group of the threat catalogue`, hint: didYouMean(tag, known, known.join(', '))() ?? '' }));
}

function unknownControlsOf(rule: Rule): readonly Problem[] {
  return unknownControls(rule.tags).map((tag) => ({
    place: rule.place, message: `\`${tag}\` names no control that is known of this framework`, hint: didYouMean(tag, CONTROLS, 'see detect/rules/controls.ts')() ?? '',
  }));
}

function fieldAdvice(rule: DetectionRule, mappings: Mappings): readonly Problem[] {
  const first = new Map<string, Place>();
  for (const { field, place } of matchesOf(rule.condition)) if (field !== undefined && !first.has(field)) first.set(field, place);
  return [...first].flatMap(([field, place]) => {
    const doubt = unmapped(field, rule, mappings) ?? fieldDoubt(field);
    if (doubt === undefined) return [];
    return [{ place, message: doubt.message, ...(doubt.hint === undefined ? {} : { hint: doubt.hint }) }];
  });
}

/** Tests of what fields hold whose text is not kept: rules see what is stored. */
function unkeptFields(rule: DetectionRule, mappings: Mappings): readonly Problem[] {
  const first = new Map<string, Place>();
  for (const { field, test, place } of matchesOf(rule.condition)) if (field !== undefined && test.kind !== 'exists' && test.kind !== 'null' && !first.has(field)) first.set(field, place);
  return [...first].flatMap(([field, place]) => {
    const [own = field, ...others] = mappings.fieldPath(field, rule.logsource).names;
    const unkept = (others.length === 0 ? [own] : others).map((name) => [name, shippedKeeps(name)] as const).filter(([, kept]) => kept !== 'text');
    const [[name, kept] = [own, 'text']] = unkept;
    if (unkept.length < Math.max(1, others.length)) return [];
    const stored = kept === 'nothing' ? 'nothing is kept of' : 'only length, classes and shingles are kept of';
    return [{ place, message: `${stored} \`${name}\`: no text in it can match`, hint: 'ask for what signatures found in it: `scan.class`, with `scan.field`' }];
  });
}

/** Log sources whose field names the shipped mappings translate. */
const MAPPED = ['webserver', 'proxy'];

function unmapped(field: string, rule: DetectionRule, mappings: Mappings): { readonly message: string; readonly hint: string } | undefined {
  const { category = '' } = rule.logsource;
  if (!MAPPED.includes(category) || field.includes('.') || mappings.fieldPath(field, rule.logsource).names.length > 1) return undefined;
  return { message: `no mapping for ${category} knows \`${field}\`: only events that carry the name itself can match`, hint: 'see the names in detect/sigma/mappings/web.yml, or name the field in ECS' };
}

/** Units below which a text found anywhere says little. */
const LEAST_UNITS = 3;

function shortTexts(rule: DetectionRule): readonly Problem[] {
  const short = matchesOf(rule.condition).filter(({ test }) => {
    if (test.kind !== 'text' || typeof test.parts[0] === 'string' || typeof test.parts.at(-1) === 'string') return false;
    const units = test.parts.reduce((sum, part) => sum + (typeof part === 'string' ? part.length : 0), 0);
    return units > 0 && units < LEAST_UNITS;
  });
  const [first, ...more] = short;
  if (first === undefined) return [];
  const others = more.length === 0 ? '' : `, as ${more.length} more of this rule do`;
  return [{ place: first.place, message: `\`${first.written.slice(0, 60)}\` looks anywhere for fewer than ${LEAST_UNITS} characters${others}: much will match`, hint: 'a longer text, startswith or endswith' }];
}

export function matchesOf(condition: Condition): readonly Match[] {
  switch (condition.kind) {
    case 'match': return [condition];
    case 'not': return matchesOf(condition.of);
    case 'and':
    case 'or': return condition.of.flatMap((one) => matchesOf(one));
    default: return condition satisfies never;
  }
}
