import type { Random } from '../../../contracts/seeded-random.ts';
import { closedNumber } from './cards.ts';
import type { Text } from './text.ts';

const NOW_S = 1_795_000_000;

/** Numbers of shops that are as long as cards, some of which pass Luhn and begin like one. */
export function cardLookAlikes(random: Random, count: number): readonly Text[] {
  const { below, between, digits, pick } = random;
  const hex = (n: number): string => Array.from({ length: n }, () => pick(Array.from('0123456789abcdef'))).join('');
  const seconds = (): number => NOW_S + below(10_000_000);
  const issuer = (): string => pick(['4', '51', '55', '2221', '34', '37', '36', '6011', '65', '62', '5018', '6759', '35']);
  const gtin = (n: number): string => `${between(1, 9)}${digits(n - 1)}`;
  const note = (text: string): Text => ({ field: pick(['message', 'woocommerce.order.note', 'ai.prompt', 'email.body']), text });
  const makers: readonly (() => Text)[] = [
    () => ({ field: 'woocommerce.order.id', text: closedNumber(random, issuer(), 16) }),
    () => ({ field: pick(['product.sku', 'shipment.tracking_number', 'device.imei', 'item.gtin', 'order.order_key', 'payment.id']), text: closedNumber(random, issuer(), 16) }),
    () => note(`tracking number: ${closedNumber(random, issuer(), 16)}`), () => note(`Order #${closedNumber(random, issuer(), 16)} shipped`), () => note(`order_id=${closedNumber(random, issuer(), 16)}`), () => note(`IMEI ${closedNumber(random, pick(['35', '86', '01', '49']), 15)}`),
    () => note(`shipped by USPS 9400 1${digits(3)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(2)}`), () => note(`USPS 9${digits(21)}`), () => note(`UPS 1Z${digits(16)}`), () => note(`DHL ${digits(10)}`), () => note(`FedEx ${digits(12)}`), () => note(`FedEx ${digits(15)}`), () => note(`parcel ${digits(20)}`),
    () => note(`EAN ${gtin(13)}`), () => note(`gtin: ${gtin(14)}`), () => note(`ISBN 978-${digits(1)}-${digits(4)}-${digits(4)}-${digits(1)}`), () => note(`${seconds()}${digits(3)}`), () => note(`at ${seconds()}${digits(6)} us`), () => note(`ts=${seconds()}${digits(9)}`), () => note(`from ${seconds()}${digits(3)} to ${seconds()}${digits(3)}`),
    () => note(`2026${String(between(1, 12)).padStart(2, '0')}${String(between(1, 28)).padStart(2, '0')}${String(below(24)).padStart(2, '0')}${digits(2)}${digits(2)}`), () => note(`card ${closedNumber(random, issuer(), 16, true)}`), () => note(`${closedNumber(random, '4', 16, true).replaceAll(/(\d{4})(?=\d)/g, '$1 ')}`),
    () => note(`411111******${digits(4)}`), () => note(`**** **** **** ${digits(4)}`), () => note(`Visa ending in ${digits(4)}, exp 12/27`), () => note(`tok_${digits(24)}`), () => note(`pi_3${digits(20)}_secret_${digits(20)}`), () => note(`${hex(8)}-${digits(4)}-4${digits(3)}-8${digits(3)}-${digits(12)}`), () => note(hex(32)), () => note(`0.${closedNumber(random, '4', 16)}`), () => note(`wc_order_${closedNumber(random, '4', 16)}`),
    () => note(`_fbp=fb.1.${seconds()}${digits(3)}.${closedNumber(random, '4', 16)}`), () => note(`_ga=GA1.2.${digits(10)}.${seconds()}`), () => note(`+49 ${digits(3)} ${digits(4)} ${digits(4)}`), () => note(`${digits(3)}-${digits(4)}, ${digits(3)}-${digits(4)}, ${digits(3)}-${digits(4)}`), () => note(`48.${digits(14)}, 11.${digits(14)}`), () => note(`192.0.2.${below(256)} 198.51.100.${below(256)} 203.0.113.${below(256)}`),
    () => note(`price 1${digits(3)}.${digits(2)} 2${digits(3)}.${digits(2)} 3${digits(3)}.${digits(2)}`), () => note(`4${digits(3)} 12 ${digits(5)} 7 ${digits(4)} 33`), () => note(`v4.${digits(4)}.${digits(4)}.${digits(4)}`), () => note(`#${digits(6)}, #${digits(6)}, #${digits(6)}`), () => note(`utm_id=${digits(17)}&campaign id ${closedNumber(random, '6', 17)}`), () => ({ field: 'url.query', text: `_=${seconds()}${digits(3)}&ver=${digits(16)}` }), () => ({ field: 'url.path', text: `/checkout/order-received/${digits(6)}/` }),
    () => note(`ICCID 89${digits(17)}`), () => note(`invoice ${closedNumber(random, issuer(), 16)}`), () => note(`ticket id: ${closedNumber(random, issuer(), 16)}`), () => note(`IBAN DE${digits(2)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(4)} ${digits(2)}`), () => note(`Order ${digits(5)} of 2026-11-${between(10, 28)} 12:${between(10, 59)}`), () => note(`batch 20261121-${digits(4)}-${digits(4)}-${digits(4)}`),
  ];
  return Array.from({ length: count }, () => pick(makers)());
}
