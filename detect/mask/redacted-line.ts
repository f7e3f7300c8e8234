import { REDACTED } from '../../contracts/masked-span.ts';
import { viewsOf } from '../views/views.ts';
import { jsonTokens } from './json-tokens.ts';

export interface RedactionOf {
  /** Dotted names; what stands below one goes too. */
  readonly fields: readonly string[];
  /** A text that goes wherever a value or key holds it, in the clear or encoded. */
  readonly text: string | undefined;
}

/** The line of JSON without these values, every other byte as it was. `replaced`: strings and numbers that went. */
export function redactedLine(line: string, { fields, text }: RedactionOf): { readonly line: string; readonly replaced: number } {
  let out = '';
  let done = 0;
  let replaced = 0;
  for (const { field, kind, start, end } of jsonTokens(line)) {
    const isKey = field.endsWith('(key)');
    const named = !isKey && fields.some((name) => field === name || field.startsWith(`${name}.`));
    const raw = line.slice(start, end);
    const value = kind === 'string' ? String(JSON.parse(raw)) : raw;
    const holds = text !== undefined && viewsOf(value).some((view) => view.text.includes(text));
    if ((!named && !holds) || value === REDACTED) continue;
    const left = !named && text !== undefined && value.includes(text) ? value.replaceAll(text, REDACTED) : REDACTED;
    out += line.slice(done, start) + JSON.stringify(left);
    done = end;
    replaced++;
  }
  return { line: out + line.slice(done), replaced };
}
