import { foldCase } from '../fold-case.ts';
import { ANY } from '../rule.ts';
import type { Condition, Match } from '../rule.ts';
import type { EventValues, Slot } from './event-values.ts';
import { anyPasses, leafProgram } from './leaf.ts';
import type { Program } from './leaf.ts';

/** Compiles a condition. Text tests of one field that stand in one `or` become one test of all their texts. */
export function compileCondition(condition: Condition, slotOf: (field: string | undefined) => Slot): Program {
  switch (condition.kind) {
    case 'match': return leafProgram(condition, slotOf);
    case 'not': {
      const inner = compileCondition(condition.of, slotOf);
      return (values) => !inner(values);
    }
    case 'and': return every(condition.of.map((one) => compileCondition(one, slotOf)));
    case 'or': return some(compileAlternatives(condition.of, slotOf));
    default: return condition satisfies never;
  }
}

function every(programs: readonly Program[]): Program {
  const [a, b, c] = programs;
  if (a === undefined) return () => true;
  if (b === undefined) return a;
  if (c === undefined) return (values) => a(values) && b(values);
  return (values) => {
    for (const program of programs) if (!program(values)) return false;
    return true;
  };
}

function some(programs: readonly Program[]): Program {
  const [a, b, c] = programs;
  if (a === undefined) return () => false;
  if (b === undefined) return a;
  if (c === undefined) return (values) => a(values) || b(values);
  return (values) => {
    for (const program of programs) if (program(values)) return true;
    return false;
  };
}

type FoldedText = Match & { readonly test: { readonly kind: 'text'; readonly cased: false } };

function isFoldedText(condition: Condition): condition is FoldedText {
  return condition.kind === 'match' && condition.test.kind === 'text' && !condition.test.cased && !condition.decoded;
}

function compileAlternatives(conditions: readonly Condition[], slotOf: (field: string | undefined) => Slot): readonly Program[] {
  const programs: Program[] = [];
  const byField = new Map<string | undefined, FoldedText[]>();
  for (const condition of conditions) {
    if (!isFoldedText(condition)) {
      programs.push(compileCondition(condition, slotOf));
      continue;
    }
    const others = byField.get(condition.field);
    if (others === undefined) byField.set(condition.field, [condition]);
    else others.push(condition);
  }
  const texts = [...byField].map(([field, matches]) => textsProgram(matches, slotOf(field), slotOf));
  return [...texts, ...programs];
}

/** Whole texts are looked up in a set; the others are tried one by one. */
function textsProgram(matches: readonly FoldedText[], slot: Slot, slotOf: (field: string | undefined) => Slot): Program {
  const whole = new Set<string>();
  const within: string[] = [];
  const others: Program[] = [];
  for (const match of matches) {
    const { parts } = match.test;
    const [a, b, c] = parts;
    if (parts.length === 0) whole.add('');
    else if (parts.length === 1 && typeof a === 'string') whole.add(foldCase(a));
    else if (parts.length === 3 && a === ANY && typeof b === 'string' && c === ANY) within.push(foldCase(b));
    else others.push(leafProgram(match, slotOf));
  }
  const programs: Program[] = [];
  if (whole.size > 0) programs.push((values) => anyPasses(values.folded(slot), (text) => whole.has(text)));
  if (within.length > 0) programs.push((values) => holdsAny(values, slot, within));
  return some([...programs, ...others]);
}

function holdsAny(values: EventValues, slot: Slot, needles: readonly string[]): boolean {
  for (const text of values.folded(slot)) {
    for (const needle of needles) if (text.includes(needle)) return true;
  }
  return false;
}
