import { formatSummary, parseSummary, WITHHELD } from '../../contracts/masked-span.ts';
import { textsIn } from '../fields/kept-values.ts';
import type { KeptValue } from '../fields/kept-values.ts';
import type { Detection } from './exact-match.ts';
import type { SiteTokens } from './site-tokens.ts';

/** What stands in the line in place of a value that is not kept as text. What stands there already stays. */
export function keptText(line: string, { keep, start, end, firstToken, tokens }: KeptValue, detections: readonly Detection[], site: SiteTokens): string {
  const value: unknown = JSON.parse(line.slice(start, end));
  if (value === WITHHELD || (keep === 'summary' && typeof value === 'string' && parseSummary(value) !== undefined)) return line.slice(start, end);
  if (keep === 'nothing') return `"${WITHHELD}"`;
  const text = textsIn(value);
  const within = detections.filter(({ token }) => token >= firstToken && token < firstToken + tokens);
  const classes = [...new Set(within.map(({ rule }) => rule.signature.class))].toSorted();
  return `"${formatSummary({ length: text.length, classes, shingles: site.sketchOf(text) })}"`;
}
