import { parseRegex } from '../sigma/regex/parse-regex.ts';
import { partsOf } from '../sigma/regex/regex-cost.ts';
import type { RegexNode } from '../sigma/regex/regex-node.ts';
import { intersects, union } from '../sigma/regex/unit-set.ts';
import type { UnitSet } from '../sigma/regex/unit-set.ts';

/** Parts of a pattern with its counted repetitions written out. */
const MOST_PARTS = 8192;

function children(node: RegexNode): readonly RegexNode[] {
  switch (node.kind) {
    case 'sequence':
    case 'either':
      return node.of;
    case 'repeat':
    case 'look':
    case 'group':
      return [node.of];
    case 'set':
    case 'assert':
    case 'reference':
      return [];
    default:
      return node satisfies never;
  }
}

/** All units that may stand anywhere in it. */
function unitsOf(node: RegexNode): UnitSet {
  return node.kind === 'set' ? node.units : union(...children(node).map(unitsOf));
}

function firstUnits(node: RegexNode): UnitSet {
  const [first] = node.kind === 'sequence' ? node.of : [];
  return first?.kind === 'set' ? first.units : unitsOf(node);
}

/** Rounds up to which a repetition is as good as written out. */
const FEW_ROUNDS = 4;

function isLoop(node: RegexNode): boolean {
  return node.kind === 'repeat' && node.most > FEW_ROUNDS && node.least !== node.most;
}

function holdsLoop(node: RegexNode): boolean {
  return isLoop(node) || children(node).some(holdsLoop);
}

/** A loop within a repeated sequence is safe when a unit that it cannot take parts it from itself. */
function parted(part: RegexNode, parts: readonly RegexNode[]): boolean {
  return isLoop(part) && parts.some((other) => other.kind === 'set' && !intersects(other.units, unitsOf(part)));
}

/** Whether a text can be split between the rounds of this loop in many ways, each of which would be tried. */
function ambiguous(loop: RegexNode): boolean {
  const [body] = children(loop);
  if (body === undefined) return false;
  const ways = body.kind === 'either' ? body.of : [body];
  if (ways.some((way, i) => ways.some((other, k) => k > i && intersects(firstUnits(way), firstUnits(other))))) return true;
  return ways.some((way) => {
    const parts = way.kind === 'sequence' ? way.of : [way];
    return parts.some((part) => holdsLoop(part) && !parted(part, parts));
  });
}

function holdsAmbiguous(node: RegexNode): boolean {
  return (isLoop(node) && ambiguous(node)) || children(node).some(holdsAmbiguous);
}

/** Why a hostile value could keep the pattern busy, as JavaScript searches for it; undefined when none can for long. */
export function costProblem(pattern: string): string | undefined {
  const node = parseRegex(pattern, 'i');
  if (partsOf(node) > MOST_PARTS) return `has more than ${MOST_PARTS} parts with its counted repetitions written out: write smaller counts`;
  return holdsAmbiguous(node) ? `may not repeat more than ${FEW_ROUNDS} times what can itself be read in many ways: part the rounds by a character the inner repetition cannot take` : undefined;
}
