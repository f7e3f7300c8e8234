import type { Assertion, RegexNode } from './regex-node.ts';
import type { UnitSet } from './unit-set.ts';

/** The tree as a pattern of JavaScript, for a RegExp without flags. */
export function regexSource(node: RegexNode): string {
  switch (node.kind) {
    case 'set': return setSource(node.units);
    case 'sequence': return node.of.map((one) => regexSource(one)).join('');
    case 'either': return `(?:${node.of.map((one) => regexSource(one)).join('|')})`;
    case 'repeat': return `(?:${regexSource(node.of)}){${node.least},${node.most === Number.POSITIVE_INFINITY ? '' : node.most}}`;
    case 'assert': return ASSERTIONS[node.what];
    case 'look': return `(?${node.ahead ? '' : '<'}${node.negative ? '!' : '='}${regexSource(node.of)})`;
    case 'group': return `(?<g${node.index}>${regexSource(node.of)})`;
    case 'reference': return `\\k<g${node.index}>`;
    default: return node satisfies never;
  }
}

const ASSERTIONS: Readonly<Record<Assertion, string>> = {
  start: '^',
  end: '$',
  'end-line': '(?=\\n?$)',
  'line-start': '(?:^|(?<=\\n)(?!$))',
  'line-end': '(?:$|(?=\\n))',
  word: '\\b',
  'not-word': '\\B',
};

function setSource(units: UnitSet): string {
  const [only] = units;
  if (only !== undefined && units.length === 1 && only[0] === only[1]) return unitSource(only[0]);
  return `[${units.map(([from, to]) => (from === to ? unitSource(from) : `${unitSource(from)}-${unitSource(to)}`)).join('')}]`;
}

function unitSource(unit: number): string {
  const character = String.fromCharCode(unit);
  return /[A-Za-z0-9]/.test(character) ? character : `\\u${unit.toString(16).padStart(4, '0')}`;
}
