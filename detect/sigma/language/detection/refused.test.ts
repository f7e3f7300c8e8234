import { describe, expect, it } from 'vitest';
import { ruleWith, searchWith, told } from '../told.suite.ts';

/** What is written, then every problem that is told of it. */
type Case = readonly [string, ...string[]];

const SEARCHES: readonly Case[] = [
  ['{}', '3:16 this search has no fields = expected `field: value`'],
  ['[]', '3:16 this search has no entries'],
  ['null', '3:16 a keyword cannot be null'],
  ['\'\'', '3:16 a keyword cannot be empty'],
  ['[a, [b]]', '3:20 an entry of a search is a map of fields or a keyword, this is a list'],
  ['[null]', '3:17 a keyword cannot be null'],
  ['[\'\']', '3:17 a keyword cannot be empty'],
  ['{f: []}', '3:20 a list of values needs at least one = `null` for a field that is absent, \'\' for an empty one'],
  ['{f: {g: 1}}', '3:20 a value must be text, a number, true, false or null, this is a map = a field within a field is written with dots: `a.b`'],
  ['{f: [[a]]}', '3:21 a value must be text, a number, true, false or null, this is a list'],
  ['{f: [a, null]}', '3:24 null cannot be part of a list of values = make it a search of its own and join the two with `or`'],
  ['{\'\': x}', '3:17 a field needs a name'],
  ['{\'|\': x}', '3:19 a modifier is missing behind `|` = leave out the `|`'],
  ['{\' f\': x}', '3:17 the name of a field has spaces around it'],
  ['{f|all: [x]}', '3:17 `all` needs a list of at least two values = leave it out'],
  ['{f|contains|all: x}', '3:17 `all` needs a list of at least two values = leave it out'],
];

