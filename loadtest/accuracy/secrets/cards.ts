import type { Random } from '../../../contracts/seeded-random.ts';
import type { Text } from './text.ts';

/** First digits and length of cards as the schemes publish them. */
const KINDS: readonly (readonly [string, number])[] = [
  ['4', 16], ['4', 16], ['4', 19], ['51', 16], ['52', 16], ['53', 16], ['54', 16], ['55', 16], ['2221', 16], ['2300', 16], ['2720', 16], ['34', 15], ['37', 15], ['300', 14], ['305', 14], ['36', 14], ['38', 14], ['36', 16], ['3528', 16], ['3589', 16], ['3566', 16],
  ['6011', 16], ['644', 16], ['649', 16], ['65', 16], ['62', 16], ['62', 17], ['62', 18], ['62', 19], ['8171', 16], ['60', 16], ['508', 16], ['82', 16], ['2200', 16], ['2204', 16], ['504175', 16], ['5067', 16], ['509', 16], ['636297', 16], ['9792', 16],
  ['5018', 16], ['5020', 16], ['5038', 16], ['6304', 16], ['6759', 16], ['6761', 16], ['6763', 18], ['6759', 19], ['5018', 19], ['56', 16], ['5019', 16], ['5060', 16], ['606282', 16], ['8600', 16], ['9860', 16],
];

function checkDigit(body: string): number {
  const doubled = Array.from(body).toReversed().map((digit, i) => (i % 2 === 0 ? [0, 2, 4, 6, 8, 1, 3, 5, 7, 9][Number(digit)] ?? 0 : Number(digit)));
  return (10 - (doubled.reduce((sum, digit) => sum + digit, 0) % 10)) % 10;
}

/** Digits that begin so, closed by Luhn's digit or, when `wrong`, by another. */
export function closedNumber(random: Random, prefix: string, length: number, wrong = false): string {
  const body = `${prefix}${random.digits(length - prefix.length - 1)}`;
  return `${body}${(checkDigit(body) + (wrong ? random.between(1, 9) : 0)) % 10}`;
}

function grouped(digits: string, sizes: readonly number[], separator: string): string {
  const parts: string[] = [];
  let from = 0;
  for (const size of sizes) {
    parts.push(digits.slice(from, from + size));
    from += size;
  }
  return parts.filter((part) => part !== '').join(separator);
}

/** As people write a card. */
function spelled(random: Random, digits: string): string {
  const separator = random.pick(['', '', ' ', ' ', '-', '.']);
  const sizes = digits.length === 15 ? [4, 6, 5] : digits.length === 14 ? [4, 6, 4] : digits.length === 19 && random.chance(0.3) ? [6, 13] : [4, 4, 4, 4, 3];
  return grouped(digits, sizes, separator);
}

const SENTENCES: readonly ((card: string, random: Random) => string)[] = [
  (card) => card, (card) => `my card is ${card}`, (card) => `Please charge ${card}.`, (card, r) => `${card} ${String(r.between(1, 12)).padStart(2, '0')}/${r.between(26, 32)}`, (card, r) => `Card number: ${card}, CVV ${r.digits(3)}`, (card, r) => `${card}|${String(r.between(1, 12)).padStart(2, '0')}|20${r.between(26, 32)}|${r.digits(3)}`,
  (card) => `{"number":"${card}","type":"visa"}`, (card) => `<cardNumber>${card}</cardNumber>`, (card) => `Kreditkarte ${card} bitte belasten`, (card) => `carte bancaire : ${card}`, (card) => `(${card})`, (card) => `"${card}"`, (card) => `PAN=${card};`, (card) => `They paid with ${card} on Friday, refund it`, (card) => `cc:${card}`, (card) => `order 4711 was paid by card ${card}`,
];

/** Texts with a card, by the field they stand in. */
export function cardTexts(random: Random, count: number): readonly Text[] {
  return Array.from({ length: count }, () => {
    const [prefix, length] = random.pick(KINDS);
    const card = spelled(random, closedNumber(random, prefix, length));
    const text = random.pick(SENTENCES)(card, random);
    return random.pick<() => Text>([
      () => ({ field: random.pick(['message', 'ai.prompt', 'woocommerce.order.note', 'email.body', 'http.request.body.content', 'wordpress.form.message']), text }),
      () => ({ field: 'url.query', text: `${random.pick(['cardnumber', 'card', 'pan', 'number', 'ccnum', 's', 'note'])}=${encodeURIComponent(card)}&step=2` }),
      () => ({ field: 'http.request.body.content', text: `billing_first_name=Jane&card_number=${card.replaceAll(' ', '+')}&card_expiry=12%2F27` }),
    ])();
  });
}
