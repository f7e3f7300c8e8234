import { LEVELS } from '../../contracts/pack.ts';
import type { Span } from '../validators/span.ts';
import type { Detection } from './exact-match.ts';

/** Spans of one token that overlap, to be replaced by one mask. */
export interface Cluster {
  readonly span: Span;
  readonly winner: Detection;
}

function length(d: Detection): number {
  return d.span.end - d.span.start;
}

/** Whose class and token stand for a cluster: what was decoded, then the longest, then the gravest, then the first. */
function beats(a: Detection, b: Detection): boolean {
  if (a.escaped !== b.escaped) return a.escaped;
  if (length(a) !== length(b)) return length(a) > length(b);
  const grave = LEVELS.indexOf(a.rule.signature.level) - LEVELS.indexOf(b.rule.signature.level);
  return grave === 0 ? a.rule.index < b.rule.index : grave > 0;
}

/** In order of their places. */
export function clustersOf(detections: readonly Detection[]): readonly Cluster[] {
  const [only] = detections;
  if (only !== undefined && detections.length === 1) return [{ span: only.span, winner: only }];
  const clusters: Cluster[] = [];
  for (const d of detections.toSorted((a, b) => a.span.start - b.span.start || b.span.end - a.span.end)) {
    const last = clusters.at(-1);
    if (last === undefined || d.span.start >= last.span.end) {
      clusters.push({ span: d.span, winner: d });
    } else {
      const span = { start: last.span.start, end: Math.max(last.span.end, d.span.end) };
      clusters[clusters.length - 1] = { span, winner: beats(d, last.winner) ? d : last.winner };
    }
  }
  return clusters;
}
