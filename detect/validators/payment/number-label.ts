/** What a number is that stands right behind such a word: not a card. */
const OTHER = '(?:order|bestell(?:ung|nummer)?|invoice|rechnung|tracking|track|trace|parcel|paket|shipment|sendung|shipping|delivery|awb|waybill|consignment|carrier|fedex|ups|usps|dhl|imei|meid|iccid|sim|serial|s/?n|sku|ean|upc|gtin|isbn|barcode|asin|mpn|item|product|variation|menu|term|ticket|correlation|batch|lot|job|task|queue|build|commit|version|ver|rev|hash|checksum|nonce|seed|timestamp|time|ts|epoch|micros|nanos|since|until|expires|utm|gclid|fbclid|fbp|fbc|ga|gid|cid|uid|pid|sid|rid|tid|oid|vid|session|visitor|subscription|coupon|voucher|gift ?card|campaign|ad|adset|pixel|phone|tel|mobile|fax|whatsapp|vat|tax|eori|duns|siret|patient|mrn|npi|bytes|size|length|count|offset|width|height|port|lat|lng|lon|ref|reference|id|ids)';

const ATTACHED = new RegExp(`(?<![a-z])${OTHER}(?:[ _-]?(?:number|num|nummer|no|nr|id|ids|code|ref|reference|value|key|label|is|was))*["'\\])]{0,2}[\\s.:=#>("'\\[_-]{1,6}$`, 'i');
/** Units before the number that are looked at. */
const WINDOW_UNITS = 48;

/** Camel case is words, as underscores part them. */
function spaced(text: string): string {
  return text.replaceAll(/([a-z])([A-Z])/g, '$1 $2');
}

/** Whether the words right before a number say that it is something else than a card: an order, a parcel, a device, a time. */
export function labelledOtherwise(text: string, start: number): boolean {
  const before = text.slice(Math.max(0, start - WINDOW_UNITS), start);
  return ATTACHED.test(before) || ATTACHED.test(spaced(before));
}
