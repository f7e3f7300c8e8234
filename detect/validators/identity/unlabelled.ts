import type { Span, Validator } from '../span.ts';

/** What a number is called that is no person's, where nothing more is said. */
const THING = 'order|bestellung|bestell|commande|pedido|ordine|zamowienie|invoice|rechnungs?|facture|factura|receipt|quote|tracking|track|parcel|package|shipment|shipping|sendungs?|consignment|awb|ups|usps|fedex|dhl|gls|dpd|sku|mpn|asin|ean|gtin|upc|isbn|barcode|imei|serial|part|item|product|article|artikel|model|lot|batch|reference|ref|ticket|case|issue|incident|transaction|txn|trace|span|request|session|nonce|hash|checksum|digest|sha|md5|etag|commit|build|revision|rev|version|ver|timestamp|time|epoch|expires|page|attachment|variation|coupon|cart|cache|bytes|size|length|offset|port|pid|lat|lon|lng|latitude|longitude|price|total|amount|gclid|fbclid|utm|card|account|konto|contract|policy';
/** What has an id or a number of its own that is no person's, where that is said. */
const HOLDER = 'user|customer|client|member|visitor|device|campaign|group|object|entity|term|menu|blog|site|job|queue|task|message|mail|comment|review|category|tag|store|vendor|shop|plugin|theme|payment|charge|refund|subscription|plan|intent|post|event|form|entry|row|record|parent|external|internal';
const NUMBER = '(?:[ _-]?(?:ids?|no|nr|num|number|nummer|numero|code|key|ref))';
const LABEL = new RegExp(`(?<![a-z])(?:(?:${THING})${NUMBER}{0,2}|(?:${HOLDER})${NUMBER})(?: is| was| ist)?["']?[ .]?[=:#]?[ ]?["'#(]?$`, 'i');
const NAME = new RegExp(`^(?:.*[^a-z])?(?:(?:${THING})${NUMBER}?|(?:${HOLDER})${NUMBER})$`, 'i');
/** A parameter of few letters that pages use for ids, times and versions; a sign of money. */
const SIGN = /(?:[?&](?:_|[a-z]{0,2}id|ts?|v|p|rnd|cb)=|#|\$ ?|\u20ac ?|\u00a3 ?)$/i;
const UNITS_BEFORE = 40;

/** Whether the text right before a place calls what follows something that is no person's number. */
export function isLabelledOtherwise(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - UNITS_BEFORE), start);
  if (SIGN.test(before)) return true;
  // As a form writes it.
  return LABEL.test(before.includes('+') || before.includes('%') ? before.replaceAll(/\+|%20/g, ' ').replaceAll(/%3[AD]/gi, ':').replaceAll('%23', '#') : before);
}

const MOST_REMEMBERED = 1024;
const named = new Map<string, boolean>();

/** Whether the name of a field calls its value so. */
function isNamedOtherwise(field: string): boolean {
  let otherwise = named.get(field);
  if (otherwise === undefined) {
    otherwise = NAME.test(field.slice(field.lastIndexOf('.') + 1));
    if (named.size < MOST_REMEMBERED) named.set(field, otherwise);
  }
  return otherwise;
}

/** A number that is not called an order's, a parcel's, a product's, a time, a trace or the like. */
export const unlabelled: Validator = (text: string, span: Span, field: string): Span | undefined => (isLabelledOtherwise(text, span.start) || isNamedOtherwise(field) ? undefined : span);
