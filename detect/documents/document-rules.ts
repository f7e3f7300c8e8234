import type { Signature } from '../../contracts/pack.ts';
import type { RegisteredDocument } from '../../contracts/rule-set.ts';
import { decodeTokens, rulesOf } from '../mask/exact-match.ts';
import type { Detection, Rule } from '../mask/exact-match.ts';
import { fieldTest } from '../pack/field-names.ts';
import { viewsOf } from '../views/views.ts';
import { endOf, startOf } from '../views/view.ts';
import { createRecogniser } from './recogniser.ts';

/** Where text goes out, comes in, or is shown. */
const FIELDS = ['http.request.body.content', 'http.response.body.content', 'ai.prompt', 'ai.completion', 'email.body', 'woocommerce.order.note', 'wordpress.comment.content', 'wordpress.form.*', 'message', '*.prompt', '*.completion', '*.note'];
/** A shorter text holds no passage of a document. */
const LEAST_UNITS = 60;

/** What every signature says that is not looked for by its pattern. */
const BARE = { source: 'own', falsePositives: [], positive: [], negative: [] } as const;

/**
 * Not a signature anybody wrote: its pattern finds lines that may have one of the fields, so that others cost nothing more.
 * No value of a field holds it as it stands.
 */
const CUE: Signature = { ...BARE, id: 'document', title: 'Text of some length', level: 'informational', class: 'ip', pattern: '(?:content|prompt|completion|body|note|message)"[ ]?:[ ]?"|form[".]', fields: ['-'] };

/** What a scanner needs to look for documents; nothing when there are none. */
export function documentCues(documents: readonly RegisteredDocument[] | undefined): readonly Signature[] {
  return documents === undefined || documents.length === 0 ? [] : [CUE];
}

function ruleOf(document: RegisteredDocument): Rule {
  const { id, title, level, class: ofClass } = document;
  const [rule] = rulesOf([{ ...CUE, id: `document.${id}`, title, level, class: ofClass }]);
  if (rule === undefined) throw new Error('one signature gives one rule');
  return rule;
}

/** Finds passages of registered documents in the text fields of a line. `hit`: the rules that were hit in it. */
export type FindPassages = (line: string, hit: readonly Rule[]) => readonly Detection[];

/** `key`: the deployment's fingerprint key; without it nothing can be recognised. */
export function passageFinder(documents: readonly RegisteredDocument[] | undefined, key: Uint8Array | undefined, rules: number): FindPassages {
  if (documents === undefined || documents.length === 0 || key === undefined) return () => [];
  const recognise = createRecogniser(documents, key);
  const looksAt = fieldTest({ ...CUE, fields: FIELDS }) ?? (() => true);
  // Behind those of signatures, in the order of documents: matches are reported by index.
  const ruleFor = new Map(documents.map((document, i) => [document.id, { ...ruleOf(document), index: rules + i }]));
  return (line, hit) => {
    if (!hit.some(({ signature }) => signature === CUE)) return [];
    const found: Detection[] = [];
    for (const { token, value } of decodeTokens(line)) {
      if (token.kind !== 'string' || token.end - token.start < LEAST_UNITS || !looksAt(token.field)) continue;
      const views = viewsOf(value.text);
      const seen = new Set<string>();
      // As it stands, and with all undone that hides it.
      for (const view of new Set([views[0], views.at(-1)])) {
        for (const { document, span } of view === undefined ? [] : recognise(view.text)) {
          const rule = ruleFor.get(document.id);
          if (rule === undefined || view === undefined || seen.has(document.id)) continue;
          seen.add(document.id);
          found.push({ rule, field: token.field, span: { start: startOf(view, span.start), end: endOf(view, span.end) }, token: token.index, text: view.text.slice(span.start, span.end), view: view.name, escaped: view.escaped });
        }
      }
    }
    return found;
  };
}
