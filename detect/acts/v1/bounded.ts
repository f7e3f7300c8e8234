const MOST_UNITS = 256;
const MOST_NAMES = 64;

/** At most so much of a text, and nothing that UTF-8 cannot say: what is stored is what is derived again. */
export function bounded(text: string): string {
  const cut = text.length > MOST_UNITS ? text.slice(0, MOST_UNITS) : text;
  return cut.isWellFormed() ? cut : cut.toWellFormed();
}

const NONE: readonly string[] = [];

/** The texts of a list (or one alone) that are not empty: the first of them, sorted, each once. */
export function namesOf(value: unknown): readonly string[] {
  if (typeof value === 'string') return value === '' ? NONE : [bounded(value)];
  if (!Array.isArray(value) || value.length === 0) return NONE;
  const names: string[] = [];
  let isSorted = true;
  for (let i = 0; i < value.length && i < MOST_NAMES; i++) {
    const one: unknown = value[i];
    if (typeof one !== 'string' || one === '') continue;
    const name = bounded(one);
    isSorted &&= names.length === 0 || name > (names.at(-1) ?? '');
    names.push(name);
  }
  return isSorted ? names : [...new Set(names)].toSorted();
}
