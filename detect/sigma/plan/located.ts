import type { Condition, Match } from '../rule.ts';
import { EVERY_TEXT } from './event-values.ts';
import type { EventValues, Slot } from './event-values.ts';
import { leafProgram, passingView, textTestOf } from './leaf.ts';
import type { Program } from './leaf.ts';

/** What made a condition hold. */
export interface Located {
  /** The field as the rule names it; '' for a keyword. */
  readonly field: string;
  /** The decoded view it was found in; '' for the value as it is. */
  readonly view: string;
}

/** Of an event for which the condition holds: what made it. */
export type Locator = (values: EventValues) => Located;

const NOWHERE: Located = { field: '', view: '' };

/**
 * The first test, in the rule's order, that passes and is no negation, one of a field before a keyword; field and view are
 * empty when there is none: the rule says only what must not be.
 */
export function compileLocator(condition: Condition, slotOf: (field: string | undefined) => Slot): Locator {
  const { gather } = compileNode(condition, slotOf);
  return (values) => {
    const found: Located[] = [];
    gather(values, found);
    return found.find((one) => one.field !== '') ?? found[0] ?? NOWHERE;
  };
}

interface Node {
  readonly holds: Program;
  /** Of a condition that holds: the tests that pass. */
  readonly gather: (values: EventValues, found: Located[]) => void;
}

function compileNode(condition: Condition, slotOf: (field: string | undefined) => Slot): Node {
  switch (condition.kind) {
    case 'match': return compileMatch(condition, slotOf);
    case 'not': {
      const { holds } = compileNode(condition.of, slotOf);
      return { holds: (values) => !holds(values), gather: () => undefined };
    }
    case 'and': {
      const nodes = condition.of.map((one) => compileNode(one, slotOf));
      return {
        holds: (values) => nodes.every((node) => node.holds(values)),
        gather: (values, found) => nodes.forEach((node) => node.gather(values, found)),
      };
    }
    case 'or': {
      const nodes = condition.of.map((one) => compileNode(one, slotOf));
      return {
        holds: (values) => nodes.some((node) => node.holds(values)),
        gather: (values, found) => nodes.find((node) => node.holds(values))?.gather(values, found),
      };
    }
    default: return condition satisfies never;
  }
}

function compileMatch(match: Match, slotOf: (field: string | undefined) => Slot): Node {
  const field = match.field ?? '';
  const slot = match.field === undefined ? EVERY_TEXT : slotOf(match.field);
  const holds = leafProgram(match, slotOf);
  const text = match.decoded ? textTestOf(match.test) : undefined;
  const viewOf = text === undefined ? () => '' : (values: EventValues) => passingView(values.views(slot), text)?.name ?? '';
  return { holds, gather: (values, found) => found.push({ field, view: viewOf(values) }) };
}
