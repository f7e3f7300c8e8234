import type { AnswerFooter, AnswerPage, Cell } from './audit-answer.ts';
import type { AuditQuery } from './audit-query.ts';
import { cellText, plainText } from './cell-text.ts';

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => ESCAPES[character] ?? character);
}

const STYLE = `
  body { font: 15px/1.5 system-ui, sans-serif; color: #1a1f26; max-width: 75em; margin: 2em auto; padding: 0 1em; }
  h1 { font-size: 1.5em; margin-bottom: 0; }
  .question { color: #4a5560; margin-top: .25em; }
  table { border-collapse: collapse; width: 100%; margin: 1em 0; font-size: .9em; font-variant-numeric: tabular-nums; }
  caption { text-align: left; font-weight: 600; padding: .5em 0; }
  th, td { text-align: left; vertical-align: top; padding: .3em .6em; border-bottom: 1px solid #d5dae0; overflow-wrap: anywhere; }
  thead th { background: #eef1f4; border-bottom: 2px solid #8a949e; }
  td.number { text-align: right; }
  code, pre { font: .85em/1.4 ui-monospace, monospace; overflow-wrap: anywhere; white-space: pre-wrap; }
  @page { size: A4 landscape; margin: 15mm; }
  @media print { body { margin: 0; max-width: none; font-size: 10px; } thead { display: table-header-group; } tr { break-inside: avoid; } }
`;

/** A page to print or to file: nothing is loaded, nothing runs, every value is escaped. */
export async function* htmlPage(query: AuditQuery, page: AnswerPage): AsyncGenerator<string> {
  const { title, question, controls } = query;
  yield `<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n<meta name="viewport" content="width=device-width">\n<title>${escapeHtml(title)}</title>\n<style>${STYLE}</style>\n</head>\n<body>\n`;
  yield `<h1>${escapeHtml(title)}</h1>\n<p class="question">${escapeHtml(question)}</p>\n<p>Serves: ${escapeHtml(controls.join('; '))}</p>\n`;
  yield `<table>\n<caption>Answer</caption>\n<thead><tr>${page.columns.map(({ name }) => `<th scope="col">${escapeHtml(name.replaceAll('_', ' '))}</th>`).join('')}</tr></thead>\n<tbody>\n`;
  for await (const row of page.rows) yield `<tr>${row.map(cellHtml).join('')}</tr>\n`;
  yield `</tbody>\n</table>\n${footerHtml(page.footer())}</body>\n</html>\n`;
}

function cellHtml(cell: Cell): string {
  return `<td${typeof cell === 'number' ? ' class="number"' : ''}>${escapeHtml(plainText(cellText(cell)))}</td>`;
}

function footerHtml({ query, query_sha256, parameters, rows, next, as_of, checkpoints, without_checkpoint }: AnswerFooter): string {
  const facts = [
    ['Rows', String(rows)], ['As of', as_of], ['Query', `${query}, SHA-256 ${query_sha256}`],
    ...Object.entries(parameters).map(([name, value]) => [`Parameter ${name}`, plainText(cellText(value))]),
    ...(without_checkpoint.length === 0 ? [] : [['No checkpoint yet, so not in the answer', without_checkpoint.join(', ')]]),
    ...(next === undefined ? [] : [['There is more: go on with the cursor', next]]),
  ];
  const notes = checkpoints.map(({ site, size, root, signed_at, note }) => `<tr><th scope="row">${escapeHtml(site)}</th><td class="number">${size}</td><td><code>${escapeHtml(root)}</code></td><td>${escapeHtml(signed_at)}</td><td><pre>${escapeHtml(note)}</pre></td></tr>\n`);
  return `<table>\n<caption>What was asked</caption>\n<tbody>\n${facts.map(([name = '', value = '']) => `<tr><th scope="row">${escapeHtml(name)}</th><td>${escapeHtml(value)}</td></tr>\n`).join('')}</tbody>\n</table>\n`
    + `<table>\n<caption>Signed checkpoints that the answer was computed at</caption>\n<thead><tr><th scope="col">site</th><th scope="col">leaves</th><th scope="col">root</th><th scope="col">signed at</th><th scope="col">signed note</th></tr></thead>\n<tbody>\n${notes.join('')}</tbody>\n</table>\n`;
}
