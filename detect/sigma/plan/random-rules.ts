import type { Random } from '../../../contracts/seeded-random.ts';
import type { Mappings } from '../mappings/mapping.ts';
import { combineMappings, parseSource } from '../mappings/mapping.ts';
import { ANY, ONE, TIME_PARTS } from '../rule.ts';
import type { Comparison, Condition, DetectionRule, Logsource, Match, Place, Test, TextPart } from '../rule.ts';

/** Rules and events for tests, of few words, so that they meet often. */

const PLACE: Place = { file: 'random.yml', line: 1, column: 1, length: 1 };
const COMPARISONS: readonly Comparison[] = ['eq', 'neq', 'lt', 'lte', 'gt', 'gte'];

export const FIELDS: readonly string[] = [
  'EventID', 'CommandLine', 'cs-uri-query', 'c-uri', 'cs-method', 'url.query', 'url.path', 'a', 'a.b', 'a.b.c', 'scan.rule', 'scan.class', '__proto__', 'constructor', 'toString', 'Größe', 'naïve', 'x"y', 'x\\y', 'k e y', 'dot.', '.dot', '',
];

/** Words that both rules and events are made of; equal but for letter case, edges, numbers or escapes in many ways. */
export const WORDS: readonly string[] = [
  'select', 'UNION', 'union select', '/etc/passwd', 'cmd.exe', '\\powershell.exe', '-enc', '%27', '%2527', '%20or%20', "' or 1=1", '<script>', '&lt;script&gt;', 'c2VsZWN0ICogZnJvbSB1c2Vycw==',
  '404', '4', '40', '1.0', '1', '4e2', '400', '-0', '0', '1e999', 'Infinity', '12345678901234567890', '12345678901234567000', '0.1', '1e-7', '1e+21', '10.0.0.1', '10.0.0.7', '::1', '2001:db8::7',
  'true', 'false', 'null', 'rue', 'a', 'A', 'K', 'K', 'k', 'ß', 'SS', 'ẞ', 'İ', 'i', 'ı', 'I', 'Σ', 'σ', 'ς', 'ſ', 's', 'é', 'É', 'ﬁ', '😀', '\ud83d', '\ude00', '\u0000', '\n', '"', '\\', '\\u0041', '/', '*', '?', ' ', '', '"a":', '": ', 'EventID', '.hta', 'x.hta', 'HTA', '3.5', '0.000001', '123456789012345', '\u2028', '2026-11-21T10:00:00Z', '2026-02-30',
];

const PATTERNS: readonly (readonly [pattern: string, flags: string])[] = [
  ['select', 'i'], ['select.*from', ''], ['^/etc/', ''], ['\\\\power(shell|cmd)\\.exe$', 'i'], ['[0-9]{3}', ''], ['^4', ''], ['(?:union|select)\\s+\\w+', 'i'], ['\\d+\\.\\d+', ''], ['k', 'i'], ['s', 'i'], ['ß', 'i'], ['^(?=.{0,9}union).{0,20}select', 'i'],
  ['a?b*', ''], ['^$', ''], ['(?<!x)cmd\\.exe', 'i'], ['\\bor\\b', 'i'], ['[a-f]+%27', ''], ['(a|b|)c', ''], ['passwd|shadow|cmd\\.exe', ''], ['^(.)\\1', ''], ['\\x41', ''], ['\\/etc\\/pass', ''], ['é+', 'i'], ['.{5,}select', 's'], ['(s)(e)(l)(e)(c)(t)', ''], ['[Ss]elect', ''], ['tru', ''], ['un(?:ion)? sel', 'i'], ['^union$', 'im'], ['exe|', ''],
];

const LOGSOURCES: readonly Logsource[] = [{ category: 'webserver' }, { category: 'process_creation', product: 'windows' }, { product: 'linux' }, {}];

