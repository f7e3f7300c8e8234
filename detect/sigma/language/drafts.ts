import type { Condition, Logsource } from '../rule.ts';
import { correlationDraft } from './correlation/correlation-draft.ts';
import type { CorrelationDraft } from './correlation/correlation-draft.ts';
import type { Placeholders } from './detection/placeholders.ts';
import { headOf, identifier, isSlip, titleSpan } from './document/head.ts';
import type { Head } from './document/head.ts';
import { logsourceOf } from './document/logsource.ts';
import type { RuleText } from './rule-text.ts';
import { detectionIn, filterIn } from './sections.ts';
import type { Filter } from './sections.ts';
import { entryOf, isText, plainOf } from './yaml/node.ts';
import type { YamlEntry, YamlMap } from './yaml/node.ts';

/** Documents after reading each for itself; what they say of others is looked up later. */
export type Draft = RuleDraft | CorrelatedDraft | FilterDraft;

/** A document with problems: what names it needs no further one. */
export interface BrokenDraft {
  readonly kind: 'broken';
  readonly names: readonly string[];
}

interface DraftBase {
  readonly text: RuleText;
  readonly head: Head;
  /** Plain data of the document and the placeholders it used, for hashes. */
  readonly content: unknown;
}

export interface RuleDraft extends DraftBase {
  readonly kind: 'detection';
  readonly logsource: Logsource;
  readonly condition: Condition;
}

export interface CorrelatedDraft extends DraftBase {
  readonly kind: 'correlation';
  readonly correlation: CorrelationDraft;
}

export interface FilterDraft extends DraftBase, Filter {
  readonly kind: 'filter';
  readonly logsource: Logsource;
}

const SECTIONS = ['detection', 'correlation', 'filter'] as const;

export function draftOf(text: RuleText, document: YamlMap, values: Placeholders['values']): Draft | BrokenDraft {
  const sections = SECTIONS.flatMap((name) => {
    const entry = entryOf(document, name);
    return entry === undefined ? [] : [{ name, entry }];
  });
  const [section, second] = sections;
  const head = headOf(text, document, section?.name ?? 'detection');
  if (section === undefined) {
    // A slip of a section's name was told with the attributes.
    if (!document.entries.some(({ key }) => SECTIONS.some((name) => isSlip(key.value, name)))) text.report(titleSpan(document), 'a document needs `detection`, `correlation` or `filter`');
    return broken(document);
  }
  if (second !== undefined) {
    text.report(second.entry.key, `a document has either \`${section.name}\` or \`${second.name}\``, 'split it with a line `---`');
    return broken(document);
  }
  const placeholders: Placeholders = { values, used: new Set() };
  const read = readSection(text, document, section.entry, section.name, placeholders);
  if (read === undefined || head === undefined) return broken(document);
  const used = Object.fromEntries([...placeholders.used].map((name) => [name, values[name]]));
  return { ...read, text, head, content: placeholders.used.size === 0 ? plainOf(document) : [plainOf(document), used] };
}

function broken(document: YamlMap): BrokenDraft {
  const names = ['id', 'name'].flatMap((key) => {
    const value = entryOf(document, key)?.value;
    return value !== undefined && isText(value) ? [identifier(value.value)] : [];
  });
  return { kind: 'broken', names };
}

type Section = Omit<RuleDraft, keyof DraftBase> | Omit<CorrelatedDraft, keyof DraftBase> | Omit<FilterDraft, keyof DraftBase>;

function readSection(text: RuleText, document: YamlMap, section: YamlEntry, kind: (typeof SECTIONS)[number], placeholders: Placeholders): Section | undefined {
  switch (kind) {
    case 'detection': {
      const logsource = logsourceOf(text, document);
      const condition = detectionIn(text, section, placeholders);
      return logsource === undefined || condition === undefined ? undefined : { kind, logsource, condition };
    }
    case 'correlation': {
      const correlation = correlationDraft(text, document, section);
      return correlation === undefined ? undefined : { kind, correlation };
    }
    case 'filter': {
      const logsource = logsourceOf(text, document);
      const filter = filterIn(text, section, placeholders);
      return logsource === undefined || filter === undefined ? undefined : { kind, logsource, ...filter };
    }
    default:
      return kind satisfies never;
  }
}
