import { hash } from 'node:crypto';
import { scalarsOf, textOf } from '../sigma/event/field-value.ts';
import type { FieldValue } from '../sigma/event/field-value.ts';
import { letters } from '../rows/letters.ts';

/** What every observation has, whatever its event holds: the site it is of. */
export const SITE_FIELD = 'tourniquet.site';

/** A value has at most so many units: longer ones are known by their beginning and their hash. */
const MOST_UNITS = 256;
const BEGINNING = 200;
/** Values of one list, and combinations of the values of several fields. */
export const MOST_VALUES = 64;

/** Equal texts stay equal, different ones different. Shortening twice changes nothing. */
export function shortText(text: string): string {
  return text.length <= MOST_UNITS ? text : `${text.slice(0, BEGINNING)}…${letters(hash('sha256', text, 'buffer'))}`;
}

/** The different texts of a value in their order, at most `MOST_VALUES`; none when it is absent or null. */
export function textsOf(value: FieldValue | undefined): readonly string[] {
  if (typeof value === 'string') return [shortText(value)];
  const texts = new Set<string>();
  for (const scalar of scalarsOf(value)) {
    const text = textOf(scalar);
    if (text !== undefined && texts.size < MOST_VALUES) texts.add(shortText(text));
  }
  return [...texts];
}

/**
 * One text for each combination of one value a field, at most `MOST_VALUES`; none when a field has no value. Of one field
 * its values themselves, of several a JSON list, of no field the empty text.
 */
export function combinations(values: readonly (readonly string[])[]): readonly string[] {
  if (values.length === 1) return values[0] ?? [];
  if (values.length === 0) return [''];
  let combined: readonly (readonly string[])[] = [[]];
  for (const texts of values) combined = combined.flatMap((before) => texts.map((text) => [...before, text])).slice(0, MOST_VALUES);
  return combined.map((texts) => JSON.stringify(texts));
}

/** What `combinations` joined. */
export function partsOf(combined: string, fields: number): readonly string[] {
  if (fields === 0) return [];
  // Written by `combinations` above.
  return fields === 1 ? [combined] : (JSON.parse(combined) as readonly string[]);
}
