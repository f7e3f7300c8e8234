import type { ScopeReport } from '../../../contracts/scope.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { timeAxis } from './timeline-picture.ts';
import { count, counted, time } from './words.ts';

const WIDTH = 720;
const HEIGHT = 190;
const PLOT = { left: 46, right: 708, top: 14, bottom: 150 };
const STEPS = 120;

/** How many different persons had been touched by when, as a line that only rises. Undefined without persons. */
export function personsPicture({ subjects, firstMs, lastMs }: ScopeReport): Html | undefined {
  if (subjects.length === 0) return undefined;
  const firsts = subjects.map((subject) => subject.firstMs).toSorted((a, b) => a - b);
  const spanMs = Math.max(1, lastMs - firstMs);
  let points = `M${PLOT.left} ${PLOT.bottom}`;
  let reached = 0;
  for (let step = 0; step <= STEPS; step++) {
    while (reached < firsts.length && (firsts[reached] ?? 0) <= firstMs + (step / STEPS) * spanMs) reached++;
    const x = PLOT.left + (step / STEPS) * (PLOT.right - PLOT.left);
    const y = PLOT.bottom - (reached / firsts.length) * (PLOT.bottom - PLOT.top);
    points += ` L${x.toFixed(1)} ${y.toFixed(1)}`;
  }
  return html`<figure><figcaption>Persons touched, counted once, as time went on</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${counted(subjects.length, 'person')} in all; the first ${time(firsts[0] ?? 0)}, the last new one ${time(firsts.at(-1) ?? 0)}." font-size="11">
<line x1="${PLOT.left}" y1="${PLOT.top}" x2="${PLOT.right}" y2="${PLOT.top}" stroke="#c8cfd8" stroke-dasharray="3 3"/>
<path d="${points} L${PLOT.right} ${PLOT.bottom} Z" fill="#dbe6f1"/><path d="${points}" fill="none" stroke="#1f4e79" stroke-width="2"/>
<line x1="${PLOT.left}" y1="${PLOT.bottom}" x2="${PLOT.right}" y2="${PLOT.bottom}" stroke="#1b2330"/>
<text x="${PLOT.left - 6}" y="${PLOT.top + 4}" text-anchor="end">${count(subjects.length)}</text><text x="${PLOT.left - 6}" y="${PLOT.bottom + 4}" text-anchor="end">0</text>
${timeAxis(firstMs, lastMs, PLOT)}
</svg></figure>\n`;
}
