/** What is looked for in a text to know which views it may have. */
export const TRAITS = { percent: 1, plus: 2, ampersand: 4, star: 8, backslash: 16, beyondAscii: 32, spacing: 64, hexPrefix: 128, run: 256 } as const;

const LEAST_RUN = 16;
const SPACE = 32;
const ZERO = 48;
/** In the alphabets of base64, which hold the hexadecimal digits. */
const IN_RUN = 512;
const HEX_SIGN = 1024;

function traitsOfUnit(sign: string): number {
  const inRun = /[A-Za-z0-9+/_-]/.test(sign) ? IN_RUN : 0;
  switch (sign) {
    case '%': return TRAITS.percent;
    case '+': return TRAITS.plus | inRun;
    case '&': return TRAITS.ampersand;
    case '*': return TRAITS.star;
    case '\\': return TRAITS.backslash;
    case 'x': case 'X': return HEX_SIGN | inRun;
    default: return /[\t-\r]/.test(sign) ? TRAITS.spacing : inRun;
  }
}

const OF_UNIT = Uint16Array.from({ length: 128 }, (_, unit) => traitsOfUnit(String.fromCharCode(unit)));

function ofUnit(text: string, at: number): number {
  const unit = text.charCodeAt(at);
  // Other than a comparison, reading beyond the table is slow.
  return unit < 128 ? (OF_UNIT[unit] ?? 0) : TRAITS.beyondAscii;
}

/** Bits of TRAITS; without any a text has no further views. */
export function traitsOf(text: string): number {
  let traits = 0;
  let run = 0;
  for (let i = 0; i < text.length; i++) {
    const found = ofUnit(text, i);
    traits |= found;
    run = (found & IN_RUN) === 0 ? 0 : run + 1;
    if (run === LEAST_RUN) traits |= TRAITS.run;
    if ((found & HEX_SIGN) !== 0 && text.charCodeAt(i - 1) === ZERO) traits |= TRAITS.hexPrefix;
    if (found === 0 && text.charCodeAt(i) === SPACE && text.charCodeAt(i - 1) === SPACE) traits |= TRAITS.spacing;
  }
  return traits & ~(IN_RUN | HEX_SIGN);
}

/** Whether a text may have further views; false is sure. */
export function hasSigns(text: string): boolean {
  return traitsOf(text) !== 0;
}

/** Where the first run of at least 16 characters of base64 from `from` on begins; -1 when there is none. `from` may not lie inside of one. */
function nextRun(text: string, from: number): number {
  // Every such run holds one of the places that are looked at, sixteen apart.
  for (let free = from, at = free + LEAST_RUN - 1; at < text.length; at = free + LEAST_RUN - 1) {
    if ((ofUnit(text, at) & IN_RUN) === 0) {
      free = at + 1;
      continue;
    }
    let start = at;
    while (start > free && (ofUnit(text, start - 1) & IN_RUN) !== 0) start--;
    const end = runEnd(text, at + 1, start + LEAST_RUN);
    if (end === start + LEAST_RUN) return start;
    free = end;
  }
  return -1;
}

function runEnd(text: string, from: number, most: number): number {
  let end = from;
  while (end < most && (ofUnit(text, end) & IN_RUN) !== 0) end++;
  return end;
}

/** All that gives a text a trait but runs: on long texts faster than a look at each unit. */
const SIGNS = /[%+&*\\\u0080-\uffff\t-\r]|  |0[xX]/g;

/** Where the signs are, as start and end, of those of two characters the second; those of runs come last. */
export function signsIn(text: string): readonly (readonly [start: number, end: number])[] {
  const places: (readonly [number, number])[] = [];
  SIGNS.lastIndex = 0;
  while (SIGNS.test(text)) places.push([SIGNS.lastIndex - 1, SIGNS.lastIndex]);
  for (let start = nextRun(text, 0); start >= 0; ) {
    const end = runEnd(text, start + LEAST_RUN, text.length);
    places.push([start, end]);
    start = nextRun(text, end);
  }
  return places;
}
