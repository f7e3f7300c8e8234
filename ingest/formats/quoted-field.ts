import { isUtf8 } from 'node:buffer';

export interface QuotedField {
  readonly text: string;
  /** Index of the closing quote. */
  readonly end: number;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SIMPLE: Readonly<Record<string, number>> = { n: 10, t: 9, r: 13, b: 8, v: 11, f: 12 };

/**
 * The field whose opening quote stands before `start`; undefined when it never closes. Apache and nginx write a quote
 * as \" (nginx: \x22) and a byte that cannot be printed as \xNN; bytes that are no UTF-8 stay written that way.
 */
export function readQuoted(line: string, start: number): QuotedField | undefined {
  const quote = line.indexOf('"', start);
  if (quote < 0) return undefined;
  if (line.charCodeAt(quote - 1) !== BACKSLASH || quote === start) {
    const text = line.slice(start, quote);
    return { text: text.includes('\\') ? unescapeField(text) : text, end: quote };
  }
  let i = start;
  while (i < line.length) {
    const code = line.charCodeAt(i);
    if (code === QUOTE) return { text: unescapeField(line.slice(start, i)), end: i };
    i += code === BACKSLASH ? 2 : 1;
  }
  return undefined;
}

function hexByte(hex: string): number {
  return /^[0-9a-fA-F]{2}$/.test(hex) ? Number.parseInt(hex, 16) : -1;
}

function unescapeField(text: string): string {
  const source = Buffer.from(text);
  const bytes = Buffer.allocUnsafe(source.length);
  let length = 0;
  for (let i = 0; i < source.length; i++) {
    const byte = source[i] ?? 0;
    if (byte !== BACKSLASH || i + 1 === source.length) {
      bytes[length++] = byte;
      continue;
    }
    const letter = String.fromCharCode(source[++i] ?? 0);
    const hex = letter === 'x' ? hexByte(source.toString('latin1', i + 1, i + 3)) : -1;
    if (hex >= 0) {
      bytes[length++] = hex;
      i += 2;
    } else {
      bytes[length++] = SIMPLE[letter] ?? source[i] ?? 0;
    }
  }
  const decoded = bytes.subarray(0, length);
  return isUtf8(decoded) ? decoded.toString() : text;
}
