import { ANY, ONE } from '../rule.ts';
import type { Condition, RuleExpression, Test } from '../rule.ts';

/**
 * Conditions in one line, for golden tests: `&`, `|`, `!`, `field:test`. A literal stands in quotes, wildcards are bare.
 * Nothing shows labels and places.
 */
export function printed(condition: Condition): string {
  switch (condition.kind) {
    case 'and':
    case 'or':
      if (condition.of.length === 1) return condition.of.map(printed).join('');
      return `(${condition.of.map(printed).join(condition.kind === 'and' ? ' & ' : ' | ')})`;
    case 'not':
      return `!${printed(condition.of)}`;
    case 'match':
      return `${condition.field ?? '*'}${condition.decoded ? ' decoded' : ''}:${printedTest(condition.test)}`;
    default:
      return condition satisfies never;
  }
}

function printedTest(test: Test): string {
  switch (test.kind) {
    case 'text':
      return `${test.cased ? 'cased ' : ''}${test.parts.map((part) => (part === ANY ? '*' : part === ONE ? '?' : JSON.stringify(part))).join('') || '""'}`;
    case 'regex':
      return `/${test.pattern}/${test.flags}`;
    case 'cidr':
      return test.network;
    case 'number':
      return `${test.comparison} ${test.value}`;
    case 'null':
      return 'null';
    case 'exists':
      return test.exists ? 'exists' : 'absent';
    case 'fieldref':
      return `${test.cased ? 'cased ' : ''}${test.how} ${test.other}`;
    case 'time':
      return `${test.part} ${test.comparison} ${test.value}`;
    default:
      return test satisfies never;
  }
}

export function printedRules(expression: RuleExpression): string {
  switch (expression.kind) {
    case 'rule':
      return expression.rule;
    case 'not':
      return `!${printedRules(expression.of)}`;
    case 'and':
    case 'or':
      return `(${expression.of.map(printedRules).join(expression.kind === 'and' ? ' & ' : ' | ')})`;
    default:
      return expression satisfies never;
  }
}
