import type { Span, Validator } from '../span.ts';

/** A capitalised word of a name, also St. and d'Azur. */
const NAME = "\\p{Lu}[\\p{L}'\u2019.-]{0,24}";
const HOUSE = '\\d{1,5}(?: ?[A-Za-z])?(?:[-/]\\d{1,4})?';
const ENGLISH = '(?:Street|St|Avenue|Ave|Road|Rd|Boulevard|Blvd|Lane|Ln|Drive|Dr|Court|Ct|Place|Square|Sq|Terrace|Parkway|Pkwy|Highway|Hwy|Close|Crescent|Gardens|Mews|Way)\\b\\.?';
const GERMANIC = '(?:stra\u00dfe|strasse|str\\.|weg|platz|allee|gasse|damm|ufer|chaussee|laan|straat|plein|gracht|kade|dijk|singel)';
const ROMANCE_FIRST = '(?:rue|Rue|avenue|Avenue|boulevard|Boulevard|place|Place|chemin|Chemin|all\u00e9e|All\u00e9e|quai|Quai)';
const ROMANCE = '(?:Calle|calle|C/|Avenida|avenida|Plaza|plaza|Paseo|paseo|Carrer|Via|via|Viale|viale|Piazza|piazza|Corso|corso|Largo|Rua|rua)';
const JOINED = "(?:d[ue]s?|de la|de l['\u2019]|d['\u2019]|d[ei]|del|della|dei|delle) ?";

const STREET = [
  `${HOUSE},? (?:[NSEW]\\.? )?(?:${NAME} ){1,4}${ENGLISH}`,
  `(?:${NAME} ){0,2}(?:\\p{Lu}[\\p{L}-]{1,24}${GERMANIC}|(?:${NAME} )?(?:Stra\u00dfe|Strasse|Str\\.|Weg|Platz|Allee|Gasse|Damm|Ufer)) ${HOUSE}`,
  `\\d{1,4}(?: ?bis| ?ter)?,? ${ROMANCE_FIRST} (?:${JOINED})?(?:${NAME} ?){1,4}`,
  `${ROMANCE} (?:${JOINED})?(?:${NAME} ){0,3}${NAME},? (?:n\\.?[\u00ba\u00b0]? ?)?${HOUSE}`,
].map((form) => `(?:${form})`).join('|');

/** Postcode and town, or town and postcode, as the countries of these streets write them. */
const TOWN = `(?:${NAME},? ){0,3}(?:[A-Z]{1,2}\\d[0-9A-Z]? ?\\d[A-Z]{2}|[A-Z]{2},? \\d{5}(?:-\\d{4})?|(?:[A-Z]{1,2}-)?\\d{4,5}(?: [A-Z]{2})? \\p{Lu}\\p{L}{1,24})`;
const UNIT = '(?:,? (?:Apt|Apartment|Flat|Suite|Unit|#)\\.? ?[0-9A-Z]{1,5})?';

const UNITS_AROUND = 72;

/** A form of words that holds a part of the span, read in the text around it. */
function around(form: RegExp): Validator {
  return (text, span): Span | undefined => {
    const from = Math.max(0, span.start - UNITS_AROUND);
    for (const match of text.slice(from, span.end + UNITS_AROUND).matchAll(form)) {
      const start = from + match.index;
      const end = start + match[0].length;
      if (start < span.end && end > span.start) return { start, end };
    }
    return undefined;
  };
}

/** House number and street. */
export const street: Validator = around(new RegExp(`(?<![\\p{L}\\d])(?:${STREET})(?![\\p{L}\\d])`, 'gu'));

/** House number, street, postcode and town. */
export const postalAddress: Validator = around(new RegExp(`(?<![\\p{L}\\d])(?:${STREET})${UNIT}[,\\n]? {0,2}${TOWN}(?![\\p{L}\\d])`, 'gu'));
