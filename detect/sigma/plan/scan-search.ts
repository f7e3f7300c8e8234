import type { PlanTables } from './plan.ts';

/** Field names stand in `scan.field` and come with events: attackers can make up any number of them. */
const MOST_KEPT = 2000;

/**
 * Rules that a text may concern which is on the event but not in its line: by its `scan` atoms, or by a keyword. The same
 * few texts come again and again, so the answers are kept.
 */
export function scanSearch({ triggers, rulesOfAtom }: PlanTables): (text: string) => readonly number[] {
  const kept = new Map<string, readonly number[]>();
  const { starts, items } = triggers.atomsOfRule;
  const keywords = triggers.keyword.map((rule) => ({ rule, atoms: [...items.subarray(starts[rule], starts[rule + 1])].map((atom) => triggers.atoms[atom]) }));
  const scanned = triggers.atoms.flatMap(({ kind, text }, i) => (kind === 'scan' ? [{ text, rules: rulesOfAtom.items.subarray(rulesOfAtom.starts[i], rulesOfAtom.starts[i + 1]) }] : []));
  const search = (text: string): readonly number[] => {
    const quoted = `"${text.toLowerCase()}"`;
    const byKeyword = keywords.filter(({ atoms }) => atoms.some((atom) => atom !== undefined && (atom.text === '' || atom.decoded || quoted.includes(atom.text)))).map(({ rule }) => rule);
    return [...new Set([...scanned.filter((atom) => quoted.includes(atom.text)).flatMap(({ rules }) => [...rules]), ...byKeyword])];
  };
  return (text) => {
    let found = kept.get(text);
    if (found === undefined) {
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(text, (found = search(text)));
    }
    return found;
  };
}
