import type { Problem, SigmaRules } from '../rule.ts';
import { readRules } from './read-rules.ts';
import type { ReadOptions } from './read-rules.ts';

/** What tests say of problems: `line:column message` and, where there is one, ` = hint`. */
export function told(text: string, options?: ReadOptions): readonly string[] {
  return readRules([{ file: 'rule.yml', text }], options).problems.map(line);
}

export function line({ place, message, hint }: Problem): string {
  return `${place.line}:${place.column} ${message}${hint === undefined ? '' : ` = ${hint}`}`;
}

/** Rules of a text that has no problem. */
export function rulesOf(text: string, options?: ReadOptions): SigmaRules {
  const { rules, problems } = readRules([{ file: 'rule.yml', text }], options);
  if (problems.length > 0) throw new Error(problems.map(line).join('\n'));
  return rules;
}

/** A rule with this `detection`, written in one line that begins at 3:12. */
export function ruleWith(detection: string): string {
  return `title: t\nlogsource: {category: c}\ndetection: ${detection}`;
}

/** A rule with this search, its fields in one line that begins at 3:17. */
export function searchWith(fields: string): string {
  return ruleWith(`{s: ${fields}, condition: s}`);
}

/** A rule whose searches `a`, `b`, `sel_1`, `sel_2` and `_c` are looked at by this condition, which begins at 4:14. */
export function conditionWith(condition: string): string {
  return `title: t\nlogsource: {category: c}\ndetection:\n  condition: ${condition}\n  a: {f: 1}\n  b: {f: 2}\n  sel_1: {f: 3}\n  sel_2: {f: 4}\n  _c: {f: 5}`;
}

/** Rules `one`, `two` and a correlation of them, written in one line that begins at 2:14. */
export function correlationWith(correlation: string, more = ''): string {
  const rules = ['one', 'two'].map((name) => `---\ntitle: ${name}\nid: id-${name}\nname: ${name}\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}\n`);
  return `title: top\ncorrelation: ${correlation}\n${more}${rules.join('')}`;
}

/** A rule with one more line of attributes, its second. */
export function attributeWith(written: string): string {
  return `title: a\n${written}\nlogsource: {category: c}\ndetection: {s: {f: 1}, condition: s}`;
}

/** A rule `r-1` and a filter, written in one line that begins at 8:9. */
export function filterWith(filter: string): string {
  return `title: r\nid: r-1\nlogsource: {category: c, product: p}\ndetection: {s: {f: 1}, condition: s}\n---\ntitle: f\nlogsource: {category: c}\nfilter: ${filter}`;
}
