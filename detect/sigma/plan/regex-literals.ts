import type { RegexNode } from '../regex/regex-node.ts';
import type { UnitSet } from '../regex/unit-set.ts';
import { sizeOf } from '../regex/unit-set.ts';

/** Texts of which one stands in every text where the expression is found. Lower case, printable ASCII, none empty. */
export type LiteralSet = readonly string[];

/** More texts than this are not followed. */
const MOST_TEXTS = 24;
const MOST_UNITS = 64;
/** A set of more characters (letter case apart) tells nothing: its neighbours alone make a better text than with each of them. */
const MOST_CHARACTERS = 4;

/** What a node tells: `exact`, all it can stand for, when that is little; `sets`, each of which holds. */
interface Told {
  readonly exact: readonly string[] | undefined;
  readonly sets: readonly LiteralSet[];
  /** Texts one of which begins, and one of which ends, all that the node can stand for: of what is repeated. */
  readonly ends?: readonly string[] | undefined;
}

const NOTHING: Told = { exact: undefined, sets: [] };
const NO_WIDTH: Told = { exact: [''], sets: [] };

/** Every set holds: take the best. */
export function literalSetsOf(node: RegexNode): readonly LiteralSet[] {
  return required(tell(node));
}

function required({ exact, sets }: Told): readonly LiteralSet[] {
  return exact === undefined || exact.includes('') ? sets : [exact, ...sets];
}

function tell(node: RegexNode): Told {
  switch (node.kind) {
    case 'set': return { exact: charactersOf(node.units), sets: [] };
    case 'sequence': return tellSequence(node.of.map(tell));
    case 'either': return tellEither(node.of.map(tell));
    case 'repeat': return tellRepeat(node);
    case 'assert': return NO_WIDTH;
    // What must follow or precede stands in the text as well.
    case 'look': return node.negative ? NO_WIDTH : { exact: [''], sets: required(tell(node.of)) };
    case 'group': return tell(node.of);
    case 'reference': return NOTHING;
    default: return node satisfies never;
  }
}

/** The units as texts; undefined when they are many, or not all are printable ASCII. */
function charactersOf(units: UnitSet): readonly string[] | undefined {
  if (sizeOf(units) > 2 * MOST_CHARACTERS || units.some(([from, to]) => from < 0x20 || to > 0x7e)) return undefined;
  const characters = units.flatMap(([from, to]) => Array.from({ length: to - from + 1 }, (_, i) => String.fromCharCode(from + i).toLowerCase()));
  const distinct = [...new Set(characters)];
  return distinct.length <= MOST_CHARACTERS ? distinct : undefined;
}

function few(texts: readonly string[]): readonly string[] | undefined {
  const distinct = [...new Set(texts)];
  return distinct.length <= MOST_TEXTS && distinct.every((text) => text.length <= MOST_UNITS) ? distinct : undefined;
}

function product(heads: readonly string[], tails: readonly string[]): readonly string[] | undefined {
  return heads.length * tails.length > MOST_TEXTS * MOST_TEXTS ? undefined : few(heads.flatMap((head) => tails.map((tail) => head + tail)));
}

function tellSequence(parts: readonly Told[]): Told {
  const sets: LiteralSet[] = [];
  let whole = true;
  let run: readonly string[] = [''];
  const flush = (): void => {
    whole = false;
    if (!run.includes('')) sets.push(run);
    run = [''];
  };
  for (const { exact, sets: inner, ends } of parts) {
    sets.push(...inner);
    const next = exact ?? ends;
    const longer = next === undefined ? undefined : product(run, next);
    if (longer !== undefined) run = longer;
    if (longer === undefined || exact === undefined) {
      flush();
      run = next ?? [''];
    }
  }
  if (whole) return { exact: run, sets };
  flush();
  return { exact: undefined, sets };
}

function tellEither(alternatives: readonly Told[]): Told {
  const exact = alternatives.every((one) => one.exact !== undefined) ? few(alternatives.flatMap((one) => one.exact ?? [])) : undefined;
  if (exact !== undefined) return { exact, sets: [] };
  // The likely best of each alternative: its set of longest texts.
  const longest = alternatives.map((one) => required(one).toSorted((a, b) => shortest(b) - shortest(a))[0]);
  return { exact: undefined, sets: longest.every((set) => set !== undefined) ? [longest.flat()] : [] };
}

function shortest(set: LiteralSet): number {
  return Math.min(...set.map((text) => text.length));
}

function tellRepeat({ of, least, most }: Extract<RegexNode, { kind: 'repeat' }>): Told {
  const inner = tell(of);
  if (most === 0) return NO_WIDTH;
  if (least === 0) return most === 1 && inner.exact !== undefined ? { exact: few(['', ...inner.exact]), sets: [] } : NOTHING;
  const times = Math.min(least, MOST_UNITS);
  // What one repetition needs is said once: nested repetitions would multiply it.
  const told = tellSequence(Array.from({ length: times }, (_, i) => (i === 0 ? inner : { ...inner, sets: [] })));
  return times === most ? told : { exact: undefined, sets: required(told), ends: told.exact };
}
