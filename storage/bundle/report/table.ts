import { html, NOTHING } from './html.ts';
import type { Html } from './html.ts';
import { count, shortened } from './words.ts';

type Cell = string | number | Html;

/** Rows beyond `most` are counted, and found in `file`. Numbers stand to the right. */
export function table(caption: string, head: readonly string[], rows: readonly (readonly Cell[])[], rest: { readonly most: number; readonly file: string }): Html {
  if (rows.length === 0) return html`<p class="none">${caption}: none.</p>`;
  const more = rows.length - rest.most;
  const note = more <= 0 ? NOTHING : html`<p class="more">${count(more)} more in ${rest.file}.</p>`;
  const heads = head.map((name, i) => (typeof rows[0]?.[i] === 'number' ? html`<th scope="col" class="n">${name}</th>` : html`<th scope="col">${name}</th>`));
  const body = rows.slice(0, rest.most).map((row) => html`<tr>${row.map(cellOf)}</tr>\n`);
  return html`<table><caption>${caption}</caption><thead><tr>${heads}</tr></thead><tbody>\n${body}</tbody></table>${note}\n`;
}

/** What a sender named may be long, and one word: it must not push the page aside. */
const LONGEST_TEXT = 300;
const LONG_WORD = /\S{24}/;

function cellOf(cell: Cell): Html {
  if (typeof cell === 'number') return html`<td class="n">${count(cell)}</td>`;
  if (typeof cell !== 'string') return html`<td>${cell}</td>`;
  return LONG_WORD.test(cell) ? html`<td class="w">${shortened(cell, LONGEST_TEXT)}</td>` : html`<td>${shortened(cell, LONGEST_TEXT)}</td>`;
}
