import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import type { Random } from '../../../contracts/seeded-random.ts';
import { MOST_PROBLEMS_PER_FILE } from './rule-text.ts';
import { readRules } from './read-rules.ts';
import { printProblems } from './print-problems.ts';
import { conditionWith, correlationWith, filterWith, ruleWith, searchWith, told } from './told.suite.ts';

const SIZE = 200_000;
const lines = (count: number, of: (index: number) => string): string => Array.from({ length: count }, (_, index) => of(index)).join('\n');
/** Lists of lists of lists …, ten of each: a hundred thousand million values. */
const BOMB = `a: &a0 [${'x, '.repeat(10)}]\n${lines(10, (index) => `a${index}: &a${index + 1} [${`*a${index}, `.repeat(10)}]`)}`;

/** Texts that could cost much more than their size, with a problem that is told. */
const HOSTILE: readonly (readonly [string, string, string])[] = [
  ['nested lists', '['.repeat(SIZE), 'this is nested deeper than 32 levels'],
  ['nested maps', '{a: '.repeat(SIZE / 4), 'this is nested deeper than 32 levels'],
  ['nested dashes', `${'- '.repeat(SIZE / 2)}a`, 'this is nested deeper than 32 levels'],
  ['nested keys', `${'? '.repeat(SIZE / 2)}a`, 'this is nested deeper than 32 levels'],
  ['nested blocks', lines(500, (index) => `${' '.repeat(index)}a:`), 'this is nested deeper than 32 levels'],
  ['closing brackets', ']'.repeat(SIZE), 'YAML: Unexpected flow-seq-end token in YAML document'],
  ['directives', '%\n'.repeat(SIZE / 2), 'YAML: too many directives'],
  ['documents', '---\n'.repeat(SIZE / 4), 'this file has no rule'],
  ['a bomb of aliases', BOMB, 'this file has more than 300000 values, aliases followed'],
  ['an alias of itself', 'title: &t [*t]', 'the alias `*t` stands for no anchor before it'],
  ['many keys', lines(20_000, (index) => `k${index}: 1`), 'a rule needs a `title`'],
  ['slips', lines(20_000, (index) => `titel${index}: 1`), 'a rule needs a `title`'],
  ['a file beyond all measure', ' '.repeat(1024 * 1024 + 1), 'this file has 1048577 characters, at most 1048576 are read'],
  ['parentheses', conditionWith('('.repeat(SIZE)), 'a condition has at most 10000 words'],
  ['nested parentheses', conditionWith('('.repeat(5000)), 'a condition is nested at most 50 levels deep'],
  ['not not', conditionWith(`${'not '.repeat(5000)} a`), 'a condition is nested at most 50 levels deep'],
  ['unknown names', conditionWith(lines(5000, (index) => `x${index}`).replaceAll('\n', ' or ')), 'there is no search `x0`'],
  ['conditions', conditionWith(`[${'a, '.repeat(10_000)}]`), 'a condition must be text or a list of up to 100 texts, this is a list'],
  ['many values', searchWith(`{f: [${'a, '.repeat(60_000)}]}`), 'this rule has more than 50000 values'],
  ['values many times', ruleWith(`{s: {f: [${'a, '.repeat(5000)}]}, condition: ${'s or '.repeat(1000)} s}`), 'this condition refers to more than 50000 values'],
  ['patterns', ruleWith(`{${'ab'.repeat(20_000)}: {f: 1}, condition: 1 of ${'a*'.repeat(10_000)}c}`), 'no search fits `1 of'],
  ['placeholders', searchWith(`{f|expand: "${'%p%'.repeat(1000)}"}`), 'the placeholders give more than 10000 values'],
  ['placeholders with dashes', searchWith(`{f|expand|windash: "${'%d%'.repeat(5)} -a -b -c -d"}`), 'this value stands for more than 10000 texts'],
  ['dashes', searchWith(`{f|windash: "${' -a'.repeat(1000)}"}`), 'this value has more dashes than `windash` can vary'],
  ['modifiers', searchWith(`{"f${'|contians'.repeat(20_000)}": x}`), 'a field has at most 16 modifiers'],
  ['groups of a regular expression', searchWith(`{f|re: "${'('.repeat(20_000)}"}`), 'this regular expression cannot be used'],
  ['rules', correlationWith(`{type: temporal, timespan: 5m, rules: [${lines(2000, (index) => `r${index}`).replaceAll('\n', ', ')}]}`), '`rules` names more than 1000 rules'],
  ['digits', correlationWith(`{type: temporal, timespan: ${'9'.repeat(1000)}s, rules: [one]}`), '`timespan` must be a number and a unit'],
];

