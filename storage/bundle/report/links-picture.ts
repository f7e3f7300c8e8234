import type { Entity, ScopeLink } from '../../../contracts/scope.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { counted, entityName, percent, shortened } from './words.ts';

const COLUMN = 176;
const ROW = 38;
const BOX = { width: 150, height: 31 };
/** What a page shows; the table and links.ndjson hold all. */
const MOST_COLUMNS = 5;
const MOST_ROWS = 12;

interface Placed {
  readonly link: ScopeLink;
  readonly column: number;
  readonly row: number;
}

function keyOf({ kind, value, at }: Entity): string {
  return JSON.stringify([kind, value, at]);
}

/** What belongs to the breach, by how many steps it stands from the seed. Undefined without links. */
export function linksPicture(links: readonly ScopeLink[]): Html | undefined {
  const placed = place(links);
  if (placed.size === 0) return undefined;
  const all = [...placed.values()];
  const rows = Math.max(...all.map(({ row }) => row)) + 1;
  const columns = Math.max(...all.map(({ column }) => column)) + 1;
  const edges = links.flatMap((link) => edgeOf(link, placed));
  const hidden = new Set(links.map(({ to }) => keyOf(to))).size - placed.size;
  const followed = links.filter((link) => link.followed).length;
  const width = Math.max(720, columns * COLUMN);
  return html`<figure><figcaption>What belongs to the breach, from the seed on the left${hidden > 0 ? ` (${hidden} more in the table)` : ''}</figcaption>
<svg viewBox="0 0 ${width} ${rows * ROW + 8}" role="img" aria-label="${counted(links.length, 'link')}, ${followed} of them followed; the table below tells each." font-size="10">
${edges}
${all.map(boxOf)}
</svg></figure>\n`;
}

/** Each entity once, in the column after what its first link comes from. */
function place(links: readonly ScopeLink[]): ReadonlyMap<string, Placed> {
  const placed = new Map<string, Placed>();
  const used: number[] = [];
  for (let grown = true; grown; ) {
    grown = false;
    for (const link of links) {
      const from = link.from === undefined ? undefined : placed.get(keyOf(link.from));
      const column = link.from === undefined ? 0 : (from?.column ?? Infinity) + 1;
      const row = used[column] ?? 0;
      if (placed.has(keyOf(link.to)) || column >= MOST_COLUMNS || row >= MOST_ROWS) continue;
      placed.set(keyOf(link.to), { link, column, row });
      used[column] = row + 1;
      grown = true;
    }
  }
  return placed;
}

function corner({ column, row }: Placed): { readonly x: number; readonly y: number } {
  return { x: column * COLUMN + 4, y: row * ROW + 4 };
}

function edgeOf(link: ScopeLink, placed: ReadonlyMap<string, Placed>): readonly Html[] {
  const from = link.from === undefined ? undefined : placed.get(keyOf(link.from));
  const to = placed.get(keyOf(link.to));
  // Ways back and ways within a column would only cross the others: the table has them.
  if (from === undefined || to === undefined || to.column <= from.column) return [];
  const [a, b] = [corner(from), corner(to)];
  const [x1, y1, x2, y2] = [a.x + BOX.width, a.y + BOX.height / 2, b.x, b.y + BOX.height / 2];
  const middle = (x1 + x2) / 2;
  return [html`<path d="M${x1} ${y1} C${middle} ${y1} ${middle} ${y2} ${x2} ${y2}" fill="none" stroke="#5a6675" ${link.followed ? html`` : html`stroke-dasharray="4 3"`}/>`];
}

function boxOf(placed: Placed): Html {
  const { x, y } = corner(placed);
  const { to, followed, confidence, from } = placed.link;
  const [kind = '', ...name] = entityName(to).split(' ');
  const fill = from === undefined ? '#1f4e79' : followed ? '#e4edf6' : '#ffffff';
  const ink = from === undefined ? '#ffffff' : '#1b2330';
  return html`<g><title>${entityName(to)}</title><rect x="${x}" y="${y}" width="${BOX.width}" height="${BOX.height}" rx="3" fill="${fill}" stroke="#1f4e79" ${followed ? html`` : html`stroke-dasharray="4 3"`}/>
<text x="${x + 6}" y="${y + 13}" style="fill:${ink}">${kind}, ${percent(confidence)}${followed ? '' : ', not followed'}</text><text x="${x + 6}" y="${y + 26}" font-weight="bold" style="fill:${ink}">${shortened(name.join(' '), 23)}</text></g>\n`;
}
