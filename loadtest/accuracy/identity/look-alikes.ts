import type { Random } from '../../../contracts/seeded-random.ts';
import { luhnDigit, sumOf } from './check.ts';
import { signs, two } from './draw.ts';

const HEX = '0123456789abcdef';
const ALNUM = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const UPPER = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ';

function barcode(digits: string): string {
  const weights = Array.from(digits, (_, i) => ((digits.length - i) % 2 === 1 ? 3 : 1));
  return `${digits}${(10 - (sumOf(digits, weights) % 10)) % 10}`;
}

/** What a shop's logs hold that looks like an identifier and is nobody's, in the words it comes with. */
const LOOK_ALIKES: readonly ((random: Random) => string)[] = [
  (r) => `order ${r.digits(r.between(4, 11))}`,
  (r) => `Order #${r.digits(r.between(5, 10))} was paid`,
  (r) => `order number: ${r.digits(3)}-${r.digits(7)}-${r.digits(7)}`,
  (r) => `?key=wc_order_${r.digits(13)}`,
  (r) => `?key=wc_order_${signs(r, 13, ALNUM)}`,
  (r) => `invoice no. ${r.digits(r.between(6, 11))}`,
  (r) => `Rechnung ${r.between(2020, 2026)}-${r.digits(5)}`,
  (r) => `SKU ${signs(r, 3, UPPER)}-${r.digits(4)}-${signs(r, 2, UPPER)}`,
  (r) => `sku=${signs(r, 2, UPPER)}${r.digits(r.between(5, 8))}${signs(r, 1, UPPER)}`,
  (r) => `part ${r.digits(3)}-${r.digits(3)}-${r.digits(3)}`,
  (r) => `tracking 1Z${signs(r, 6, `${UPPER}0123456789`)}${r.digits(10)}`,
  (r) => `USPS ${r.pick(['94', '92', '93'])}${r.digits(r.pick([18, 20]))}`,
  (r) => `DHL ${r.digits(10)}`,
  (r) => `FedEx tracking number ${r.digits(12)}`,
  (r) => `?tracking=${r.digits(r.between(10, 14))}`,
  (r) => `${signs(r, 8, HEX)}-${signs(r, 4, HEX)}-4${signs(r, 3, HEX)}-a${signs(r, 3, HEX)}-${signs(r, 12, HEX)}`,
  (r) => `550e8400-e29b-41d4-a716-${r.digits(12)}`,
  (r) => `sha1 ${signs(r, 40, HEX)}`,
  (r) => signs(r, 64, HEX),
  (r) => `etag "${signs(r, 32, HEX)}"`,
  (r) => `?_=${1_700_000_000_000 + r.below(100_000_000_000)}`,
  (r) => `cached at ${1_600_000_000_000 + r.below(300_000_000_000)}`,
  (r) => `expires=${1_600_000_000 + r.below(300_000_000)}`,
  (r) => `seen ${1_600_000_000 + r.below(300_000_000)}.${r.digits(6)}`,
  (r) => `20${two(r.between(20, 26))}-${two(r.between(1, 12))}-${two(r.between(1, 28))}T${two(r.below(24))}:${two(r.below(60))}:${two(r.below(60))}.${r.digits(3)}Z`,
  (r) => `20${two(r.between(20, 26))}-${two(r.between(1, 12))}-${two(r.between(1, 28))} ${two(r.below(24))}:${two(r.below(60))}+01:00`,
  (r) => `backup-20${two(r.between(20, 26))}${two(r.between(1, 12))}${two(r.between(1, 28))}${two(r.below(24))}${two(r.below(60))}${two(r.below(60))}.zip`,
  (r) => `export-20${two(r.between(20, 26))}${two(r.between(1, 12))}${two(r.between(1, 28))}-${r.digits(4)}.csv`,
  (r) => `version ${r.between(1, 20)}.${r.below(30)}.${r.below(9000)}`,
  (r) => `Chrome/${r.between(100, 140)}.0.${r.between(1000, 9999)}.${r.between(10, 300)} Safari/537.36`,
  (r) => `ticket ${r.digits(3)}-${r.digits(3)}-${r.digits(4)}`,
  (r) => `case ${r.digits(2)}-${r.digits(7)}`,
  (r) => `EUR ${r.between(1, 999)}.${r.digits(3)},${r.digits(2)}`,
  (r) => `$${r.between(1, 99)},${r.digits(3)},${r.digits(3)}.${r.digits(2)}`,
  (r) => `EAN ${barcode(`4${r.digits(11)}`)}`,
  (r) => `gtin: ${barcode(r.digits(13))}`,
  (r) => `upc=${barcode(r.digits(11))}`,
  (r) => `Lamp ${barcode(`${r.between(2, 9)}${r.digits(11)}`)} in stock`,
  (r) => `imei ${`35${r.digits(12)}`}${luhnDigit(`35${r.digits(12)}`)}`,
  (r) => `${r.between(-89, 89)}.${r.digits(6)}, ${r.between(-179, 179)}.${r.digits(6)}`,
  (r) => `lat=${r.between(10, 80)}.${r.digits(8)}&lon=${r.between(10, 80)}.${r.digits(8)}`,
  (r) => `from 192.0.2.${r.below(256)}:${r.between(1024, 65_535)}`,
  (r) => `2001:db8::${signs(r, 4, HEX)}:${r.digits(4)}`,
  (r) => `color: #${signs(r, 6, HEX)}`,
  (r) => `_wpnonce=${signs(r, 10, HEX)}`,
  (r) => `gclid=${signs(r, 80, `${ALNUM}_-`)}`,
  (r) => `fbclid=IwAR${signs(r, 56, `${ALNUM}_-`)}`,
  (r) => `utm_id=${r.digits(r.between(10, 14))}`,
  (r) => `photo-${r.digits(4)}x${r.digits(4)}@2x.${r.pick(['png', 'webp', 'jpg'])}`,
  (r) => `${r.pick(['vue', 'lodash', '@types/node', 'react-dom'])}@${r.between(1, 20)}.${r.below(20)}.${r.below(20)}`,
  (r) => `git@github.com:shop/theme-${r.below(99)}.git`,
  (r) => `Message-ID: <${r.digits(14)}.${signs(r, 8, HEX)}@mail.shop.example>`,
  (r) => `https://${signs(r, 32, HEX)}@o${r.digits(6)}.ingest.example/${r.digits(7)}`,
  (r) => `https://social.example/@jane.doe${r.below(99)}`,
  (r) => `post_id=${r.digits(r.between(3, 11))}`,
  (r) => `took ${r.digits(2)}.${r.digits(9)} s, ${r.digits(8)} bytes`,
  (r) => `size ${r.digits(2)} x ${r.digits(3)} x ${r.digits(3)} mm`,
  (r) => `phone case for model SM-${signs(r, 1, UPPER)}${r.digits(4)}`,
  (r) => `born to run ${r.digits(4)}, a film of ${r.between(1950, 2020)}`,
  (r) => `${r.between(10, 99)} Street lamps, ${r.between(2, 9)} Garden chairs`,
  (r) => `passport holder, item ${r.digits(8)}`,
  (r) => `session ${signs(r, 26, ALNUM)}`,
  (r) => `transaction ${r.digits(11)}`,
  (r) => `reference: ${signs(r, 2, UPPER)}${r.digits(2)}${signs(r, 18, `${UPPER}0123456789`)}`,
  (r) => `lot ${signs(r, 1, UPPER)}${r.digits(7)}${signs(r, 1, UPPER)}`,
  (r) => `/product/${r.digits(11)}/`,
];

export function drawLookAlike(random: Random): string {
  return random.pick(LOOK_ALIKES)(random);
}
