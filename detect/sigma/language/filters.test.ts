import { describe, expect, it } from 'vitest';
import { filterWith, told } from './told.suite.ts';

/** What is written, then every problem that is told of it. */
type Case = readonly [string, ...string[]];

const FILTERS: readonly Case[] = [
  ['{rules: [r-1], s: {f: 2}, condition: s}\ntourniquet: {class: a}', '9:13 a filter has no `tourniquet` options = they belong to the rules it filters'],
  ['x', '8:9 `filter` must be a map, this is text = searches by their names, and `condition`'],
  ['{}', '8:1 `filter` needs a `condition` = which of its searches have to match, like `condition: selection`', '8:1 `filter` needs at least one search = like `selection:` with `field: value` under it', '8:1 `filter` needs `rules` = a list of ids or names of rules, or `any`'],
  ['{rules: [r-1], condition: s}', '8:1 `filter` needs at least one search = like `selection:` with `field: value` under it'],
  ['{s: {f: 2}, condition: s}', '8:1 `filter` needs `rules` = a list of ids or names of rules, or `any`'],
  ['{rules: [], s: {f: 2}, condition: s}', '8:17 `rules` must name at least one rule = write `any` for every rule of the logsource'],
  ['{rules: [r-2], s: {f: 2}, condition: s}', '8:18 there is no rule `r-2` = did you mean `r-1`?'],
  ['{rules: [nope], s: {f: 2}, condition: s}', '8:18 there is no rule `nope` = rules are named by their `id` or `name`; they have to be read together with this file'],
  ['{rules: [r-1, r-1], s: {f: 2}, condition: s}', '8:23 `rules` has this entry twice'],
  ['{rules: [r-1], s: {f: 2}}', '8:1 `filter` needs a `condition` = which of its searches have to match, like `condition: selection`'],
  ['{rules: [r-1], s: {f: 2}, condition: [s]}', '8:46 the condition of a filter must be text, this is a list'],
  ['{rules: [r-1], s: {f: 2}, t: {f: 3}, condition: s and not t}', '8:57 this condition could say what is left out or what stays = write `not (…)` around what is to be left out'],
  ['{rules: [r-1], s: {f: 2}, condition: not not s}', '8:46 this condition could say what is left out or what stays = write `not (…)` around what is to be left out'],
  ['{rules: [r-1], s: {f: 2}, condition: x}', '8:46 there is no search `x` = did you mean `s`?'],
  ['{rules: {a: b}, s: {f: 2}, condition: s}', '8:17 `rules` must be text or a list of texts, this is a map = begin each entry with `- `'],
  ['{rules: [r-1], s: {f|contians: 2}, condition: s}', '8:30 unknown modifier `contians` = did you mean `contains`?'],
];

describe('refused', () => {
  it.each(FILTERS)('filters %j', (written, ...expected) => {
    expect(told(filterWith(written))).toEqual(expected);
  });
});
