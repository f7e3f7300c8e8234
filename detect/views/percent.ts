import { characterAt } from './byte-text.ts';
import { rewritten } from './reading.ts';
import type { Piece, Reading } from './reading.ts';

const ESCAPES = /(?:%[0-9a-f]{2})+|%u[0-9a-f]{4}/gi;
const ESCAPES_AND_PLUS = /(?:%[0-9a-f]{2})+|%u[0-9a-f]{4}|\+/gi;
/** Other than that of a time zone which ends the text. */
const PLUS = /\+(?!\d\d:\d\d$)/;
const ESCAPE = /%(?:[0-9a-f]{2}|u[0-9a-f]{4})/i;

const ESCAPE_UNITS = 3;

function characters(match: RegExpExecArray): string | readonly Piece[] {
  if (match[0].length === ESCAPE_UNITS) return String.fromCharCode(Number.parseInt(match[0].slice(1), 16));
  const bytes = Buffer.from(match[0].replaceAll('%', ''), 'hex');
  const pieces: Piece[] = [];
  for (let i = 0; i < bytes.length; ) {
    const character = characterAt(bytes, i);
    pieces.push([character.text, match.index + i * 3]);
    i += character.bytes;
  }
  return pieces;
}

/** Percent escapes with their UTF-8 read, also `%uXXXX`; with `plus`, each + is a space. */
export function percentDecoded(source: string, plus: boolean): (Reading & { readonly escaped: boolean }) | undefined {
  const escaped = source.includes('%') && ESCAPE.test(source);
  if (!escaped && !(plus && source.includes('+') && PLUS.test(source))) return undefined;
  const reading = rewritten(source, plus ? ESCAPES_AND_PLUS : ESCAPES, (match) => {
    const [found] = match;
    if (found === '+') return ' ';
    return found.charAt(1).toLowerCase() === 'u' ? String.fromCharCode(Number.parseInt(found.slice(2), 16)) : characters(match);
  });
  return reading === undefined ? undefined : { ...reading, escaped };
}
