import { rewritten } from './reading.ts';
import type { View } from './view.ts';

const ESCAPE = /\\(?:u([0-9a-fA-F]{4})|([^]))/g;
const SHORT: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The value of a JSON string, of what stands between its quotes; origins point there. */
export function jsonStringValue(raw: string): View {
  const reading = raw.includes('\\') ? rewritten(raw, ESCAPE, ([, unit, other = '']) => (unit === undefined ? (SHORT[other] ?? other) : String.fromCharCode(Number.parseInt(unit, 16)))) : undefined;
  return { text: reading?.text ?? raw, origin: reading?.origin, name: '', escaped: false };
}
