import type { Signature } from '../../contracts/pack.ts';
import type { Random } from '../../contracts/seeded-random.ts';

/** A text of which it is known what must not be left of it. */
export interface KnownText {
  readonly signature: Signature;
  readonly field: string;
  readonly text: string;
  /** What the signature finds in it. */
  readonly values: readonly string[];
}

export interface HostileLine {
  readonly known: KnownText;
  readonly line: string;
  /** The line with the text as an application would read it. */
  readonly plain: string;
}

/** A way in which a text can be written that decoded views read, and what is read. */
interface Writing {
  readonly write: (text: string) => string;
  readonly read?: (text: string) => string;
}

const encodable = (text: string): string => `for ${text} now, please`;

const WRITINGS: readonly Writing[] = [
  { write: (text) => text },
  { write: percent },
  { write: (text) => percent(percent(text)) },
  { write: (text) => [...text].map((c) => `&#x${(c.codePointAt(0) ?? 0).toString(16)};`).join('') },
  { write: (text) => [...text].map((c) => `\\u{${(c.codePointAt(0) ?? 0).toString(16)}}`).join('') },
  { write: (text) => `q=${Buffer.from(encodable(text)).toString('base64')}`, read: (text) => `q=${encodable(text)}` },
  { write: (text) => `0x${Buffer.from(encodable(text)).toString('hex')}`, read: encodable },
];

function percent(text: string): string {
  return [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
}

/** Places where a written text can stand in an event. */
const PLACES: readonly ((field: string, text: string) => unknown)[] = [
  (field, text) => ({ [field]: text }),
  (field, text) => ({ [field]: `see ${text} there` }),
  (field, text) => ({ a: 1, [field]: ['none', `to ${text} `, -7] }),
  (field, text) => nested(field.split('.'), `"${text}"\n`),
  (field, text) => ({ [field]: `${text} and ${text}` }),
];

function nested(names: readonly string[], value: string): unknown {
  const [name, ...more] = names;
  return name === undefined ? value : { [name]: nested(more, value) };
}

/** Some characters of JSON text as escapes, as a sender may write any. */
function escaped(json: string, random: Random): string {
  return random.chance(0.7) ? json : json.replaceAll(/\\.|[a-z@.]/g, (c) => (c.length === 1 && random.chance(0.2) ? `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}` : c));
}

/** Lines made of known texts by a seeded generator, without end. */
export function* hostileLines(known: readonly KnownText[], random: Random): Generator<HostileLine, never> {
  for (;;) {
    for (const one of known) {
      const place = random.pick(PLACES);
      const { write, read = (text: string) => text } = random.pick(WRITINGS);
      yield { known: one, line: escaped(JSON.stringify(place(one.field, write(one.text))), random), plain: JSON.stringify(place(one.field, read(one.text))) };
    }
  }
}
