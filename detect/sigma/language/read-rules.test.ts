import { describe, expect, it } from 'vitest';
import { printed } from './printed.suite.ts';
import { readRules } from './read-rules.ts';
import { filterWith, line, rulesOf, told } from './told.suite.ts';

function rule(attributes: string, fields = 'f: 1'): string {
  return `${attributes}\nlogsource: {category: c}\ndetection: {s: {${fields}}, condition: s}\n`;
}

/** Texts as files `0.yml`, `1.yml`, …; problems with their file. */
function toldOf(...texts: readonly string[]): readonly string[] {
  return readRules(texts.map((text, index) => ({ file: `${index}.yml`, text }))).problems.map((problem) => `${problem.place.file}:${line(problem)}`);
}

describe('a rule', () => {
  it('has every attribute that was written', () => {
    const [read] = rulesOf(rule(`title: T
id: 929A690E-bef0-4204-a928-ef5e620d6fcc
name: n
related: [{id: 08fbc97d-0a2f-491c-ae21-8ffcfd3174e9, type: derived}]
taxonomy: sigma
status: test
description: d
license: MIT
author: a
references: [https://example.test/1]
date: 2024-02-29
modified: 2024-03-01
fields: [f]
falsepositives: [some]
level: high
tags: [attack.t1190, cve.2021-44228, d3fend.d3f-WindowsNtOpenFile]
scope: [server]
regression_tests_path: own/attribute
tourniquet: {class: attack.sqli, suppress: {by: [user, ip], quiet: 10m, back-off: 1.5, most: 2h}}`)).detections;
    expect(read).toMatchObject({
      kind: 'detection', id: '929a690e-bef0-4204-a928-ef5e620d6fcc', name: 'n', title: 'T', status: 'test', description: 'd', author: 'a', level: 'high',
      references: ['https://example.test/1'], falsePositives: ['some'], tags: ['attack.t1190', 'cve.2021-44228', 'd3fend.d3f-WindowsNtOpenFile'],
      options: { class: 'attack.sqli', scope: 'site', suppress: { by: ['user', 'ip'], quietMs: 600_000, backOff: 1.5, mostMs: 7_200_000 } },
      logsource: { category: 'c' }, standalone: true, place: { file: 'rule.yml', line: 1, column: 1, length: 5 },
    });
  });

  it('has defaults for what was not', () => {
    const [read] = rulesOf(rule('title: T\ntourniquet: {suppress: {quiet: 2d}}')).detections;
    expect(read).toMatchObject({ id: 'T', level: 'medium', tags: [], references: [], falsePositives: [], options: { class: '', scope: 'site', suppress: { by: [], quietMs: 172_800_000, backOff: 2, mostMs: 172_800_000 } } });
    expect(Object.keys(read ?? {})).not.toContain('name');
  });

  it.each([['id: i\nname: n', 'i'], ['name: n', 'n'], ['status: test', 't']])('is called by id, else name, else title: %j', (attributes, id) => {
    expect(rulesOf(rule(`title: t\n${attributes}`)).detections.map((read) => read.id)).toEqual([id]);
  });

  it('knows the place of each value and each part of its condition', () => {
    const [read] = rulesOf('title: t\nlogsource: {category: c}\ndetection:\n    sel:\n        f:\n            - one\n            - \'two\'\n    other: {g: 1}\n    condition: sel and not other\n').detections;
    const places = JSON.stringify(read?.condition, (key, value: unknown) => (key === 'parts' ? undefined : value));
    expect(places).toContain('"written":"f: \'two\'","place":{"file":"rule.yml","line":7,"column":15,"length":5}');
    expect(places).toContain('"place":{"file":"rule.yml","line":9,"column":24,"length":9}');
  });

  it('cannot be poisoned by the names of its keys', () => {
    const names = '{__proto__: {__proto__|contains: x, constructor: y}, toString: {f: 1}, condition: __proto__ or toString}';
    const [read] = rulesOf(`title: t\n__proto__: {a: 1}\nconstructor: 5\nlogsource: {category: c, __proto__: b}\ndetection: ${names}`).detections;
    expect(read === undefined ? '' : printed(read.condition)).toBe('((__proto__:*"x"* & constructor:"y") | f:"1")');
    expect(told(rule('title: t', 'f|__proto__: 1'))).toEqual([expect.stringContaining('3:19 unknown modifier `__proto__`')]);
    expect(told(rule('title: t', 'f|expand: "%constructor%"'))).toEqual([expect.stringContaining('the placeholder `%constructor%` has no values')]);
  });
});

