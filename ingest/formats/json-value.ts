/** Reading values of somebody else's JSON: what has another type is absent. */
export type JsonObject = Readonly<Record<string, unknown>>;

export function parsedObject(line: string): JsonObject | undefined {
  try {
    return objectOf(JSON.parse(line));
  } catch {
    return undefined;
  }
}

export function objectOf(value: unknown): JsonObject | undefined {
  // Not null and no array: each member is checked where it is read.
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? value as JsonObject : undefined;
}

/** A text, or a number as text; of a list its first member. Empty texts are absent. */
export function textOf(value: unknown): string | undefined {
  const one: unknown = Array.isArray(value) ? value[0] : value;
  if (typeof one === 'number' && Number.isFinite(one)) return String(one);
  return typeof one === 'string' && one !== '' ? one : undefined;
}

/** An integer from 0, also written as text. */
export function countOf(value: unknown): number | undefined {
  const text = textOf(value);
  return text !== undefined && /^[0-9]{1,15}$/.test(text) ? Number(text) : undefined;
}

/** The member under the first of the names that is there, whatever its case. */
export function memberOf(object: JsonObject, ...names: readonly string[]): unknown {
  for (const name of names) {
    if (Object.hasOwn(object, name)) return object[name];
    const other = Object.keys(object).find((key) => key.toLowerCase() === name.toLowerCase());
    if (other !== undefined) return object[other];
  }
  return undefined;
}