const MODIFIERS: readonly Case[] = [
  ['{f|contians: x}', '3:19 unknown modifier `contians` = did you mean `contains`?'],
  ['{f|foo: x}', '3:19 unknown modifier `foo` = modifiers are all, base64, base64offset, cased, cidr, contains, day, decoded, dotall, endswith, exists, expand, fieldref, gt, gte, hour, i, ignorecase, lt, lte, m, minute, month, multiline, neq, re, s, startswith, utf16, utf16be, utf16le, week, wide, windash, year'],
  ['{f|: x}', '3:19 a modifier is missing behind `|` = leave out the `|`'],
  ['{f||contains: x}', '3:19 a modifier is missing behind `|` = leave out the `|`'],
  ['{f|contains|contains: x}', '3:28 the modifier `contains` is here twice'],
  ['{f|i|re|ignorecase: x}', '3:24 the modifier `ignorecase` is here twice'],
  ['{f|wide|utf16le|base64: x}', '3:24 the modifier `utf16le` is here twice'],
  ['{f|contains|startswith: x}', '3:28 `startswith` and `contains` exclude each other = at most one of contains, startswith, endswith'],
  ['{f|startswith|endswith: x}', '3:30 `endswith` and `startswith` exclude each other = at most one of contains, startswith, endswith'],
  ['{f|utf16|utf16be|base64: x}', '3:25 `utf16be` and `utf16` exclude each other = at most one of utf16, utf16le, utf16be'],
  ['{f|gt|lt: 1}', '3:22 `lt` and `gt` exclude each other = write the field twice, each with one comparison'],
  ['{f|hour|day: 1}', '3:24 `day` and `hour` exclude each other = at most one of minute, hour, day, week, month, year'],
  ['{f|re|contains: x}', '3:22 `contains` has no meaning beside `re` = a regular expression is found anywhere in the value as it is'],
  ['{f|re|startswith: x}', '3:22 `startswith` has no meaning beside `re` = begin the expression with ^'],
  ['{f|re|endswith: x}', '3:22 `endswith` has no meaning beside `re` = end the expression with $'],
  ['{f|re|cased: x}', '3:22 `cased` has no meaning beside `re` = a regular expression respects case unless `i` follows `re`'],
  ['{f|i: x}', '3:19 `i` has no meaning beside text modifiers = `i` belongs behind `re`; other texts ignore case unless `cased`'],
  ['{f|m: x}', '3:19 `m` has no meaning beside text modifiers = `m` belongs behind `re`'],
  ['{f|contains|s: x}', '3:28 `s` has no meaning beside text modifiers = `s` belongs behind `re`'],
  ['{f|i|re: x}', '3:19 `i` stands before `re` = write re|i'],
  ['{f|re|base64: x}', '3:22 `base64` has no meaning beside `re` = beside it can stand i, m, s, expand, all, neq, decoded'],
  ['{f|re|windash: x}', '3:22 `windash` has no meaning beside `re` = beside it can stand i, m, s, expand, all, neq, decoded'],
  ['{f|re|cidr: x}', '3:22 `cidr` has no meaning beside `re` = beside it can stand i, m, s, expand, all, neq, decoded'],
  ['{f|expand|re: x}', '3:19 `expand` stands before `re` = write re|expand'],
  ['{f|cidr|contains: 10.0.0.0/8}', '3:24 `contains` has no meaning beside `cidr` = beside it can stand expand, all, neq'],
  ['{f|cidr|cased: 10.0.0.0/8}', '3:24 `cased` has no meaning beside `cidr` = beside it can stand expand, all, neq'],
  ['{f|lt|contains: 1}', '3:22 `contains` has no meaning beside number comparisons = beside it can stand lt, lte, gt, gte, all'],
  ['{f|gt|neq: 1}', '3:22 `neq` has no meaning beside number comparisons = write the opposite comparison'],
  ['{f|gte|re: 1}', '3:19 `gte` has no meaning beside `re` = beside it can stand i, m, s, expand, all, neq, decoded'],
  ['{f|hour|contains: 1}', '3:24 `contains` has no meaning beside parts of a time = beside it can stand minute, hour, day, week, month, year, lt, lte, gt, gte, all, neq'],
  ['{f|gte|hour: 1}', '3:19 `gte` stands before `hour` = write hour|gte'],
  ['{f|exists|all: true}', '3:26 `all` has no meaning beside `exists` = `exists` stands alone'],
  ['{f|exists|neq: true}', '3:26 `neq` has no meaning beside `exists` = `exists` stands alone'],
  ['{f|contains|exists: true}', '3:19 `contains` has no meaning beside `exists` = `exists` stands alone'],
  ['{f|fieldref|base64: g}', '3:28 `base64` has no meaning beside `fieldref` = beside it can stand contains, startswith, endswith, cased, all, neq'],
  ['{f|contains|fieldref: g}', '3:19 `contains` stands before `fieldref` = write fieldref|contains'],
  ['{f|fieldref|expand: g}', '3:28 `expand` has no meaning beside `fieldref` = beside it can stand contains, startswith, endswith, cased, all, neq'],
  ['{f|cidr|decoded: 10.0.0.0/8}', '3:24 `decoded` has no meaning beside `cidr` = beside it can stand expand, all, neq'],
  ['{f|fieldref|decoded: g}', '3:28 `decoded` has no meaning beside `fieldref` = beside it can stand contains, startswith, endswith, cased, all, neq'],
  ['{f|contains|base64: x}', '3:19 `contains` stands before `base64` = write base64|contains'],
  ['{f|base64|wide: x}', '3:19 `base64` stands before `wide` = write wide|base64'],
  ['{f|base64offset|base64|contains: x}', '3:19 `base64offset` stands before `base64` = write base64|base64offset'],
  ['{f|base64offset: x}', '3:19 `base64offset` gives parts of a text, a whole value never equals one = write base64offset|contains'],
  ['{f|base64|windash: x}', '3:19 `base64` stands before `windash` = write windash|base64'],
  ['{f|base64|expand: x}', '3:19 `base64` stands before `expand` = write expand|base64'],
  ['{\'|cidr\': 10.0.0.0/8}', '3:17 `|cidr` needs a field before `|` = a keyword is looked for anywhere in the event'],
  ['{\'|startswith\': x}', '3:17 `|startswith` needs a field before `|` = a keyword is looked for anywhere in the event'],
  ['{\'|exists\': true}', '3:17 `|exists` needs a field before `|` = a keyword is looked for anywhere in the event'],
  ['{\'|gt\': 1}', '3:17 `|gt` needs a field before `|` = a keyword is looked for anywhere in the event'],
  ['{\'|fieldref\': g}', '3:17 `|fieldref` needs a field before `|` = a keyword is looked for anywhere in the event'],
  ['{\'|hour\': 1}', '3:17 `|hour` needs a field before `|` = a keyword is looked for anywhere in the event'],
  ['{f|a|b|c|d|e|f|g|h|i|j|k|l|m|n|o|p|q: x}', '3:17 a field has at most 16 modifiers'],
];