describe('ids and names', () => {
  it('are unique over all files; a problem names both places', () => {
    expect(toldOf(rule('title: a\nid: x'), rule('title: b\nid: x'))).toEqual(['1.yml:2:5 `x` is already the id of the rule at 0.yml:1 = every rule needs an id and a name of its own']);
    expect(toldOf(rule('title: a\nname: x'), rule('title: b\nid: x'))).toEqual(['1.yml:2:5 `x` is already the name of the rule at 0.yml:1 = every rule needs an id and a name of its own']);
    expect(toldOf(rule('title: x'), rule('title: x'))).toEqual(['1.yml:1:1 `x` is already the title of the rule at 0.yml:1 = every rule needs an id and a name of its own']);
    expect(toldOf(rule('title: a\nid: 929a690e-bef0-4204-a928-ef5e620d6fcc'), rule('title: b\nid: 929A690E-BEF0-4204-A928-EF5E620D6FCC'))).toHaveLength(1);
  });

  it('may be the same for one rule, and titles may repeat where there is an id', () => {
    expect(toldOf(rule('title: t\nid: x\nname: x'), rule('title: t\nid: y'))).toEqual([]);
  });
});

describe('files', () => {
  it('are read together: problems of all, in the order of the files, and no rule when there is one', () => {
    const files = [rule('title: good'), rule('title: bad', 'f|nope: 1'), rule('titel: worse')].map((text, index) => ({ file: `${index}`, text }));
    const { rules, problems } = readRules(files);
    expect(rules).toEqual({ detections: [], correlations: [] });
    expect(problems.map(({ place }) => place.file)).toEqual(['1', '2', '2']);
  });

  it('tell of a broken rule once, not wherever it is named', () => {
    const bad = 'title: bad\nid: x\nname: y\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: t}\n';
    expect(toldOf('title: t\ncorrelation: {type: temporal, rules: [y], timespan: 5m}', `${bad}---\ntitle: f\nlogsource: {category: c}\nfilter: {rules: [x], s: {g: 1}, condition: s}`)).toEqual(['1.yml:5:35 there is no search `t` = did you mean `s`?']);
  });

  it('may hold several documents', () => {
    expect(rulesOf(`---\n${rule('title: a')}---\n${rule('title: b')}...\n`).detections.map(({ id }) => id)).toEqual(['a', 'b']);
  });

  it('tell a hundred problems each and say that there are more', () => {
    const problems = told(rule('title: t', Array.from({ length: 500 }, (_, index) => `f${index}|x: 1`).join(', ')));
    expect(problems).toHaveLength(101);
    expect(problems.at(-1)).toContain('this file has more problems: correct those above first');
  });
});

describe('old collections', () => {
  const detection = (fields: string): string => `detection: {s: {${fields}}, condition: s}`;

  it('lay a global document under those that follow, until a reset', () => {
    const text = `action: global\nlevel: high\nlogsource: {product: p}\n---\ntitle: a\nid: a\nlogsource: {category: c}\n${detection('f: 1')}\n---\naction: reset\n---\n${rule('title: b')}`;
    expect(rulesOf(text).detections.map(({ id, level, logsource }) => ({ id, level, logsource }))).toEqual([
      { id: 'a', level: 'high', logsource: { category: 'c', product: 'p' } },
      { id: 'b', level: 'medium', logsource: { category: 'c' } },
    ]);
  });

  it('repeat the rule before with changes', () => {
    const text = `${rule('title: a\nid: a')}---\naction: repeat\nid: b\ndetection: {s: {g: 2}}\n`;
    expect(rulesOf(text).detections.map(({ id, condition }) => `${id} ${printed(condition)}`)).toEqual(['a f:"1"', 'b (f:"1" & g:"2")']);
  });
});