export function randomMappings(): Mappings {
  const source = (text: string): NonNullable<ReturnType<typeof parseSource>> => parseSource(text) ?? { kind: 'field', name: text };
  return combineMappings([{
    file: 'random-mapping.yml',
    events: [{ when: [[{ field: 'url.path', texts: [], prefixes: [''] }], [{ field: 'a', texts: [], prefixes: [''] }]], serves: [{ category: 'webserver' }, { product: 'linux' }] }],
    fields: new Map([
      ['c-uri', [[source('{url.path}?{url.query}')]]],
      ['cs-uri-query', [[source('url.query'), source('{a}&{a.b}')]]],
      ['cs-method', [[source('a')], [source('a.b.c')]]],
      ['EventID', [[{ kind: 'extension', name: 'a' }], [source('{k e y}.{a}')]]],
      ['Größe', [[source('scan.class')]]],
      ['CommandLine', [[{ kind: 'extension', name: 'url.path' }]]],
    ]),
  }]);
}

function randomText(random: Random): string {
  const word = random.pick(WORDS);
  switch (random.below(6)) {
    case 0: return word.toUpperCase();
    case 1: return word + random.pick(WORDS);
    case 2: return word + random.pick(WORDS) + random.pick(WORDS);
    default: return word;
  }
}

function randomParts(random: Random): readonly TextPart[] {
  const parts: TextPart[] = [];
  const push = (part: TextPart): void => {
    const last = parts.at(-1);
    if (part === '') return;
    if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
    else if (part !== ANY || last !== ANY) parts.push(part);
  };
  const shape = random.below(8);
  if (shape === 0) for (let i = random.below(6); i >= 0; i--) push(random.pick([ANY, ONE, random.pick(WORDS), random.pick(WORDS)]));
  if (shape === 1 || shape >= 5) push(ANY);
  if (shape !== 0) push(random.chance(0.3) ? randomText(random) : random.pick(WORDS));
  if (shape === 2 || shape >= 5) push(ANY);
  return parts;
}

function randomTest(random: Random, keyword: boolean): Test {
  switch (keyword ? random.pick([0, 0, 0, 0, 1]) : random.below(14)) {
    case 1: {
      const [pattern, flags] = random.pick(PATTERNS);
      return { kind: 'regex', pattern, flags };
    }
    case 2: return { kind: 'null' };
    case 3: return { kind: 'exists', exists: random.chance(0.5) };
    case 4: return { kind: 'number', comparison: random.pick(COMPARISONS), value: random.pick([0, 1, 4, 40, 400, 404, -1]) };
    case 5: return { kind: 'cidr', network: random.pick(['10.0.0.0/8', '10.0.0.7/32', '2001:db8::/32', '0.0.0.0/0']) };
    case 6: return { kind: 'fieldref', other: random.pick(FIELDS), how: random.pick(['equals', 'contains', 'startswith', 'endswith']), cased: random.chance(0.3) };
    case 7: return { kind: 'time', part: random.pick(TIME_PARTS), comparison: random.pick(COMPARISONS), value: random.pick([1, 10, 11, 47, 2026]) };
    default: return { kind: 'text', parts: randomParts(random), cased: random.chance(0.2) };
  }
}

function randomMatch(random: Random): Match {
  const field = random.chance(0.12) ? undefined : random.pick(FIELDS);
  const test = randomTest(random, field === undefined);
  const decoded = (test.kind === 'text' || test.kind === 'regex') && random.chance(0.15);
  return { kind: 'match', field, test, decoded, written: '', place: PLACE };
}

function randomCondition(random: Random, depth: number): Condition {
  const kind = depth === 0 ? 3 : random.below(5);
  if (kind > 2) return randomMatch(random);
  if (kind === 2) return { kind: 'not', of: randomCondition(random, depth - 1), place: PLACE };
  const of = Array.from({ length: random.pick([1, 2, 2, 3, 0]) }, () => randomCondition(random, depth - 1));
  return { kind: kind === 0 ? 'and' : 'or', of, place: PLACE };
}

export function randomRule(random: Random, id: string): DetectionRule {
  return {
    kind: 'detection', id, title: id, references: [], tags: [], falsePositives: [], level: 'medium', options: { class: '', scope: 'site' }, place: PLACE, hash: '',
    logsource: random.pick(LOGSOURCES), condition: randomCondition(random, 3), standalone: true,
  };
}
