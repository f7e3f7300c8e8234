/** A reading of a token's text, with the way back. The native twin is detect/native/src/views.cc. */
export interface View {
  readonly text: string;
  /** For each unit of `text`, and its end, where it begins in the text it was read from; undefined when equal. */
  readonly origin: Uint32Array | undefined;
  /** Reading it took percent decoding: then it says better than its source what was meant. */
  readonly percent: boolean;
}

export function originOf(view: View, index: number): number {
  return view.origin === undefined ? index : (view.origin[index] ?? 0);
}

const ESCAPES: Readonly<Record<string, string>> = { b: '\b', f: '\f', n: '\n', r: '\r', t: '\t' };

/** The text of a JSON string between its quotes, escapes replaced. */
export function unescapeView(raw: string): View {
  if (!raw.includes('\\')) return { text: raw, origin: undefined, percent: false };
  const origin = new Uint32Array(raw.length + 1);
  let text = '';
  let i = 0;
  while (i < raw.length) {
    origin[text.length] = i;
    if (raw[i] !== '\\') {
      text += raw.charAt(i++);
    } else if (raw[i + 1] === 'u') {
      text += String.fromCharCode(Number.parseInt(raw.slice(i + 2, i + 6), 16));
      i += 6;
    } else {
      const name = raw.charAt(i + 1);
      text += ESCAPES[name] ?? name;
      i += 2;
    }
  }
  origin[text.length] = i;
  return { text, origin, percent: false };
}

const PERCENT = /%[0-9a-f]{2}/i;

function percentAt(text: string, i: number): boolean {
  return text[i] === '%' && /^[0-9a-f]{2}$/i.test(text.slice(i + 1, i + 3));
}

/** Each %XX becomes the character of its byte, with `plus` each + a space. Origins point into `view`'s own source. */
function decodeOnce(view: View, plus: boolean): View {
  const source = view.text;
  const origin = new Uint32Array(source.length + 1);
  let text = '';
  let i = 0;
  while (i < source.length) {
    origin[text.length] = originOf(view, i);
    if (percentAt(source, i)) {
      text += String.fromCharCode(Number.parseInt(source.slice(i + 1, i + 3), 16));
      i += 3;
    } else {
      text += plus && source[i] === '+' ? ' ' : source.charAt(i);
      i++;
    }
  }
  origin[text.length] = originOf(view, i);
  return { text, origin, percent: view.percent || PERCENT.test(source) };
}

/** The text as it is, percent-decoded once and, where that leaves percent escapes, twice. Origins point into `text`. */
export function viewsOf(text: string): readonly View[] {
  const plain: View = { text, origin: undefined, percent: false };
  if (!text.includes('+') && !(text.includes('%') && PERCENT.test(text))) return [plain];
  const once = decodeOnce(plain, true);
  return PERCENT.test(once.text) ? [plain, once, decodeOnce(once, false)] : [plain, once];
}