const VALUES: readonly Case[] = [
  ['{f|contains: null}', '3:29 null has no text to modify = write \'\' for the empty text'],
  ['{f|cased: null}', '3:26 null has no text to modify = write \'\' for the empty text'],
  ['{\'|contains\': null}', '3:30 a keyword cannot be null'],
  ['{f|base64: 5}', '3:27 `base64` takes text, this is a number = put it in quotes'],
  ['{f|windash: true}', '3:28 `windash` takes text, this is true or false = put it in quotes'],
  ['{f|expand: 5}', '3:27 `expand` takes text, this is a number = put it in quotes'],
  ['{f|base64: \'a*\'}', '3:27 a value with wildcards cannot be encoded: its length is not known'],
  ['{f|base64: \'\'}', '3:27 an empty value cannot be encoded'],
  ['{f|wide: "é"}', '3:25 only the bytes of ASCII characters can be looked for in a text: put base64 or base64offset behind'],
  ['{f|utf16: a}', '3:26 only the bytes of ASCII characters can be looked for in a text: put base64 or base64offset behind'],
  ['{f|base64|contains: [\'a\', \'b?\']}', '3:42 a value with wildcards cannot be encoded: its length is not known'],
  ['{f|windash: " -a -b -c -d -e"}', '3:28 this value has more dashes than `windash` can vary = at most 4 that begin a word'],
  ['{f|re: 5}', '3:23 `re` takes text, this is a number = put it in quotes'],
  ['{f|re: \'\'}', '3:23 `re` takes text, this is an empty text'],
  ['{f|re: "("}', '3:23 this regular expression cannot be used: this parenthesis has no closing one: write \\( for the character'],
  ['{f|re: [a, "[b"]}', '3:27 this regular expression cannot be used: the class has no closing bracket'],
  ['{f|cidr: 5}', '3:25 `cidr` takes text, this is a number = put it in quotes'],
  ['{f|cidr: 10.0.0}', '3:25 this is no network in CIDR notation = like 10.0.0.0/8 or 2001:db8::/32'],
  ['{f|cidr: 10.0.0.0/33}', '3:25 the prefix of this network must be from 0 to 32'],
  ['{f|cidr: 10.0.0.1/8}', '3:25 this address has bits beyond the prefix of 8 = write the first address of the network'],
  ['{f|cidr: "2001:db8::1/32"}', '3:25 this address has bits beyond the prefix of 32 = write the first address of the network'],
  ['{f|cidr: 10.0.0.0/8/8}', '3:25 this is no network in CIDR notation = like 10.0.0.0/8 or 2001:db8::/32'],
  ['{f|cidr: "fe80::%eth0/10"}', '3:25 this is no network in CIDR notation = like 10.0.0.0/8 or 2001:db8::/32'],
  ['{f|cidr: "::/129"}', '3:25 the prefix of this network must be from 0 to 128'],
  ['{f|cidr: 10.0.0.0/x}', '3:25 the prefix of this network must be from 0 to 32'],
  ['{f|lt: \'5\'}', '3:23 `lt` must be a number, this is text = write the number without quotes'],
  ['{f|gt: x}', '3:23 `gt` must be a number, this is text = write the number without quotes'],
  ['{f|gte: null}', '3:24 `gte` must be a number, this is nothing'],
  ['{f|lte: 9007199254740993}', '3:24 `lte` has more digits than can be compared exactly = at most 9007199254740991'],
  ['{f|gt: .nan}', '3:23 `gt` must be a finite number'],
  ['{f|gt: [1, x]}', '3:27 `gt` must be a number, this is text = write the number without quotes'],
  ['{f|hour: 24}', '3:25 `hour` is a whole number from 0 to 23'],
  ['{f|minute: -1}', '3:27 `minute` is a whole number from 0 to 59'],
  ['{f|day: 0}', '3:24 `day` is a whole number from 1 to 31'],
  ['{f|month: 13}', '3:26 `month` is a whole number from 1 to 12'],
  ['{f|week: 54}', '3:25 `week` is a whole number from 1 to 53'],
  ['{f|hour: 1.5}', '3:25 `hour` is a whole number from 0 to 23'],
  ['{f|hour: x}', '3:25 `hour` must be a number, this is text = write the number without quotes'],
  ['{f|year|lt: 12345}', '3:28 `year` is a whole number from 0 to 9999'],
  ['{f|exists: yes}', '3:27 `exists` takes true or false, this is text = write true or false without quotes: in YAML 1.2 every other word is text'],
  ['{f|exists: [true, false]}', '3:27 `exists` takes true or false, this is a list'],
  ['{f|exists: 1}', '3:27 `exists` takes true or false, this is a number'],
  ['{f|exists: \'true\'}', '3:27 `exists` takes true or false, this is text = write true or false without quotes: in YAML 1.2 every other word is text'],
  ['{f|fieldref: 5}', '3:29 `fieldref` takes text, this is a number = put it in quotes'],
  ['{f|fieldref: "g*"}', '3:29 the name of a field has no wildcards'],
  ['{f|fieldref: \'\'}', '3:29 `fieldref` takes text, this is an empty text'],
  ['{f|expand: "%nope%"}', '3:27 the placeholder `%nope%` has no values = give them in the configuration, under `rules.placeholders`'],
  ['{f|expand: "%serverz%"}', '3:27 the placeholder `%serverz%` has no values = did you mean `servers`?'],
];

