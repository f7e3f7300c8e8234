/** Beyond so many a pattern stays whole: each makes compiling slower. */
const MOST_ALTERNATIVES = 400;

/** Where what begins at `from` ends: an escape, a class, a group, or one character. */
function partEnd(pattern: string, from: number): number {
  const first = pattern.charAt(from);
  if (first === '\\') return from + 2;
  let i = from + 1;
  if (first === '[') {
    while (i < pattern.length && pattern.charAt(i) !== ']') i += pattern.charAt(i) === '\\' ? 2 : 1;
    return i + 1;
  }
  if (first === '(') {
    while (i < pattern.length && pattern.charAt(i) !== ')') i = partEnd(pattern, i);
    return i + 1;
  }
  return i;
}

/** What stands between the bars of a pattern, groups left whole. */
function branchesOf(pattern: string): readonly string[] {
  const branches: string[] = [];
  let start = 0;
  for (let i = 0; i < pattern.length; ) {
    if (pattern.charAt(i) === '|') {
      branches.push(pattern.slice(start, i));
      start = i + 1;
    }
    i = partEnd(pattern, i);
  }
  return [...branches, pattern.slice(start)];
}

const LEADING_GROUP = /^(?:\\b)?(?=\(\?:)/;

/** `\b(?:a|b)c` as `\bac` and `\bbc`. */
function spread(branch: string): readonly string[] {
  const before = LEADING_GROUP.exec(branch)?.[0];
  if (before === undefined) return [branch];
  const end = partEnd(branch, before.length);
  const behind = branch.slice(end);
  if (/^[?*+{]/.test(behind)) return [branch];
  return branchesOf(branch.slice(before.length + 3, end - 1)).map((one) => before + one + behind);
}

/**
 * Patterns of which one is found wherever the whole is, and nowhere else: its branches, and those of the group each begins
 * with. Hyperscan looks for words that stand alone many times faster than for those of a group.
 */
export function alternativesOf(pattern: string): readonly string[] {
  const found = branchesOf(pattern).flatMap(spread);
  return found.length > MOST_ALTERNATIVES || found.some((one) => new RegExp(one).test('')) ? [pattern] : found;
}
