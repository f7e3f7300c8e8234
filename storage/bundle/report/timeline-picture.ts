import type { ScopeDeed, ScopeReport } from '../../../contracts/scope.ts';
import { html } from './html.ts';
import type { Html } from './html.ts';
import { count, counted, effectOf, EFFECTS, time } from './words.ts';
import type { Effect } from './words.ts';

const WIDTH = 720;
const HEIGHT = 210;
const PLOT = { left: 46, right: 708, top: 30, bottom: 170 };
const SLOTS = 48;

/** Fills that differ in lightness, too: the picture can be read in grey. */
export const FILLS: Readonly<Record<Effect, string>> = { read: '#8fb4d9', changed: '#d8a03d', exported: '#1f4e79', 'sent out': '#9b2c2c', other: '#c3c9d1' };

/** Deeds over time, by what they did, as bars. Undefined without deeds. */
export function timelinePicture({ deeds, firstMs, lastMs }: ScopeReport): Html | undefined {
  if (deeds.length === 0) return undefined;
  const slotMs = Math.max(1, (lastMs - firstMs) / SLOTS);
  const slots = slotsOf(deeds, firstMs, slotMs);
  const most = Math.max(1, ...slots.map((slot) => EFFECTS.reduce((sum, effect) => sum + slot[effect], 0)));
  const wide = (PLOT.right - PLOT.left) / SLOTS;
  const bars = slots.flatMap((slot, i) => barsOf(slot, PLOT.left + i * wide, wide - 1.5, most));
  const present = EFFECTS.filter((effect) => slots.some((slot) => slot[effect] > 0));
  const said = present.map((effect) => `${effect}: ${count(slots.reduce((sum, slot) => sum + slot[effect], 0))}`).join(', ');
  return html`<figure><figcaption>Deeds over time</figcaption>
<svg viewBox="0 0 ${WIDTH} ${HEIGHT}" role="img" aria-label="${counted(deeds.length, 'deed')} from ${time(firstMs)} to ${time(lastMs)}. ${said}." font-size="11">
${legend(present)}
<line x1="${PLOT.left}" y1="${PLOT.bottom}" x2="${PLOT.right}" y2="${PLOT.bottom}" stroke="#1b2330"/>
<line x1="${PLOT.left}" y1="${PLOT.top}" x2="${PLOT.right}" y2="${PLOT.top}" stroke="#c8cfd8" stroke-dasharray="3 3"/>
<text x="${PLOT.left - 6}" y="${PLOT.top + 4}" text-anchor="end">${count(most)}</text><text x="${PLOT.left - 6}" y="${PLOT.bottom + 4}" text-anchor="end">0</text>
${bars}
${timeAxis(firstMs, lastMs, PLOT)}
</svg></figure>\n`;
}

type Slot = Record<Effect, number>;

function slotsOf(deeds: readonly ScopeDeed[], firstMs: number, slotMs: number): readonly Slot[] {
  const slots = Array.from({ length: SLOTS }, (): Slot => ({ read: 0, changed: 0, exported: 0, 'sent out': 0, other: 0 }));
  for (const deed of deeds) {
    const slot = slots[Math.max(0, Math.min(SLOTS - 1, Math.floor((deed.atMs - firstMs) / slotMs)))];
    if (slot !== undefined) slot[effectOf(deed)]++;
  }
  return slots;
}

function barsOf(slot: Slot, x: number, width: number, most: number): readonly Html[] {
  let bottom = PLOT.bottom;
  return EFFECTS.filter((effect) => slot[effect] > 0).map((effect) => {
    const tall = (slot[effect] / most) * (PLOT.bottom - PLOT.top);
    bottom -= tall;
    return html`<rect x="${x.toFixed(1)}" y="${bottom.toFixed(1)}" width="${width.toFixed(1)}" height="${tall.toFixed(1)}" fill="${FILLS[effect]}"/>`;
  });
}

function legend(effects: readonly Effect[]): readonly Html[] {
  return effects.map((effect, i) => html`<rect x="${PLOT.left + i * 100}" y="6" width="11" height="11" fill="${FILLS[effect]}"/><text x="${PLOT.left + i * 100 + 16}" y="16">${effect}</text>`);
}

/** Five times below a plot, the first and the last at its ends. */
export function timeAxis(fromMs: number, toMs: number, plot: { readonly left: number; readonly right: number; readonly bottom: number }): readonly Html[] {
  const ticks = toMs === fromMs ? [0] : [0, 0.25, 0.5, 0.75, 1];
  return ticks.map((part) => {
    const x = plot.left + part * (plot.right - plot.left);
    const anchor = part === 0 ? 'start' : part === 1 ? 'end' : 'middle';
    const [date = '', hour = ''] = time(fromMs + part * (toMs - fromMs)).split(' ');
    return html`<line x1="${x}" y1="${plot.bottom}" x2="${x}" y2="${plot.bottom + 4}" stroke="#1b2330"/><text x="${x}" y="${plot.bottom + 17}" text-anchor="${anchor}">${date}</text><text x="${x}" y="${plot.bottom + 30}" text-anchor="${anchor}">${hour.slice(0, 5)}</text>`;
  });
}
