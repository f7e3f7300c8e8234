import { rewritten } from './reading.ts';
import type { Reading } from './reading.ts';

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|u\{([0-9a-fA-F]{1,6})\}|x([0-9a-fA-F]{2})|([0-3][0-7]{0,2}|[4-7][0-7]?)|([^]))/g;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t', v: '\v' };

/** Escapes of JavaScript and JSON strings read, octal ones too; any other escaped character stands for itself. */
export function backslashesDecoded(source: string): Reading | undefined {
  if (!source.includes('\\')) return undefined;
  return rewritten(source, ESCAPE, (match) => {
    const [found, unit, braced, byte, octal, other = ''] = match;
    if (octal !== undefined) return String.fromCharCode(Number.parseInt(octal, 8));
    const hexadecimal = unit ?? byte;
    if (hexadecimal !== undefined) return String.fromCharCode(Number.parseInt(hexadecimal, 16));
    if (braced === undefined) return Object.hasOwn(SHORT, other) ? SHORT[other] : other;
    const code = Number.parseInt(braced, 16);
    return code > 0x10ffff ? Array.from(found.slice(1), (c, i) => [c, match.index + 1 + i] as const) : String.fromCodePoint(code);
  });
}
