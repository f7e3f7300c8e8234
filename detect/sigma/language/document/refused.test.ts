import { describe, expect, it } from 'vitest';
import { attributeWith, told } from '../told.suite.ts';

/** What is written, then every problem that is told of it. */
type Case = readonly [string, ...string[]];

const ATTRIBUTES: readonly Case[] = [
  ['id: 5', '2:5 `id` must be text, this is a number = put it in quotes'],
  ['id: "a\\tb"', '2:5 `id` must not have control characters, or spaces around it'],
  ['id: ""', '2:5 `id` must not be empty'],
  ['name: [a]', '2:7 `name` must be text, this is a list'],
  ['levle: high', '2:1 unknown attribute `levle` = did you mean `level`? An attribute of your own needs a name that is less close'],
  ['Level: high', '2:1 unknown attribute `Level` = did you mean `level`? An attribute of your own needs a name that is less close'],
  ['staus: test', '2:1 unknown attribute `staus` = did you mean `status`? An attribute of your own needs a name that is less close'],
  ['refrences: []', '2:1 unknown attribute `refrences` = did you mean `references`? An attribute of your own needs a name that is less close'],
  ['dtae: 2020-01-01', '2:1 unknown attribute `dtae` = did you mean `date`? An attribute of your own needs a name that is less close'],
  ['level: hihg', '2:8 `level` cannot be `hihg` = did you mean `high`?'],
  ['level: severe', '2:8 `level` cannot be `severe` = expected one of informational, low, medium, high, critical'],
  ['level: 5', '2:8 `level` cannot be a number = expected one of informational, low, medium, high, critical'],
  ['status: stabel', '2:9 `status` cannot be `stabel` = did you mean `stable`?'],
  ['status: done', '2:9 `status` cannot be `done` = expected one of stable, test, experimental, deprecated, unsupported'],
  ['date: 2020/01/02', '2:7 `date` must be a date as YYYY-MM-DD = write 2020-01-02'],
  ['date: 2020-13-01', '2:7 `date` must be a date as YYYY-MM-DD'],
  ['date: 2020-02-30', '2:7 `date` must be a date as YYYY-MM-DD'],
  ['date: yesterday', '2:7 `date` must be a date as YYYY-MM-DD'],
  ['modified: 20200102', '2:11 `modified` must be a date as YYYY-MM-DD'],
  ['author: [a]', '2:9 `author` must be text, this is a list'],
  ['references: a', '2:13 `references` must be a list of texts, this is text = begin each entry with `- `'],
  ['references: [5]', '2:14 an entry of `references` must be text, this is a number = put it in quotes'],
  ['references: [a, a]', '2:17 `references` has this entry twice'],
  ['tags: attack.t1', '2:7 `tags` must be a list of texts, this is text = begin each entry with `- `'],
  ['tags: [Attack.T1]', '2:8 `Attack.T1` is not a tag = expected a namespace, a dot and a name in lower case, like attack.t1190'],
  ['tags: [attack]', '2:8 `attack` is not a tag = expected a namespace, a dot and a name in lower case, like attack.t1190'],
  ['tags: [attack t1]', '2:8 `attack t1` is not a tag = expected a namespace, a dot and a name in lower case, like attack.t1190'],
  ['falsepositives: none', '2:17 `falsepositives` must be a list of texts, this is text = begin each entry with `- `'],
  ['falsepositives: [x]', '2:18 an entry of `falsepositives` needs at least 2 characters'],
  ['fields: a', '2:9 `fields` must be a list of texts, this is text = begin each entry with `- `'],
  ['scope: [s]', '2:9 an entry of `scope` needs at least 2 characters'],
  ['related: a', '2:10 `related` must be a list of maps, this is text = each with `id` and `type`'],
  ['related: [a]', '2:11 an entry of `related` needs `id` and `type`'],
  ['related: [{id: a}]', '2:11 an entry of `related` needs `id` and `type`'],
  ['related: [{id: a, type: obsoletes}]', '2:25 `type` cannot be `obsoletes` = did you mean `obsolete`?'],
  ['taxonomy: splunk', '2:11 `taxonomy` cannot be `splunk` = expected one of sigma, ecs'],
  ['license: 5', '2:10 `license` must be text, this is a number = put it in quotes'],
  ['generate: 1', '2:11 `generate` must be true or false, this is a number'],
  ['tourniquet: 5', '2:13 `tourniquet` must be a map, this is a number = with some of class, scope, suppress'],
  ['tourniquet: {clas: a}', '2:14 `tourniquet` has no `clas` = did you mean `class`?'],
  ['tourniquet: {class: A B}', '2:21 `class` must be lower-case words joined by dots = like attack.sqli or pii.email'],
  ['tourniquet: {scope: site}', '2:14 `scope` is for correlations: an event belongs to one site'],
  ['tourniquet: {scope: all}', '2:14 `scope` is for correlations: an event belongs to one site', '2:21 `scope` cannot be `all` = expected one of site, deployment'],
  ['tourniquet: {suppress: 5m}', '2:24 `suppress` must be a map, this is text = with some of by, quiet, back-off, most'],
  ['tourniquet: {suppress: {by: [a]}}', '2:24 `suppress` needs `quiet` = how long a group is quiet after a notification, like 10m'],
  ['tourniquet: {suppress: {quiet: 5}}', '2:32 `quiet` must be a number and a unit = like 90s, 5m, 1h or 30d (also w, M for months and y)'],
  ['tourniquet: {suppress: {quiet: 5m, back-off: 0}}', '2:46 `back-off` must be from 1 to 100 = each quiet is that many times longer than the one before'],
  ['tourniquet: {suppress: {quiet: 5m, back-off: x}}', '2:46 `back-off` must be a number, this is text = write the number without quotes'],
  ['tourniquet: {suppress: {quiet: 2d, most: 1d}}', '2:42 `most` must not be shorter than `quiet`'],
  ['tourniquet: {suppress: {quiet: 5m, backoff: 2}}', '2:36 `suppress` has no `backoff` = did you mean `back-off`?'],
  ['tourniquet: {suppress: {quiet: 5m, by: {a: b}}}', '2:40 `by` must be text or a list of texts, this is a map = begin each entry with `- `'],
  ['correlation: {}', '2:1 a document has either `detection` or `correlation` = split it with a line `---`'],
  ['filter: {}', '2:1 a document has either `detection` or `filter` = split it with a line `---`'],
];

