import { isWithin } from '../comparison.ts';
import { datePart } from '../event/date-part.ts';
import { numberOf, scalarsOf } from '../event/field-value.ts';
import type { FieldValue } from '../event/field-value.ts';
import { networkTest } from '../event/network.ts';
import { foldCase } from '../fold-case.ts';
import { compileRegex } from '../regex/compile-regex.ts';
import type { Match, Test } from '../rule.ts';
import type { EventValues, Slot, TextView } from './event-values.ts';
import { textMatcher } from './text-matcher.ts';

/** Whether an event passes; it sees the event through its values. */
export type Program = (values: EventValues) => boolean;

/** One test of a text as the rule sees it, folded unless `cased`. */
export interface TextTest {
  readonly cased: boolean;
  readonly passes: (text: string) => boolean;
}

/** What a text or regex test asks of each text; undefined for tests that look at other things than texts. */
export function textTestOf(test: Test): TextTest | undefined {
  if (test.kind === 'text') return { cased: test.cased, passes: textMatcher(test.parts, test.cased) };
  if (test.kind !== 'regex') return undefined;
  const regex = compileRegex(test.pattern, test.flags);
  return { cased: true, passes: (text) => regex.test(text) };
}

/** `slotOf` gives the slot of a field's name, or of all texts. */
export function leafProgram(match: Match, slotOf: (field: string | undefined) => Slot): Program {
  const slot = slotOf(match.field);
  const text = textTestOf(match.test);
  if (text !== undefined) {
    const { passes, cased } = text;
    if (match.decoded) return (values) => passingView(values.views(slot), text) !== undefined;
    return cased ? (values) => anyPasses(values.texts(slot), passes) : (values) => anyPasses(values.folded(slot), passes);
  }
  return otherProgram(match.test, slot, slotOf);
}

/** The first view that passes. */
export function passingView(views: readonly TextView[], { cased, passes }: TextTest): TextView | undefined {
  return views.find((view) => passes(cased ? view.text : foldCase(view.text)));
}

export function anyPasses(texts: readonly string[], passes: (text: string) => boolean): boolean {
  for (const text of texts) if (passes(text)) return true;
  return false;
}

function otherProgram(test: Test, slot: Slot, slotOf: (field: string) => Slot): Program {
  switch (test.kind) {
    case 'null': return (values) => isNull(values.read(slot));
    case 'exists': return (values) => (values.read(slot) !== undefined) === test.exists;
    case 'cidr': {
      const within = networkTest(test.network);
      return (values) => anyPasses(values.texts(slot), within);
    }
    case 'number': return (values) => scalarsOf(values.read(slot)).some((scalar) => isWithin(numberOf(scalar), test.comparison, test.value));
    case 'time': return (values) => values.texts(slot).some((text) => isWithin(datePart(text, test.part), test.comparison, test.value));
    case 'fieldref': {
      const other = slotOf(test.other);
      return (values) => (test.cased
        ? refers(values.texts(slot), values.texts(other), test.how)
        : refers(values.folded(slot), values.folded(other), test.how));
    }
    case 'text': case 'regex': throw new TypeError('a text test is compiled by textTestOf');
    default: return test satisfies never;
  }
}

function isNull(value: FieldValue | undefined): boolean {
  return value === undefined || value === null || (typeof value === 'object' && value.includes(null));
}

function refers(texts: readonly string[], others: readonly string[], how: 'equals' | 'contains' | 'startswith' | 'endswith'): boolean {
  return texts.some((text) => others.some((other) => {
    switch (how) {
      case 'equals': return text === other;
      case 'contains': return text.includes(other);
      case 'startswith': return text.startsWith(other);
      case 'endswith': return text.endsWith(other);
      default: return how satisfies never;
    }
  }));
}