const SECTIONS: readonly Case[] = [
  ['x', '3:12 `detection` must be a map, this is text = searches by their names, and `condition`'],
  ['[]', '3:12 `detection` must be a map, this is a list = searches by their names, and `condition`'],
  ['{}', '3:1 `detection` needs a `condition` = which of its searches have to match, like `condition: selection`', '3:1 `detection` needs at least one search = like `selection:` with `field: value` under it'],
  ['{condition: s}', '3:1 `detection` needs at least one search = like `selection:` with `field: value` under it'],
  ['{s: {f: 1}}', '3:1 `detection` needs a `condition` = which of its searches have to match, like `condition: selection`'],
  ['{s: {f: 1}, conditon: s}', '3:24 `detection` has no `condition` = did you mean `condition`?'],
  ['{s: {f: 1}, timeframe: 5m, condition: s}', '3:24 `timeframe` belongs to the old aggregations, which Sigma 2 replaced = write a second document with `correlation:` and its `timespan`'],
  ['{and: {f: 1}, s: {f: 1}, condition: s}', '3:13 `and` cannot name a search: it is a word of conditions'],
  ['{Not: {f: 1}, s: {f: 1}, condition: s}', '3:13 `Not` cannot name a search: it is a word of conditions'],
  ['{\'\': {f: 1}, s: {f: 1}, condition: s}', '3:13 a search needs a name'],
  ['{s: {f: 1}, s: {f: 2}, condition: s}', '3:24 the key `s` is here twice = merge the two, or rename one'],
  ['{s: {f: 1, f: 2}, condition: s}', '3:23 the key `f` is here twice = merge the two, or rename one'],
  ['{s: {f: 1}, condition: {a: b}}', '3:35 a condition must be text or a list of up to 100 texts, this is a map'],
  ['{s: {f: 1}, condition: []}', '3:35 a condition must be text or a list of up to 100 texts, this is a list'],
  ['{s: {f: 1}, condition: null}', '3:35 a condition must be text or a list of up to 100 texts, this is nothing'],
  ['{s: {f: 1}, condition: [s, 5]}', '3:35 a condition must be text or a list of up to 100 texts, this is a list'],
  ['{s: {<<: {f: 1}}, condition: s}', '3:16 this search has no fields = expected `field: value`', '3:17 merge keys (`<<`) are not part of YAML 1.2 = write the entries out, or use an alias for the whole value'],
  ['{s: {[a]: 1}, condition: s}', '3:16 this search has no fields = expected `field: value`', '3:17 a key must be text'],
  ['{s: *x, condition: s}', '3:16 the alias `*x` stands for no anchor before it', '3:16 a keyword cannot be null'],
  ['{s: !foo {f: 1}, condition: s}', '3:16 YAML: Unresolved tag: !foo'],
];

describe('refused', () => {
  it.each(SEARCHES)('searches %j', (written, ...expected) => {
    expect(told(searchWith(written))).toEqual(expected);
  });

  it.each(MODIFIERS)('modifiers %j', (written, ...expected) => {
    expect(told(searchWith(written))).toEqual(expected);
  });

  it.each(VALUES)('values %j', (written, ...expected) => {
    expect(told(searchWith(written), { placeholders: { servers: ['a'], name: ['b'] } })).toEqual(expected);
  });

  it.each(SECTIONS)('sections %j', (written, ...expected) => {
    expect(told(ruleWith(written))).toEqual(expected);
  });
});
