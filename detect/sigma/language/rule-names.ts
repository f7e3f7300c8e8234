import { identifier } from './document/head.ts';
import type { BrokenDraft, Draft } from './drafts.ts';
import { didYouMean } from './nearest.ts';
import { shown } from './rule-text.ts';
import type { RuleText, Span } from './rule-text.ts';
import type { YamlText } from './yaml/node.ts';

/** What rules can be called in a rule set: by id, by name, else by title. */
export interface RuleNames {
  /** The draft an id or name stands for; undefined, and told, when there is none. */
  find(text: RuleText, written: YamlText): Draft | undefined;
  idOf(draft: Draft): string;
}

export function idOf({ head }: Draft): string {
  return head.id?.value ?? head.name?.value ?? head.title;
}

/** Reports every id and name that two documents have. Nothing refers to filters: of them only ids count. */
export function ruleNames(drafts: readonly Draft[], broken: readonly BrokenDraft[]): RuleNames {
  const byName = new Map<string, Draft>();
  const unreadable = new Set(broken.flatMap(({ names }) => names));
  for (const draft of drafts) {
    for (const { value, span } of namesOf(draft)) {
      const other = byName.get(value);
      if (other === undefined) byName.set(value, draft);
      else if (other !== draft) draft.text.report(span, `\`${shown(value)}\` is already ${calledBy(other, value)}`, 'every rule needs an id and a name of its own');
    }
  }
  return {
    idOf,
    find(text, written) {
      const name = identifier(written.value);
      const found = byName.get(name);
      if (found !== undefined || unreadable.has(name)) return found;
      text.report(written, `there is no rule \`${shown(written.value)}\``, didYouMean(written.value, byName.keys(), 'rules are named by their `id` or `name`; they have to be read together with this file'));
      return undefined;
    },
  };
}

function namesOf({ kind, head: { id, name, title, span } }: Draft): readonly { readonly value: string; readonly span: Span }[] {
  const names = [id, kind === 'filter' ? undefined : name].flatMap((written) => (written === undefined ? [] : [{ value: written.value, span: written }]));
  return names.length > 0 || kind === 'filter' ? names : [{ value: title, span }];
}

function calledBy({ head: { id, name, place } }: Draft, value: string): string {
  const attribute = id?.value === value ? 'id' : name?.value === value ? 'name' : 'title';
  return `the ${attribute} of the rule at ${place.file}:${place.line}`;
}