describe('filters', () => {
  const filtered = (filter: string): string => rulesOf(filterWith(filter)).detections.map(({ condition }) => printed(condition)).join();

  it.each([
    ['{rules: [r-1], s: {g: 2}, condition: s}', '(f:"1" & !g:"2")'],
    ['{rules: r-1, s: {g: 2}, condition: s}', '(f:"1" & !g:"2")'],
    ['{rules: any, s: {g: 2}, condition: s}', '(f:"1" & !g:"2")'],
    ['{rules: [r-1], s: {g: 2}, condition: not s}', '(f:"1" & !g:"2")'],
    ['{rules: [r-1], s: {g: 2}, t: {h: 3}, condition: s or t}', '(f:"1" & !(g:"2" | h:"3"))'],
    ['{rules: [r-1], s: {g: 2}, t: {h: 3}, condition: not s and not t}', '(f:"1" & (!g:"2" & !h:"3"))'],
    ['{rules: [r-1], s: {g: 2}, t: {h: 3}, condition: not (s and not t)}', '(f:"1" & !(g:"2" & !h:"3"))'],
    ['{rules: [r-1], s: {g: 2}, t: {h: 3}, condition: not 1 of them}', '(f:"1" & !(g:"2" | h:"3"))'],
  ])('leave out what they name: %s', (filter, meaning) => {
    expect(filtered(filter)).toBe(meaning);
  });

  it('add up', () => {
    const another = '\n---\ntitle: g\nlogsource: {product: p}\nfilter: {rules: any, s: {h: 3}, condition: not s}\n';
    expect(filtered(`{rules: any, s: {g: 2}, condition: s}${another}`)).toBe('(f:"1" & !g:"2" & !h:"3")');
  });

  it('apply only where their logsource fits, and never to correlations', () => {
    const other = '---\ntitle: q\nid: r-2\nlogsource: {category: other}\ndetection: {s: {f: 1}, condition: s}\n---\ntitle: top\nid: r-3\ncorrelation: {type: temporal, rules: [r-1], timespan: 5m}\n';
    expect(rulesOf(`${filterWith('{rules: any, s: {g: 2}, condition: s}')}\n${other}`).detections.map(({ condition }) => printed(condition))).toEqual(['(f:"1" & !g:"2")', 'f:"1"']);
    expect(told(`${filterWith('{rules: [r-2, r-3], s: {g: 2}, condition: s}')}\n${other}`)).toEqual([
      '8:18 the rule `r-2` has another logsource than this filter = its logsource is category: other',
      '8:23 `r-3` is a correlation: filters apply to detection rules = name the rules it refers to',
    ]);
  });
});

describe('the hash of a rule', () => {
  const hashes = (text: string, placeholders: Readonly<Record<string, readonly string[]>> = {}): readonly string[] => {
    const { detections, correlations } = rulesOf(text, { placeholders });
    return [...detections, ...correlations].map(({ hash }) => hash);
  };
  const [hash] = hashes(rule('title: t', 'f: [a, 1], g: x'));

  it('does not see comments, quotes, order of keys or layout', () => {
    expect(hash).toMatch(/^[0-9a-f]{64}$/);
    expect(hashes("# hello\nlogsource:\n  category: 'c'\ndetection:\n  condition: s\n  s:\n    g: \"x\" # why\n    f:\n      - a\n      - 1\ntitle: t\n")).toEqual([hash]);
  });

  it.each([rule('title: u', 'f: [a, 1], g: x'), rule('title: t', 'f: [1, a], g: x'), rule('title: t', "f: [a, '1'], g: x"), rule('title: t', 'f: [a, 1.0], g: x'), rule('title: t\nlevel: low', 'f: [a, 1], g: x')])('sees a change of content: %j', (text) => {
    expect(hashes(text)).not.toEqual([hash]);
  });

  it('sees the filters of a rule, and the values of the placeholders it uses', () => {
    const filter = (field: string): string => filterWith(`{rules: any, s: {${field}: 2}, condition: s}`);
    expect(hashes(filter('g'))).not.toEqual(hashes(filter('h')));
    const expanding = rule('title: t', 'f|expand: "%a%"');
    expect(hashes(expanding, { a: ['1'], b: ['1'] })).toEqual(hashes(expanding, { a: ['1'] }));
    expect(hashes(expanding, { a: ['1'] })).not.toEqual(hashes(expanding, { a: ['2'] }));
  });

  it('of a correlation sees the rules it refers to', () => {
    const chain = (field: string): string => `title: a\ncorrelation: {type: temporal, rules: [b], timespan: 5m}\n---\ntitle: b\nname: b\ncorrelation: {type: temporal, rules: [c], timespan: 5m}\n---\n${rule('title: c\nname: c', `${field}: 1`)}`;
    const [one, other] = [hashes(chain('f')), hashes(chain('g'))];
    expect(one.filter((value) => other.includes(value))).toEqual([]);
    expect(hashes(chain('f'))).toEqual(one);
  });
});
