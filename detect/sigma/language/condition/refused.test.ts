import { describe, expect, it } from 'vitest';
import { conditionWith, told } from '../told.suite.ts';

/** What is written, then every problem that is told of it. */
type Case = readonly [string, ...string[]];

const CONDITIONS: readonly Case[] = [
  ['""', '4:15 this condition is empty = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['a and', '4:18 this condition ends too early = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['and a', '4:14 `and` cannot stand here = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['a b', '4:16 `b` cannot follow here = expected `and`, `or` or the end of the condition'],
  ['a or or b', '4:19 `or` cannot stand here = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['(a', '4:14 this `(` is never closed'],
  ['a)', '4:15 this `)` closes nothing'],
  ['()', '4:15 `)` cannot stand here = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['a and (b or', '4:24 this condition ends too early = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['not', '4:16 this condition ends too early = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['not not', '4:20 this condition ends too early = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['nope', '4:14 there is no search `nope` = searches are a, b, sel_1, sel_2, _c'],
  ['aa', '4:14 there is no search `aa` = did you mean `a`?'],
  ['a && b', '4:16 `&&` is no word of conditions = write and'],
  ['a and (b & a)', '4:23 `&` is no word of conditions = write and'],
  ['a & b', '4:16 `&` is no word of conditions = write and'],
  ['"! a"', '4:15 `!` is no word of conditions = write not'],
  ['a || b', '4:16 `||` is no word of conditions = write or'],
  ['a | count() > 5', '4:16 aggregations behind `|` were replaced by correlations in Sigma 2 = end the condition here and count in a second document with `correlation:`, like `type: event_count`'],
  ['a | near b', '4:16 aggregations behind `|` were replaced by correlations in Sigma 2 = end the condition here and count in a second document with `correlation:`, like `type: event_count`'],
  ['1 of', '4:17 `1 of` needs the names it is about = expected `them` or a pattern like `selection*`'],
  ['1 of (a)', '4:19 `1 of` needs the names it is about = expected `them` or a pattern like `selection*`'],
  ['1 of and', '4:19 `1 of` needs the names it is about = expected `them` or a pattern like `selection*`'],
  ['all of', '4:19 `all of` needs the names it is about = expected `them` or a pattern like `selection*`'],
  ['2 of sel_*', '4:14 `2 of` is not part of Sigma = expected `1 of` or `all of`'],
  ['none of them', '4:14 `none of` is not part of Sigma = expected `1 of` or `all of`'],
  ['1 of nope*', '4:14 no search fits `1 of nope*` = searches are a, b, sel_1, sel_2, _c'],
  ['1 of sel', '4:14 no search fits `1 of sel` = searches are a, b, sel_1, sel_2, _c'],
  ['all of _*', '4:14 no search fits `all of _*` = names that begin with _ are left out of patterns: write them out'],
  ['1 of _c', '4:14 no search fits `1 of _c` = names that begin with _ are left out of patterns: write them out'],
  ['sel_*', '4:14 there is no search `sel_*` = expected `1 of` or `all of` before a pattern'],
  ['of them', '4:14 `of` cannot stand here = expected the name of a search, `not`, `1 of`, `all of` or `(`'],
  ['1 of them of', '4:24 `of` cannot follow here = expected `and`, `or` or the end of the condition'],
  ['a and 1', '4:20 there is no search `1` = did you mean `a`?'],
  ['any them', '4:18 `them` cannot follow here = expected `and`, `or` or the end of the condition'],
  ['a, b', '4:17 `b` cannot follow here = expected `and`, `or` or the end of the condition'],
  ['a -and b', '4:16 `-and` cannot follow here = expected `and`, `or` or the end of the condition'],
];

describe('refused', () => {
  it.each(CONDITIONS)('conditions %j', (written, ...expected) => {
    expect(told(conditionWith(written))).toEqual(expected);
  });
});
