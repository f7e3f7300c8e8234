import { datePart } from '../event/date-part.ts';
import type { FieldValue, Scalar } from '../event/field-value.ts';
import { isNumberText, numberOf, scalarsOf, textOf } from '../event/field-value.ts';
import { networkTest } from '../event/network.ts';
import { foldCase } from '../fold-case.ts';
import { compileRegex } from '../regex/compile-regex.ts';
import type { Comparison, Test, TextPart } from '../rule.ts';
import { matchesPattern } from './text-pattern.ts';

/** What a test needs beside the value. */
export interface TestContext {
  /** Another field of the event. */
  readonly other: (field: string) => FieldValue | undefined;
  /** Further readings of a text, for `decoded`; the text itself need not be among them. */
  readonly views: (text: string) => readonly string[];
}

/** Whether the value of a field passes; undefined: the event has no such field. */
export function passes(test: Test, decoded: boolean, value: FieldValue | undefined, context: TestContext): boolean {
  if (test.kind === 'exists') return (value !== undefined) === test.exists;
  if (test.kind === 'null') return value === undefined || value === null || scalarsOf(value).includes(null);
  return scalarsOf(value).some((scalar) => scalarPasses(test, scalar, context) || (decoded && viewPasses(test, scalar, context)));
}

function viewPasses(test: ScalarTest, scalar: Scalar, context: TestContext): boolean {
  const text = textOf(scalar);
  return text !== undefined && !isNumberText(text) && context.views(text).some((view) => scalarPasses(test, view, context));
}

type ScalarTest = Exclude<Test, { kind: 'exists' | 'null' }>;

/** Whether one value passes. Null passes nothing here. */
function scalarPasses(test: ScalarTest, scalar: Scalar, { other }: Pick<TestContext, 'other'>): boolean {
  const text = textOf(scalar);
  if (text === undefined) return false;
  switch (test.kind) {
    case 'text':
      return test.cased ? matchesPattern(test.parts, text) : matchesPattern(foldParts(test.parts), foldCase(text));
    case 'regex':
      return compileRegex(test.pattern, test.flags).test(text);
    case 'cidr':
      return networkOf(test.network)(text);
    case 'number': {
      const number = numberOf(scalar);
      return number !== undefined && compares(number, test.comparison, test.value);
    }
    case 'time': {
      const part = datePart(text, test.part);
      return part !== undefined && compares(part, test.comparison, test.value);
    }
    case 'fieldref': {
      const form = test.cased ? (whole: string) => whole : foldCase;
      return scalarsOf(other(test.other)).some((one) => {
        const otherText = textOf(one);
        return otherText !== undefined && refers(test.how, form(text), form(otherText));
      });
    }
    default:
      return test satisfies never;
  }
}

const networks = new Map<string, (text: string) => boolean>();

function networkOf(network: string): (text: string) => boolean {
  let test = networks.get(network);
  if (test === undefined) networks.set(network, (test = networkTest(network)));
  return test;
}

function foldParts(parts: readonly TextPart[]): readonly TextPart[] {
  return parts.map((part) => (typeof part === 'string' ? foldCase(part) : part));
}

function refers(how: Extract<Test, { kind: 'fieldref' }>['how'], text: string, other: string): boolean {
  switch (how) {
    case 'equals': return text === other;
    case 'contains': return text.includes(other);
    case 'startswith': return text.startsWith(other);
    case 'endswith': return text.endsWith(other);
    default: return how satisfies never;
  }
}

export function compares(value: number, comparison: Comparison, to: number): boolean {
  switch (comparison) {
    case 'eq': return value === to;
    case 'neq': return value !== to;
    case 'lt': return value < to;
    case 'lte': return value <= to;
    case 'gt': return value > to;
    case 'gte': return value >= to;
    default: return comparison satisfies never;
  }
}
