import type { Signature } from '../../contracts/pack.ts';

/** Field names that senders make up are not all remembered. */
const MOST_REMEMBERED = 4096;

/** Whether a field is one of these names: exact ones, `a.*`, `*.a`. */
export function fieldMatcher(names: readonly string[]): (field: string) => boolean {
  const whole = new Set(names.filter((name) => !name.includes('*')));
  const within = names.filter((name) => name.startsWith('*.') && name.endsWith('.*')).map((name) => name.slice(1, -1));
  const below = names.filter((name) => !name.startsWith('*.') && name.endsWith('.*')).map((name) => name.slice(0, -1));
  const above = names.filter((name) => name.startsWith('*.') && !name.endsWith('.*')).map((name) => name.slice(1));
  return (field) =>
    whole.has(field) || below.some((head) => field.startsWith(head)) || above.some((tail) => field.endsWith(tail)) || within.some((part) => `.${field}`.includes(part));
}

/** Whether a signature looks at a field; undefined when it looks at all. */
export function fieldTest({ fields, exceptFields }: Signature): ((field: string) => boolean) | undefined {
  if (fields === undefined && exceptFields === undefined) return undefined;
  const wanted = fields === undefined ? () => true : fieldMatcher(fields);
  const excepted = fieldMatcher(exceptFields ?? []);
  const known = new Map<string, boolean>();
  return (field) => {
    let looks = known.get(field);
    if (looks === undefined) {
      looks = wanted(field) && !excepted(field);
      if (known.size < MOST_REMEMBERED) known.set(field, looks);
    }
    return looks;
  };
}

/** What is wrong with the name of a field, undefined when nothing is. */
export function fieldNameProblem(name: string): string | undefined {
  const bare = name.replace(/^\*\./, '').replace(/\.\*$/, '');
  return bare === '' || bare.includes('*') ? `${JSON.stringify(name)} must be a field, "a.*" for all below it, "*.a" for all that end so, or "*.a.*"` : undefined;
}
