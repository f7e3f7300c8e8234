import type { Random } from '../contracts/seeded-random.ts';

/** What begins every made-up word, so that it can be looked for in any bytes. */
const MARK = 'qzx';
const LETTERS = 'abcdefghijklmnopqrstuvwxyz';
const ALPHANUMERIC = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';

/** A value that must be nowhere once it went through the pipeline. */
export interface PlantedValue {
  readonly kind: keyof typeof MAKERS;
  /** As it stands in an event. */
  readonly text: string;
  /** A word that begins with the mark, or digits without signs between them. */
  readonly needle: string;
}

function from(random: Random, alphabet: string, count: number): string {
  return Array.from({ length: count }, () => alphabet.charAt(random.below(alphabet.length))).join('');
}

const digits = (random: Random, count: number): string => from(random, '0123456789', count);
const word = (random: Random): string => `${MARK}${from(random, LETTERS, 11)}`;

/** Appends the digit that makes the sum of Luhn a multiple of ten. */
function withLuhn(body: string): string {
  const sum = Array.from(body).toReversed().reduce((total, c, i) => total + (i % 2 === 1 ? Number(c) : Number(c) > 4 ? Number(c) * 2 - 9 : Number(c) * 2), 0);
  return `${body}${(10 - (sum % 10)) % 10}`;
}

function germanIban(bban: string): string {
  const check = 98n - (BigInt(`${bban}131400`) % 97n);
  return `DE${String(check).padStart(2, '0')}${bban}`;
}

const MAKERS = {
  email(random: Random) {
    const name = word(random);
    return { text: `${name}@clinic.example`, needle: name };
  },
  card(random: Random) {
    const number = withLuhn(`4${digits(random, 14)}`);
    return { text: random.chance(0.5) ? number : number.replaceAll(/(\d{4})(?=\d)/g, '$1 '), needle: number };
  },
  social(random: Random) {
    const parts = [String(random.between(101, 665)), String(random.between(10, 99)), String(random.between(1000, 9999))];
    return { text: `SSN ${parts.join('-')}`, needle: parts.join('') };
  },
  iban(random: Random) {
    const iban = germanIban(digits(random, 18));
    return { text: iban, needle: iban.slice(2) };
  },
  stripe(random: Random) {
    const tail = `${MARK}${from(random, ALPHANUMERIC, 24)}`;
    return { text: ['sk', 'live', tail].join('_'), needle: tail };
  },
  phone(random: Random) {
    const number = `49151${random.between(10_000_000, 99_999_999)}`;
    return { text: `+${number.slice(0, 2)} ${number.slice(2, 5)} ${number.slice(5)}`, needle: number };
  },
  /** In a text that is kept as a summary: any word of it. */
  prose(random: Random) {
    const name = word(random);
    return { text: `please tell ${name} that the parcel is late again this week`, needle: name };
  },
  password(random: Random) {
    const secret = word(random);
    return { text: secret, needle: secret };
  },
};

const KINDS = Object.keys(MAKERS) as readonly (keyof typeof MAKERS)[]; // Keys of the literal.

/** So many values of all kinds, no two alike. */
export function plantedValues(random: Random, count: number): readonly PlantedValue[] {
  const made = new Map<string, PlantedValue>();
  for (let i = 0; made.size < count; i++) {
    const kind = KINDS[i % KINDS.length] ?? 'email';
    const value = { kind, ...MAKERS[kind](random) };
    made.set(value.needle, value);
  }
  return [...made.values()];
}

/** A string of JSON in which every character of the text is an escape. */
function escapedJson(text: string): string {
  return `"${Array.from({ length: text.length }, (_, i) => `\\u${text.charCodeAt(i).toString(16).padStart(4, '0')}`).join('')}"`;
}

/** An event that holds the value where such a value may stand, in one of the spellings that clients use; JSON. */
export function eventHolding({ kind, text }: PlantedValue, random: Random): string {
  const head = '"@timestamp":"2026-11-21T10:00:00.000Z","event":{"kind":"event","category":["http"],"action":"http-request","outcome":"success"}';
  const quoted = JSON.stringify(text);
  if (kind === 'prose') return `{${head},${random.chance(0.5) ? `"http":{"request":{"body":{"content":${quoted}}}}` : `"ai":{"prompt":${quoted}}`}}`;
  if (kind === 'password') return `{${head},"http":{"request":{"headers":{"authorization":${JSON.stringify(`Bearer ${text}`)},"cookie":${JSON.stringify(`PHPSESSID=${text}`)}}}}}`;
  const places = [
    `"message":${JSON.stringify(`the customer wrote ${text}, and left`)}`,
    `"message":${escapedJson(`see ${text}`)}`,
    `"url":{"path":"/checkout/","query":${JSON.stringify(`a=1&value=${encodeURIComponent(text)}`)}}`,
    `"url":{"original":${JSON.stringify(`/x?next=${encodeURIComponent(encodeURIComponent(text))}`)}}`,
    `"labels":{"list":[${quoted},"b"]}`,
    `"labels":{${quoted}:"a key"}`,
    `"url":{"query":${JSON.stringify(`id=1' UNION SELECT user_pass FROM wp_users-- &m=${text}`)}}`,
    `"http":{"request":{"referrer":${JSON.stringify(`https://shop.example/?m=${encodeURIComponent(text)}`)}}}`,
    `"message":${JSON.stringify(`<b>${text}</b> ${Buffer.from(` ${text} `).toString('base64')}`)}`,
  ];
  return `{${head},${random.pick(places)}}`;
}

const MARKED = new RegExp(`${MARK}[A-Za-z0-9]{11,24}`, 'g');
const DIGIT_RUN = /\d(?:[ -]?\d){8,}/g;

/** Finds planted values in any text. */
export function plantedFinder(values: readonly PlantedValue[]): (text: string) => readonly string[] {
  const needles = new Set(values.map(({ needle }) => needle));
  const lengths = [...new Set(values.map(({ needle }) => needle).filter((needle) => /^\d/.test(needle)).map((needle) => needle.length))];
  return (text) => {
    const found = (text.match(MARKED) ?? []).filter((marked) => needles.has(marked) || needles.has(marked.slice(0, 14)));
    for (const run of text.match(DIGIT_RUN) ?? []) {
      const bare = run.replaceAll(/[ -]/g, '');
      for (const length of lengths) for (let at = 0; at + length <= bare.length; at++) if (needles.has(bare.slice(at, at + length))) found.push(bare.slice(at, at + length));
    }
    return found;
  };
}