describe('a hostile file is refused at a bounded cost:', () => {
  it.each(HOSTILE)('%s', (_name, text, problem) => {
    const problems = told(text, { placeholders: { p: ['1', '2'], d: ['1', '2'] } });
    expect(problems.join('\n')).toContain(problem);
    expect(problems.length).toBeLessThanOrEqual(MOST_PROBLEMS_PER_FILE + 1);
  });

  it.each([['a long text', searchWith(`{f: "${'a*'.repeat(SIZE)}"}`)], ['a long line', searchWith(`{f: ${'x '.repeat(SIZE)}}`)], ['long blocks', ruleWith(`\n  s:\n    f: |\n${'      x\n'.repeat(SIZE / 4)}  condition: s`)]])('%s is only long', (_name, text) => {
    expect(told(text)).toEqual([]);
  });
});

const RULES = [
  'title: Rule\nid: a\nstatus: test\nlevel: high\ntags:\n    - attack.t1190\nlogsource:\n    category: webserver\n    product: apache\ndetection:\n    selection:\n        cs-uri-query|contains|all:\n            - "union"\n            - \'select\\*\'\n        sc-status: [200, 500]\n        c-ip|cidr: 10.0.0.0/8\n    keywords:\n        - one\n        - two: 5\n    _x:\n        f|re|i: "(a|b)+c"\n        g|windash|contains: " -x"\n        h|base64offset|contains: foo\n        t|hour|gte: 5\n        e|exists: true\n        n: null\n    condition: selection and not (1 of key* or _x)\ntourniquet: {class: a.b, suppress: {quiet: 5m}}\n',
  correlationWith('{type: value_count, rules: [one, id-two], group-by: [u, ip], timespan: 5m, aliases: {ip: {one: a, two: b}}, condition: {field: x, gte: 3}}'),
  correlationWith('{type: temporal, rules: [one, two], timespan: 5m, condition: one and not two}'),
  filterWith('{rules: [r-1], s: {f|startswith: adm_}, condition: not s}'),
];
const PIECES = ['\n', ' ', '    ', ':', ': ', '- ', '|', '"', "'", '{', '}', '[', ']', ',', '*', '&a ', '*a', '!', '%', '@', '`', '#', '?', '---\n', '...\n', '\u0000', '\ufeff', '\u2028', '\ud800', '😀', '\t', '\r\n', '__proto__', 'null', '1e999', '<<: ', '!!binary ', '%YAML 1.1\n---\n', '>-\n', '|2\n'];

function mutated(random: Random): string {
  let text = random.pick(RULES);
  for (let left = random.between(1, 6); left > 0; left--) {
    const at = random.below(text.length + 1);
    const to = Math.min(text.length, at + random.between(1, 30));
    const other = random.pick(RULES);
    const from = random.below(other.length);
    const inserted = random.pick(['', '', random.pick(PIECES), random.pick(PIECES).repeat(random.between(1, 40)), other.slice(from, from + random.between(1, 80))]);
    text = text.slice(0, at) + inserted + text.slice(random.chance(0.5) ? at : to);
  }
  return text;
}

/** What is wrong with what was read of a text, or undefined. */
function fault(text: string): string | undefined {
  const files = [{ file: 'rule.yml', text }];
  const { rules, problems } = readRules(files);
  const fileLines = text.split('\n');
  const outside = problems.find(({ place: { line, column, length } }) => line < 1 || line > fileLines.length || column < 1 || column > (fileLines[line - 1]?.length ?? 0) + 1 || length < 1);
  if (outside !== undefined) return `a place outside of the file: ${JSON.stringify(outside)}`;
  if (problems.some(({ message, hint = '' }) => message.length + hint.length > 1000)) return 'a long message';
  if (problems.length > 0 === rules.detections.length + rules.correlations.length > 0) return `${problems.length} problems beside ${rules.detections.length} rules`;
  return printProblems(problems, files).length > 50 * 2000 ? 'a long print' : undefined;
}

it('whatever becomes of a rule, it is read or refused with places inside of the file', () => {
  const seed = Number(process.env['FUZZ_SEED'] ?? 5);
  const random = seededRandom(seed);
  let read = 0;
  for (let round = 0; round < 4000; round++) {
    const text = mutated(random);
    const found = fault(text);
    if (found !== undefined) expect.fail(`seed ${seed}, round ${round}: ${found} of ${JSON.stringify(text)}`);
    if (readRules([{ file: 'rule.yml', text }]).problems.length === 0) read++;
  }
  expect(read).toBeGreaterThan(100);
});
