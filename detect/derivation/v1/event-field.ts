/** How derivations read a field of a parsed line; as frozen as they are. */
export type Fields = Readonly<Record<string, unknown>>;

const NONE: Fields = {};

/** The members of an object; none of anything else. */
export function fields(value: unknown): Fields {
  // Any object may be asked for a key; what comes back is checked where it is used.
  return typeof value === 'object' && value !== null ? (value as Fields) : NONE;
}

/** A text, number or switch as text, of a list its first entry; anything else is ''. */
export function text(value: unknown): string {
  if (typeof value === 'string') return value;
  if (value === undefined || value === null) return '';
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  return Array.isArray(value) && typeof value[0] !== 'object' ? text(value[0]) : '';
}

/** A whole number of 0 to `most`; a text that spells one counts. */
export function whole(value: unknown, most: number): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number !== 'number' || !(number > 0)) return 0;
  return Math.min(Math.floor(number), most);
}
