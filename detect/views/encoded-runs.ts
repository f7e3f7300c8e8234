import { textOf } from './byte-text.ts';
import { rewritten } from './reading.ts';
import type { Piece, Reading } from './reading.ts';

const BASE64 = /[A-Za-z0-9+/_-]{16,}={0,2}/g;
const BASE64_PART = /[A-Za-z0-9]{16,}/g;
const HEX = /0[xX]([0-9a-fA-F]{8,})|[0-9a-fA-F]{16,}/g;

/** Percent escapes before or behind a run belong to it: they are read first. */
const ESCAPE = /^%[0-9a-fA-F]{2}/;

function besideEscape({ 0: found, index, input }: RegExpExecArray): boolean {
  return ESCAPE.test(input.slice(Math.max(index - 1, 0), index + 2)) || ESCAPE.test(input.slice(index + found.length, index + found.length + 3));
}

/** Equals signs that complete a run of so many characters. */
function mostPadding(characters: number): number {
  return characters % 4 === 2 ? 2 : characters % 4 === 3 ? 1 : 0;
}

/** By character: 1 where it makes the first byte of its group of four one beyond ASCII. */
const BEYOND_ASCII = Uint8Array.from({ length: 128 }, (_, code) => (/[g-z0-9+/_-]/.test(String.fromCharCode(code)) ? 1 : 0));

/** What of each four characters the first says is enough to know of most runs that they are no text. */
function cannotBeText(run: string): boolean {
  const most = Math.floor((run.length * 3) / 4 / 8);
  let others = 0;
  for (let i = 0; i + 1 < run.length && others <= most; i += 4) others += BEYOND_ASCII[run.charCodeAt(i)] ?? 0;
  return others > most;
}

function base64Text(run: string): string | undefined {
  return cannotBeText(run) || (/[+/]/.test(run) && /[-_]/.test(run)) ? undefined : textOf(Buffer.from(run, 'base64'));
}

/** The parts between signs that may as well be no part of the alphabet, as in a path. */
function partsDecoded(run: string, at: number): readonly Piece[] | undefined {
  const reading = rewritten(run, BASE64_PART, ([part]) => base64Text(part));
  return reading === undefined ? undefined : Array.from({ length: reading.text.length }, (_, i) => [reading.text.charAt(i), at + (reading.origin[i] ?? 0)]);
}

/** Runs of at least 16 characters of base64 (either alphabet) that decode to text, each as that text. */
export function base64Decoded(source: string): Reading | undefined {
  return rewritten(source, BASE64, (match) => {
    if (besideEscape(match)) return undefined;
    const { 0: found, index } = match;
    const run = found.replace(/=+$/, '');
    const whole = base64Text(run);
    const pieces = whole === undefined ? partsDecoded(run, index) : [[whole, index] as const];
    const end = run.length + (whole === undefined ? 0 : Math.min(found.length - run.length, mostPadding(run.length)));
    return pieces === undefined || end === found.length ? pieces : [...pieces, ...Array.from(found.slice(end), (sign, i): Piece => [sign, index + end + i])];
  });
}

/** Hexadecimal numbers of SQL (`0x…`, at least 8 digits) and bare runs of at least 16 digits that decode to text, each as that text. */
export function hexDecoded(source: string): Reading | undefined {
  return rewritten(source, HEX, (match) => {
    if (besideEscape(match)) return undefined;
    const [found, literal] = match;
    if (literal === undefined) return found.length % 2 === 0 ? textOf(Buffer.from(found, 'hex')) : undefined;
    return textOf(Buffer.from(literal.length % 2 === 0 ? literal : `0${literal}`, 'hex'));
  });
}
