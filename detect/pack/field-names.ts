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

/** A key this long is cut off in a field's name: where the name ends says nothing of the key's end. */
const LONG_KEY_UNITS = 1024;
const LONG_TEXT = new RegExp(`"[^"]{${LONG_KEY_UNITS}}`);

/**
 * Whether a line of JSON may have a field that a signature looks at, by the last key that leads there; false is sure.
 * Undefined when it looks at all, at keys themselves or at all below a name.
 */
export function lineTest({ fields }: Signature): ((line: string) => boolean) | undefined {
  if (fields === undefined || fields.some((name) => name.endsWith('.*') || name.endsWith('(key)'))) return undefined;
  const ends = [...new Set(fields.map((name) => name.slice(name.lastIndexOf('.') + 1).replaceAll(/[^A-Za-z0-9_]/g, '\\$&')))];
  const key = new RegExp(`(?:${ends.join('|')})"[\\t\\n\\r ]*:`);
  // An escape may spell a letter of a key.
  return (line) => key.test(line) || line.includes('\\') || (line.length > LONG_KEY_UNITS && LONG_TEXT.test(line));
}

/** What is wrong with the name of a field, undefined when nothing is. */
export function fieldNameProblem(name: string): string | undefined {
  const bare = name.replace(/^\*\./, '').replace(/\.\*$/, '');
  return bare === '' || bare.includes('*') ? `${JSON.stringify(name)} must be a field, "a.*" for all below it, "*.a" for all that end so, or "*.a.*"` : undefined;
}
