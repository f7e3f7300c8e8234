/** A tag as a browser reads it, wherever it stands and whether or not it ends. */
export interface Tag {
  /** In lower case, without control characters and without a namespace; '' when none stands there. */
  readonly name: string;
  readonly closes: boolean;
  readonly attributes: readonly Attribute[];
  /** Behind what was read. */
  readonly end: number;
}

export interface Attribute {
  /** In lower case. */
  readonly name: string;
  /** Without quotes; undefined without an equals sign. */
  readonly value: string | undefined;
  readonly quoted: boolean;
  readonly start: number;
}

/** A tag is read so far; what stands behind is another's. */
const MOST_TAG_UNITS = 640;
const MOST_ATTRIBUTES = 32;

const NAME = /[\0-\x20/\\]*([a-z!?%][^\x20\t\r\n\f/>"'=<]*)/iy;
/** What parts attributes: white space, slashes, and stray signs that browsers pass over. */
const GAP = /[\0-\x20/\\"'`;,]*/y;
const ATTRIBUTE = /[^\0-\x20/>="'`<]+/y;
const VALUE = /[\0-\x20]*=[\0-\x20]*\\?(?:"([^"\\]*)(?:\\?"|(?![^]))|'([^']*)(?:'|(?![^]))|`([^`]*)(?:`|(?![^]))|([^\0-\x20>]*))/y;

function at(pattern: RegExp, text: string, from: number): RegExpExecArray | null {
  pattern.lastIndex = from;
  return pattern.exec(text);
}

/** `x:script` and `scr\0ipt` are script. */
function plainName(name: string): string {
  return name.replaceAll(/[\0-\x20]/g, '').replace(/^[\w-]+:(?=[a-z])/i, '').toLowerCase();
}

/** Reads the tag whose `<` stands at `start`. */
export function tagAt(whole: string, start: number): Tag {
  const text = whole.slice(start, start + MOST_TAG_UNITS);
  const named = at(NAME, text, 1);
  if (named === null) return { name: '', closes: false, attributes: [], end: start + 1 };
  const closes = named[0].includes('/') && named[0].indexOf('/') < named[0].length - (named[1]?.length ?? 0);
  const attributes: Attribute[] = [];
  let i = named[0].length + 1;
  while (i < text.length && attributes.length < MOST_ATTRIBUTES) {
    i += at(GAP, text, i)?.[0].length ?? 0;
    if (text.charAt(i) === '>' || i >= text.length) break;
    const name = at(ATTRIBUTE, text, i)?.[0] ?? '';
    const value = at(VALUE, text, i + name.length);
    if (name !== '') attributes.push({ name: name.toLowerCase(), value: value === null ? undefined : (value[1] ?? value[2] ?? value[3] ?? value[4] ?? ''), quoted: value?.[4] === undefined, start: start + i });
    i += Math.max(1, name.length + (value?.[0].length ?? 0));
  }
  return { name: plainName(named[1] ?? ''), closes, attributes, end: start + i };
}
