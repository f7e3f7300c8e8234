import { isDigit, isWord } from '../span.ts';
import type { Span, Validator } from '../span.ts';
import { unmaskedAround } from './around.ts';

const LOOK_BACK_UNITS = 48;
/** Words between a label and its value. */
const LINK = /(?:^|[^a-z])(?:is|was|no|nr|number|num|id|ids|of|the|code|codes|a|an|ist|lautet|nummer|identifier|card|card no|value|my|your|his|her|their|and|or|und)$/i;
/** Labels of other numbers: what stands behind one of them is no record number. */
const OTHER = /(?:^|[^a-z])(?:order|orders|invoice|tracking|shipment|parcel|phone|tel|telephone|fax|mobile|cell|call|calls|date|dob|born|zip|postcode|plz|room|age|aged|version|release|v|rev|sku|skus|model|part|parts|item|items|product|article|artikel|ticket|po|price|total|amount|usd|eur|gbp|cost|costs|on|at|since|in|from|until|by|page|line|ext|build|port|size|bestellung|bestellnummer|rechnung|telefon|datum|zimmer|coupon|gtin|ean|asin|isbn|upc|serial|lot|batch|fig|figure|table|section|width|height|weight|year|type|grade|gate|seat|row|flight|highway|route|vitamin|omega)$/i;

/** The words before a value, nearest last, without what merely leads from a label to its value. */
function labelBefore(text: string, start: number): string {
  let label = text.slice(Math.max(0, start - LOOK_BACK_UNITS), start);
  for (let i = 0; i < 4; i++) {
    label = label.replace(/[^\p{L}\p{N}]+$/u, '');
    const link = LINK.exec(label);
    if (link === null) break;
    label = label.slice(0, link.index);
  }
  return label;
}

/** Refuses a value that another label claims ("SKU E11.9", "order no. 4711"). */
export const notOtherwiseLabelled: Validator = (text, span) => (OTHER.test(labelBefore(text, span.start)) ? undefined : span);

/** Stands for itself: no part of a longer number, word, address, decimal or hyphenated code. */
export const standsAlone: Validator = (text, { start, end }) => {
  const before = text.charCodeAt(start - 1);
  const behind = text.charCodeAt(end);
  if (isWord(before) || isWord(behind) || text[end] === '@' || text[start - 1] === '@') return undefined;
  const joint = text[start - 1];
  if ((joint === '-' || joint === '.') && isDigit(text.charCodeAt(start - 2))) return undefined;
  return (text[end] === '-' || text[end] === '.' || text[end] === ':') && isDigit(text.charCodeAt(end + 1)) ? undefined : { start, end };
};

const DATE = /^(?:\d{4}-\d{1,2}-\d{1,2}|\d{1,2}-\d{1,2}-\d{4})$/;
const LEAST_DIGITS = 4;

/** A record or member number of no published shape: enough digits, no date. */
export const recordNumber: Validator = (text: string, { start, end }: Span): Span | undefined => {
  const found = text.slice(start, end);
  if (DATE.test(found) || found.replaceAll(/\D/g, '').length < LEAST_DIGITS || text[end] === '%') return undefined;
  return { start, end };
};

/** Words that tell a health insurer's member from a club's. */
const INSURER = /\b(?:insur\w*|versicher\w*|health ?plan|payer|coverage|copay|deductible|subscriber|rx ?bin|rx ?pcn|rx ?grp|rx ?group|medicare|medicaid|aetna|cigna|humana|anthem|blue ?cross|blue ?shield|bcbs\w*|united ?health\w*|kaiser|molina|centene|ambetter|tricare|krankenkasse|aok|barmer|techniker|hmo|ppo|eob|policyholder|patient)\b/i;
const INSURER_UNITS = 140;

export const healthInsurer: Validator = (text, span, field) => (INSURER.test(unmaskedAround(text, span, INSURER_UNITS, INSURER_UNITS).join(' ')) || INSURER.test(field.replaceAll(/[_.]/g, ' ')) ? span : undefined);
