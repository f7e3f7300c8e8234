import { copy, draftOf, finished, put } from './reading.ts';
import type { Reading } from './reading.ts';

/** Comments of several characters; white space other than one space. */
const TRICKS = /\/\*|[\t-\r\u00a0]|  /;
const SPACE = /[\t-\r \u00a0]/;
const MOST_VERSION_DIGITS = 6;

/** Where the comments of a text end; a search that found nothing is not made again. */
interface Comments {
  readonly text: string;
  readonly lastFeed: number;
  lastClose: number;
  versioned: boolean;
}

/** Where what separates words at `i` ends; `i` when nothing does. `/*!50000` and its end separate, what is between stays. */
function spaceEnd(comments: Comments, i: number): number {
  const { text } = comments;
  const character = text.charAt(i);
  const next = text.charAt(i + 1);
  if (character === '/' && next === '*' && text.charAt(i + 2) === '!') {
    comments.versioned = true;
    let end = i + 3;
    while (end < i + 3 + MOST_VERSION_DIGITS && /[0-9]/.test(text.charAt(end))) end++;
    return end;
  }
  if (character === '/' && next === '*') return i + 2 <= comments.lastClose ? text.indexOf('*/', i + 2) + 2 : i;
  if (character === '*' && next === '/' && comments.versioned) return i + 2;
  if ((character === '#' || (character === '-' && next === '-')) && i < comments.lastFeed) return text.indexOf('\n', i) + 1;
  return SPACE.test(character) ? i + 1 : i;
}

/** What SQL reads as white space, comments included, as one space each. */
export function sqlSpaced(source: string): Reading | undefined {
  if (!TRICKS.test(source)) return undefined;
  const draft = draftOf(source);
  const comments: Comments = { text: source, lastFeed: source.lastIndexOf('\n'), lastClose: source.lastIndexOf('*/'), versioned: false };
  let changed = false;
  let done = 0;
  for (let i = 0; i < source.length; ) {
    let end = spaceEnd(comments, i);
    if (end === i) {
      i++;
      continue;
    }
    for (let more = spaceEnd(comments, end); more > end; more = spaceEnd(comments, end)) end = more;
    copy(draft, done, i);
    put(draft, ' ', i);
    changed ||= end !== i + 1 || source.charAt(i) !== ' ';
    done = end;
    i = end;
  }
  if (!changed) return undefined;
  copy(draft, done, source.length);
  return finished(draft);
}
