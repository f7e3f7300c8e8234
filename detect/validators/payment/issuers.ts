import { passesLuhn } from '../luhn.ts';

/** Card numbers of an issuer: how they begin and how long they are. */
interface Issuer {
  readonly name: string;
  readonly prefix: RegExp;
  readonly lengths: readonly number[];
}

/** Issuer ranges of ISO/IEC 7812 as the card schemes publish them. */
export const ISSUERS: readonly Issuer[] = [
  { name: 'Visa', prefix: /^4/, lengths: [13, 16, 19] },
  { name: 'Mastercard', prefix: /^(?:5[1-5]|222[1-9]|22[3-9]|2[3-6]|27[01]|2720)/, lengths: [16] },
  { name: 'American Express', prefix: /^3[47]/, lengths: [15] },
  { name: 'Diners Club', prefix: /^3(?:0[0-5]|095|[689])/, lengths: [14, 16, 19] },
  { name: 'JCB', prefix: /^35(?:2[89]|[3-8])/, lengths: [16, 17, 18, 19] },
  { name: 'Discover', prefix: /^(?:6011|64[4-9]|65)/, lengths: [16, 19] },
  { name: 'UnionPay', prefix: /^(?:62|81)/, lengths: [16, 17, 18, 19] },
  { name: 'RuPay', prefix: /^(?:60|65|81|82|508|35[36])/, lengths: [16] },
  { name: 'Mir', prefix: /^220[0-5]/, lengths: [16, 17, 18, 19] },
  { name: 'Elo', prefix: /^(?:504175|5066|5067|509|627780|636297|636368)/, lengths: [16] },
  { name: 'Verve', prefix: /^(?:506[01]|5078|5079|6500)/, lengths: [16, 18, 19] },
  { name: 'Hipercard', prefix: /^(?:606282|384)/, lengths: [16, 19] },
  { name: 'Troy', prefix: /^9792/, lengths: [16] },
  { name: 'Uzcard, Humo', prefix: /^(?:8600|9860|5614)/, lengths: [16] },
  { name: 'Dankort', prefix: /^5019/, lengths: [16] },
  { name: 'InstaPayment', prefix: /^63[7-9]/, lengths: [16] },
  { name: 'Maestro', prefix: /^(?:50(?:18|20|38)|5[6-8]|6304|6759|676[1-3]|6390|67)/, lengths: [12, 13, 14, 15, 16, 17, 18, 19] },
];

/** Whether an issuer can have given out a card of this number. */
export function isCardNumber(digits: string): boolean {
  return ISSUERS.some(({ prefix, lengths }) => lengths.includes(digits.length) && prefix.test(digits)) && passesLuhn(digits) && new Set(digits).size > 1;
}