const LOGSOURCES: readonly Case[] = [
  ['logsource: a', '2:12 `logsource` must be a map, this is text = with category, product or service'],
  ['logsource: []', '2:12 `logsource` must be a map, this is a list = with category, product or service'],
  ['logsource: {}', '2:1 `logsource` needs at least one of category, product and service'],
  ['logsource: {category: 5}', '2:23 `category` must be text, this is a number = put it in quotes'],
  ['logsource: {category: Web Server}', '2:23 `category` must be lower-case letters, digits, `_`, `.` and `-` = write web_server'],
  ['logsource: {category: c, prodct: p}', '2:26 `logsource` has no `prodct` = did you mean `product`?'],
  ['logsource: {definition: x}', '2:1 `logsource` needs at least one of category, product and service'],
  ['logsource: {service: null}', '2:22 `service` must be text, this is nothing = put it in quotes'],
];

const DOCUMENTS: readonly Case[] = [
  [`title: ${'t'.repeat(257)}\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}`, '1:8 `title` has 257 characters, at most 256 are allowed'],
  ['%YAML 1.1\n---\ntitle: a\nid: 2019-10-23', '2:1 rules are YAML 1.2, this document says 1.1 = remove the line `%YAML`'],
  ['title: "a\\nb"\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}', '1:8 `title` must be one line without control characters'],
  ['', '1:1 this file is empty = a rule begins with `title:`'],
  ['# nothing', '1:1 this file has no rule = a rule begins with `title:`'],
  ['---\n---\n', '1:1 this file has no rule = a rule begins with `title:`'],
  ['5', '1:1 a rule is a map of attributes, this is a number = a rule begins with `title:`'],
  ['- a', '1:1 a rule is a map of attributes, this is a list = a rule begins with `title:`'],
  ['text', '1:1 a rule is a map of attributes, this is text = a rule begins with `title:`'],
  ['title: a', '1:1 a document needs `detection`, `correlation` or `filter`'],
  ['logsource: {category: c}\ndetection: {s: {f: 1}, condition: s}', '1:1 a rule needs a `title`'],
  ['title: 5\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}', '1:8 `title` must be text, this is a number = put it in quotes'],
  ['title: \' \'\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}', '1:8 `title` must not be empty'],
  ['title: [a]\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}', '1:8 `title` must be text, this is a list'],
  ['title: a\ndetection: {s: {f: 1}, condition: s}', '1:1 a rule needs a `logsource` = which log it is about, like `category: webserver`'],
  ['title: a\nlogsource: {category: c}\ndetecton: {s: {f: 1}, condition: s}', '3:1 unknown attribute `detecton` = did you mean `detection`? An attribute of your own needs a name that is less close'],
  ['title: a\n\ttab: b', '2:1 YAML: Tabs are not allowed as indentation'],
  ['title: "a', '1:10 YAML: Missing closing "quote'],
  ['title: a\ntitle: b\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}', '2:1 the key `title` is here twice = merge the two, or rename one'],
  ['action: foo\ntitle: a', '1:9 `action` cannot be `foo` = expected one of global, repeat, reset'],
  ['action: repeat\ntitle: a', '1:9 `repeat` needs a rule before it'],
  ['action: gloabl\ntitle: a', '1:9 `action` cannot be `gloabl` = did you mean `global`?'],
];

describe('refused', () => {
  it.each(ATTRIBUTES)('attributes %j', (written, ...expected) => {
    expect(told(attributeWith(written))).toEqual(expected);
  });

  it.each(LOGSOURCES)('logsources %j', (written, ...expected) => {
    expect(told(`title: a\n${written}\ndetection: {s: {f: 1}, condition: s}`)).toEqual(expected);
  });

  it.each(DOCUMENTS)('documents %j', (written, ...expected) => {
    expect(told(written)).toEqual(expected);
  });
});
