import { standsAlone } from '../national/identifier.ts';
import { remainder } from '../national/check-digits.ts';
import { isWord } from '../span.ts';
import type { Span, Validator } from '../span.ts';

/** BBAN of each country in the IBAN registry (ISO 13616): how many digits (n), letters (a), either (c), in order. */
const STRUCTURES: Readonly<Record<string, string>> = {
  AD: '8n12c', AE: '19n', AL: '8n16c', AT: '16n', AZ: '4a20c', BA: '16n', BE: '12n', BG: '4a6n8c', BH: '4a14c', BI: '23n', BR: '23n1a1c', BY: '4c4n16c', CH: '5n12c', CR: '18n', CY: '8n16c', CZ: '20n',
  DE: '18n', DJ: '23n', DK: '14n', DO: '4c20n', EE: '16n', EG: '25n', ES: '20n', FI: '14n', FK: '2a12n', FO: '14n', FR: '10n11c2n', GB: '4a14n', GE: '2a16n', GI: '4a15c', GL: '14n', GR: '7n16c', GT: '24c',
  HN: '4a20n', HR: '17n', HU: '24n', IE: '4a14n', IL: '19n', IQ: '4a15n', IS: '22n', IT: '1a10n12c', JO: '4a4n18c', KW: '4a22c', KZ: '3n13c', LB: '4n20c', LC: '4a24c', LI: '5n12c', LT: '16n', LU: '3n13c',
  LV: '4a13c', LY: '21n', MC: '10n11c2n', MD: '20c', ME: '18n', MK: '3n10c2n', MN: '16n', MR: '23n', MT: '4a5n18c', MU: '4a19n3a', NI: '4a20n', NL: '4a10n', NO: '11n', OM: '3n16c', PK: '4a16c', PL: '24n',
  PS: '4a21c', PT: '21n', QA: '4a21c', RO: '4a16c', RS: '18n', RU: '14n15c', SA: '2n18c', SC: '4a20n3a', SD: '14n', SE: '20n', SI: '15n', SK: '20n', SM: '1a10n12c', SO: '19n', ST: '21n', SV: '4a20n', TL: '19n',
  TN: '20n', TR: '5n17c', UA: '6n19c', VA: '18n', VG: '4a16n', XK: '16n', YE: '4a4n18c',
};

const KINDS: Readonly<Record<string, string>> = { n: '[0-9]', a: '[A-Z]', c: '[0-9A-Z]' };

interface Shape {
  readonly length: number;
  readonly pattern: RegExp;
}

const SHAPES: ReadonlyMap<string, Shape> = new Map(Object.entries(STRUCTURES).map(([country, structure]) => {
  const parts = Array.from(structure.matchAll(/(\d+)([nac])/g), ([, count = '', kind = '']) => ({ count: Number(count), kind: KINDS[kind] ?? '' }));
  return [country, { length: 4 + parts.reduce((sum, { count }) => sum + count, 0), pattern: new RegExp(`^[A-Z]{2}[0-9]{2}${parts.map(({ count, kind }) => `${kind}{${count}}`).join('')}$`) }];
}));

/** Letters as 10 to 35, the first four signs behind the others: modulo 97 leaves 1. */
function passesMod97(iban: string): boolean {
  const turned = `${iban.slice(4)}${iban.slice(0, 4)}`;
  return remainder(Array.from(turned, (c) => (c >= 'A' ? String(c.charCodeAt(0) - 55) : c)).join(''), 97) === 1;
}

function isSeparator(code: number): boolean {
  return code === 32 || code === 45;
}

/** Where `length` letters and digits from `start` on end, single separators between them left out of the count. */
function endOfSigns(text: string, start: number, length: number): number | undefined {
  for (let i = start, signs = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (isWord(code)) {
      if (++signs === length) return i + 1;
    } else if (!isSeparator(code) || isSeparator(text.charCodeAt(i - 1))) return undefined;
  }
  return undefined;
}

/** An account number of a country that has them, as long as that country's are: the pattern finds how it begins. */
export const iban: Validator = (text: string, span: Span): Span | undefined => {
  const shape = SHAPES.get(text.slice(span.start, span.start + 2).toUpperCase());
  const end = shape === undefined ? undefined : endOfSigns(text, span.start, shape.length);
  if (shape === undefined || end === undefined || isWord(text.charCodeAt(end))) return undefined;
  const written = text.slice(span.start, end);
  // Letters all large or all small: a mixture is a key.
  if (written !== written.toUpperCase() && written !== written.toLowerCase()) return undefined;
  const signs = written.replaceAll(/[ -]/g, '').toUpperCase();
  const found = { start: span.start, end };
  return shape.pattern.test(signs) && passesMod97(signs) && standsAlone(text, found) ? found : undefined;
};
