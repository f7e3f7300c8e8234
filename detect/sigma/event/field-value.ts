/** What JSON holds that has a text, and null. */
export type Scalar = string | number | boolean | null;

/** What stands in a field. A list holds the values at any depth of it; an object has no values and reads as an empty list. */
export type FieldValue = Scalar | readonly Scalar[];

export type EventObject = Readonly<Record<string, unknown>>;

const NO_VALUES: readonly Scalar[] = [];

export function isObject(value: unknown): value is EventObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `value` is out of parsed JSON; undefined is what is not there. */
export function fieldValue(value: unknown): FieldValue | undefined {
  if (typeof value !== 'object') return value as string | number | boolean | undefined; // JSON has nothing else
  if (value === null) return null;
  return Array.isArray(value) ? listValues(value) : NO_VALUES;
}

/** Scalars at any depth of nested lists, in order. Objects in a list have no value of their own. */
function listValues(list: readonly unknown[]): readonly Scalar[] {
  const values: Scalar[] = [];
  const pending = [list.values()];
  for (let entries = pending.at(-1); entries !== undefined; entries = pending.at(-1)) {
    const next = entries.next();
    if (next.done === true) pending.pop();
    else if (Array.isArray(next.value)) pending.push(next.value.values());
    else if (!isObject(next.value)) values.push(next.value as Scalar); // JSON has nothing else
  }
  return values;
}

/** The scalars of a value, none when it is not there. */
export function scalarsOf(value: FieldValue | undefined): readonly Scalar[] {
  if (value === undefined) return NO_VALUES;
  return typeof value === 'object' && value !== null ? value : [value];
}

/** As JSON writes it; undefined for null, which has no text. */
export function textOf(value: Scalar): string | undefined {
  if (typeof value === 'string') return value;
  return value === null ? undefined : String(value);
}

const DECIMAL = /^-?[0-9]{1,300}(?:\.[0-9]{1,300})?$/;

/** A number, or a text that is nothing but a decimal number. */
export function numberOf(value: Scalar): number | undefined {
  if (typeof value === 'number') return value;
  return typeof value === 'string' && DECIMAL.test(value) ? Number(value) : undefined;
}

/** Whether a text is what `textOf` makes of some number. Such a text has no decoded views: a number is not encoded text. */
export function isNumberText(text: string): boolean {
  return String(Number(text)) === text;
}
