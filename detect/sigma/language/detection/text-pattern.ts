import { ANY, ONE } from '../../rule.ts';
import type { TextPart } from '../../rule.ts';

/** Literals, wildcards and the names of placeholders of a text value, in order. */
export type PatternPart = TextPart | { readonly placeholder: string };

/** `\*`, `\?` and `\\` are the characters themselves, any other backslash is one too (specification 2.1.0, Escape Character). */
export function textPattern(written: string): readonly TextPart[] {
  const parts: TextPart[] = [];
  let literal = '';
  for (let at = 0; at < written.length; at++) {
    const character = written[at] ?? '';
    const next = written[at + 1];
    if (character === '\\' && (next === '*' || next === '?' || next === '\\')) {
      literal += next;
      at++;
    } else if (character === '*' || character === '?') {
      push(parts, literal);
      push(parts, character === '*' ? ANY : ONE);
      literal = '';
    } else literal += character;
  }
  push(parts, literal);
  return parts;
}

const PLACEHOLDER = /\\%|\\\\|%([\w.-]+)%/g;

/** With `expand`: `%name%` stands for values, `\%` is the character. Texts between are as written, escapes and all. */
export function withPlaceholders(written: string): readonly (string | { readonly placeholder: string })[] {
  const parts: (string | { readonly placeholder: string })[] = [];
  let text = '';
  let at = 0;
  for (const found of written.matchAll(PLACEHOLDER)) {
    text += written.slice(at, found.index);
    at = found.index + found[0].length;
    if (found[1] === undefined) text += found[0] === '\\%' ? '%' : found[0];
    else {
      parts.push(text, { placeholder: found[1] });
      text = '';
    }
  }
  parts.push(text + written.slice(at));
  return parts.filter((part) => part !== '');
}

/** Parts one after the other: literals that meet become one, of two `*` one stays, empty literals go. */
export function joined(parts: Iterable<TextPart>): readonly TextPart[] {
  const result: TextPart[] = [];
  for (const part of parts) push(result, part);
  return result;
}

function push(parts: TextPart[], part: TextPart): void {
  const last = parts.at(-1);
  if (part === '' || (part === ANY && last === ANY)) return;
  if (typeof part === 'string' && typeof last === 'string') parts[parts.length - 1] = last + part;
  else parts.push(part);
}

export function hasWildcard(parts: readonly TextPart[]): boolean {
  return parts.some((part) => typeof part !== 'string');
}

export function literalOf(parts: readonly TextPart[]): string {
  return parts.filter((part) => typeof part === 'string').join('');
}
