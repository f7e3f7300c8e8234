import { literalEnd, stringEnd, stringText } from './json-tokens.ts';
import type { JsonToken, Level } from './json-tokens.ts';

/**
 * `{"key": "billing_dob", "value": "1980-02-03"}`: what a value is stands in a field beside it. So do forms, WooCommerce's
 * `meta_data`, and columns of exports.
 */

/** Fields that name what stands in one of VALUES beside them. */
const NAMES: ReadonlySet<string> = new Set(['key', 'name', 'label', 'title', 'field', 'column', 'question', 'code', 'attribute', 'meta_key', 'display_key', 'display_name']);
const VALUES: ReadonlySet<string> = new Set(['value', 'values', 'val', 'text', 'content', 'answer', 'data', 'raw', 'meta_value', 'display_value', 'valuestring', 'new_value', 'old_value', 'new', 'old']);

/** A label is short; a longer text is prose. */
const MOST_LABEL_UNITS = 128;
/** A value that is itself an object of one: `{"label": "MRN", "value": {"raw": "…"}}`. */
const MOST_STEPS = 2;

function objectOf(level: Level | undefined): Level | undefined {
  let object = level;
  while (object !== undefined && !object.isObject) object = object.parent;
  return object;
}

/** The texts of an object's naming fields. */
function readLabel(line: string, start: number): string {
  const labels: string[] = [];
  let depth = 0;
  let key = '';
  let keyNext = false;
  for (let i = start; i < line.length; ) {
    const character = line.charAt(i);
    if (character === '"') {
      const end = stringEnd(line, i);
      if (depth === 1 && end - i <= MOST_LABEL_UNITS) {
        const text = stringText(line, i, end);
        if (keyNext) key = text.toLowerCase();
        else if (NAMES.has(key)) labels.push(text);
      }
      keyNext = false;
      i = end;
    } else if (/[-\w]/.test(character)) {
      i = literalEnd(line, i);
    } else {
      if (character === '{' || character === '[') depth++;
      if (character === '}' || character === ']') depth--;
      if (depth === 0) break;
      if (character === '{' || character === ',') keyNext = depth === 1;
      i++;
    }
  }
  return labels.join(' ');
}

/** What a token's value is, by the fields beside it; empty when none says. An object is read once. */
export function labelOf(line: string, { field, level }: JsonToken): string {
  const names = field.split('.');
  let object = objectOf(level);
  for (let step = 1; step <= MOST_STEPS && object !== undefined && VALUES.has((names.at(-step) ?? '').toLowerCase()); step++) {
    object.label ??= readLabel(line, object.start);
    if (object.label !== '') return object.label;
    object = objectOf(object.parent);
  }
  return '';
}
