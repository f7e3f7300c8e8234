import type { Kept } from '../../contracts/field-policy.ts';
import { literalEnd, stringEnd, stringText } from '../mask/json-tokens.ts';
import type { FieldPolicies } from './field-policies.ts';

/** A value that is not kept as text, where it stands in its line. */
export interface KeptValue {
  readonly keep: Exclude<Kept, 'text'>;
  /** UTF-16 units of the line. */
  readonly start: number;
  readonly end: number;
  /** Index of the first of its strings and numbers among those of the line, keys included, and how many there are. */
  readonly firstToken: number;
  readonly tokens: number;
}

/** Of longer paths only the end is looked at: no policy's name is as long. */
const MOST_PATH_UNITS = 512;

/** An open object or array. */
interface Level {
  readonly parent: Level | undefined;
  readonly isObject: boolean;
  /** Of the object or array itself, empty at the top. */
  readonly path: string;
  /** Of the value that comes next. */
  next: string;
}

/** How the field of a key is kept: by the first of the names that a dotted key adds to its path. */
function keptBelow(policies: FieldPolicies, path: string, key: string): { readonly keep: Kept; readonly path: string } {
  let whole = path;
  for (const name of key.split('.')) {
    const longer = whole === '' ? name : `${whole}.${name}`;
    whole = longer.length > MOST_PATH_UNITS ? `.${longer.slice(-MOST_PATH_UNITS / 2)}` : longer;
    const keep = policies.keptAs(whole);
    if (keep !== 'text') return { keep, path: whole };
  }
  return { keep: 'text', path: whole };
}

/** Where the value at `start` ends, and how many strings and numbers it holds. */
function valueEnd(line: string, start: number): { readonly end: number; readonly tokens: number } {
  let depth = 0;
  let tokens = 0;
  for (let i = start; i < line.length; ) {
    const character = line.charAt(i);
    if (character === '{' || character === '[') depth++;
    if (character === '}' || character === ']') depth--;
    if (character === '"') i = stringEnd(line, i);
    else if (/[-\w]/.test(character)) i = literalEnd(line, i);
    else i++;
    if (/["\-\d]/.test(character)) tokens++;
    if (depth === 0) return { end: i, tokens };
  }
  return { end: line.length, tokens };
}

/** What a value may be without saying anything. */
const EMPTY = /^(?:""|null)$/;

/** The values of a line that are not kept as text, in order; none within another. `line` is valid JSON. */
export function keptValues(line: string, policies: FieldPolicies): readonly KeptValue[] {
  const kept: KeptValue[] = [];
  let level: Level | undefined;
  let keyNext = false;
  let token = 0;
  for (let i = 0; i < line.length; ) {
    const character = line.charAt(i);
    if (character === '"') {
      const end = stringEnd(line, i);
      token++;
      if (keyNext && level !== undefined) {
        keyNext = false;
        const { keep, path } = keptBelow(policies, level.path, stringText(line, i, end));
        level.next = path;
        if (keep !== 'text') {
          const start = line.slice(end).search(/[^\s:]/) + end;
          const value = valueEnd(line, start);
          if (!EMPTY.test(line.slice(start, Math.min(value.end, start + 5)))) kept.push({ keep, start, end: value.end, firstToken: token, tokens: value.tokens });
          token += value.tokens;
          i = value.end;
          continue;
        }
      }
      i = end;
    } else if (/[-\w]/.test(character)) {
      if (/[-\d]/.test(character)) token++;
      i = literalEnd(line, i);
    } else {
      if (character === '{' || character === '[') {
        keyNext = character === '{';
        const path = level?.next ?? '';
        level = { parent: level, isObject: keyNext, path, next: path };
      } else if (character === '}' || character === ']') {
        level = level?.parent;
        keyNext = false;
      } else if (character === ',') {
        keyNext = level?.isObject === true;
      }
      i++;
    }
  }
  return kept;
}

/** All that a value says in words and numbers, one after another. */
export function textsIn(value: unknown): string {
  const texts: string[] = [];
  const gather = (one: unknown): void => {
    if (typeof one === 'string' || typeof one === 'number') texts.push(String(one));
    else if (typeof one === 'object' && one !== null) Object.values(one).forEach(gather);
  };
  gather(value);
  return texts.join('\n');
}
