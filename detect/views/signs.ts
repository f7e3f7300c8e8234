/** Without one of these, and without a run of 16 characters of base64, a text has no further views. */
const SIGNS = /[%+&*\\\u0080-\uffff\t-\r]|  |0[xX]/g;

const LEAST_RUN = 16;

/** By unit: 1 in the alphabets of base64, which hold the hexadecimal digits. */
const IN_RUN = Uint8Array.from({ length: 128 }, (_, unit) => (/[A-Za-z0-9+/_-]/.test(String.fromCharCode(unit)) ? 1 : 0));

function inRun(text: string, at: number): boolean {
  return IN_RUN[text.charCodeAt(at)] === 1;
}

/** Where the first run of at least 16 such characters from `from` on begins; -1 when there is none. `from` may not lie inside of one. */
export function nextRun(text: string, from: number): number {
  // Every such run holds one of the places that are looked at, sixteen apart.
  for (let free = from, at = free + LEAST_RUN - 1; at < text.length; at = free + LEAST_RUN - 1) {
    if (inRun(text, at)) {
      let start = at;
      while (start > free && inRun(text, start - 1)) start--;
      let end = at + 1;
      while (end < start + LEAST_RUN && inRun(text, end)) end++;
      if (end === start + LEAST_RUN) return start;
      free = end;
    } else {
      free = at + 1;
    }
  }
  return -1;
}

/** Whether a text may have further views; false is sure. */
export function hasSigns(text: string): boolean {
  SIGNS.lastIndex = 0;
  return SIGNS.test(text) || nextRun(text, 0) >= 0;
}

/** Where the signs are, as start and end; those of runs come last. */
export function signsIn(text: string): readonly (readonly [start: number, end: number])[] {
  const places: (readonly [number, number])[] = [];
  SIGNS.lastIndex = 0;
  for (let match = SIGNS.exec(text); match !== null; match = SIGNS.exec(text)) places.push([match.index, SIGNS.lastIndex]);
  for (let start = nextRun(text, 0); start >= 0; ) {
    let end = start + LEAST_RUN;
    while (inRun(text, end)) end++;
    places.push([start, end]);
    start = nextRun(text, end);
  }
  return places;
}
