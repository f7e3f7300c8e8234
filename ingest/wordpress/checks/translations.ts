import { calledName, complaint, lineOf, literalOf, nodesOf, walk } from './php-source.ts';
import type { PhpFile } from './php-source.ts';

export const TEXT_DOMAIN = 'tourniquet';

/** Which arguments of a function are the text, its plural, its context and the text domain. */
const FUNCTIONS: Readonly<Record<string, { readonly plural?: number; readonly context?: number; readonly domain: number }>> = {
  __: { domain: 1 }, _e: { domain: 1 }, esc_html__: { domain: 1 }, esc_attr__: { domain: 1 }, esc_html_e: { domain: 1 }, esc_attr_e: { domain: 1 },
  _x: { context: 1, domain: 2 }, esc_html_x: { context: 1, domain: 2 }, esc_attr_x: { context: 1, domain: 2 },
  _n: { plural: 1, domain: 3 }, _nx: { plural: 1, context: 3, domain: 4 },
};

export interface Translation {
  readonly text: string;
  readonly plural: string;
  readonly context: string;
  readonly place: string;
  /** What a `translators:` comment before it says. */
  readonly hint: string;
}

/** Texts for people, and what is wrong with how they are marked. */
export function translations(file: PhpFile): { readonly found: readonly Translation[]; readonly problems: readonly string[] } {
  const found: Translation[] = [];
  const problems: string[] = [];
  const lines = file.text.split('\n');
  for (const [node] of walk(file.tree)) {
    const shape = FUNCTIONS[calledName(node)];
    if (shape === undefined) continue;
    const given = nodesOf(node['arguments']);
    const text = literalOf(given[0]);
    if (text === undefined) problems.push(complaint(file, node, 'translates what is no literal text'));
    else if (literalOf(given[shape.domain]) !== TEXT_DOMAIN) problems.push(complaint(file, node, `has not the text domain ${TEXT_DOMAIN}`));
    else {
      const hint = [0, 1, 2].map((n) => /translators: (.*?)\s*\*\//.exec(lines[lineOf(node) - 1 - n] ?? '')?.[1]).find((h) => h !== undefined) ?? '';
      if (/%(?:\d+\$)?[sd]/.test(text) && hint === '') problems.push(complaint(file, node, 'has placeholders, but no translators: comment'));
      found.push({ text, plural: shape.plural === undefined ? '' : literalOf(given[shape.plural]) ?? '', context: shape.context === undefined ? '' : literalOf(given[shape.context]) ?? '', place: `${file.name}:${lineOf(node)}`, hint });
    }
  }
  return { found, problems };
}

function quoted(text: string): string {
  return `"${text.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')}"`;
}

/** The template that translators start from. Equal sources give equal bytes: it holds no date and no line numbers. */
export function potFile(files: readonly PhpFile[], version: string): string {
  const entries = new Map<string, { readonly one: Translation; readonly places: Set<string>; readonly hints: Set<string> }>();
  for (const one of files.flatMap((f) => translations(f).found)) {
    const key = `${one.context}\u0004${one.text}`;
    const entry = entries.get(key) ?? { one, places: new Set(), hints: new Set() };
    entry.places.add(one.place.replace(/:\d+$/, ''));
    if (one.hint !== '') entry.hints.add(one.hint);
    entries.set(key, entry);
  }
  const head = ['msgid ""', 'msgstr ""', `"Project-Id-Version: Tourniquet ${version}\\n"`, '"MIME-Version: 1.0\\n"', '"Content-Type: text/plain; charset=UTF-8\\n"', '"Content-Transfer-Encoding: 8bit\\n"', `"X-Domain: ${TEXT_DOMAIN}\\n"`].join('\n');
  const body = [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, { one, places, hints }]) => [
    ...[...hints].map((h) => `#. translators: ${h}`),
    `#: ${[...places].toSorted().join(' ')}`,
    ...(one.context === '' ? [] : [`msgctxt ${quoted(one.context)}`]),
    `msgid ${quoted(one.text)}`,
    ...(one.plural === '' ? ['msgstr ""'] : [`msgid_plural ${quoted(one.plural)}`, 'msgstr[0] ""', 'msgstr[1] ""']),
  ].join('\n'));
  return `${[head, ...body].join('\n\n')}\n`;
}
