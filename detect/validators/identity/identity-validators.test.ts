import { describe, expect, test } from 'vitest';
import { IDENTITY_VALIDATORS } from './identity-validators.ts';

/** What the validator takes of the part between « and ». */
function taken(name: string, marked: string, field = 'message'): string | undefined {
  const [start, end] = [marked.indexOf('\u00ab'), marked.indexOf('\u00bb') - 1];
  const text = marked.replace('\u00ab', '').replace('\u00bb', '');
  const span = IDENTITY_VALIDATORS[name]?.(text, { start, end }, field);
  return span === undefined ? undefined : text.slice(span.start, span.end);
}

describe('a phone number', () => {
  test.each([
    ['\u00ab+49 30 1234567\u00bb', '+49 30 1234567'], ['\u00ab+44 (0)20 7123 4567\u00bb', '+44 (0)20 7123 4567'], ['\u00ab0049 30 1234567\u00bb', '0049 30 1234567'], ['\u00ab+1 415 555 0132 2026\u00bb', '+1 415 555 0132'],
    ['\u00ab+1 415 555\u00bb', undefined], ['\u00ab+999 1234567890\u00bb', undefined], ['1\u00ab+4915112345678\u00bb', undefined], ['SM86 \u00ab0032 2509 8000\u00bb', undefined],
  ])('in international form: of %s %s', (text, expected) => {
    expect(taken('phone', text)).toBe(expected);
  });

  test.each([
    ['\u00ab415-555-0132\u00bb', '415-555-0132'], ['\u00ab020 7946 0018\u00bb', '020 7946 0018'], ['\u00ab06 12 34 56 78\u00bb', '06 12 34 56 78'], ['\u00ab0049 30 1234567\u00bb', '0049 30 1234567'],
    ['\u00ab2026-11-21 100000\u00bb', undefined], ['\u00ab192.0.2.100\u00bb', undefined], ['order \u00ab4155550132\u00bb', undefined], ['\u00ab0000000000\u00bb', undefined], ['\u00ab52.520008123\u00bb', undefined], ['12 \u00ab4155550132\u00bb', undefined],
  ])('in national form: of %s %s', (text, expected) => {
    expect(taken('phone-national', text)).toBe(expected);
  });
});

describe('an IBAN', () => {
  // Examples of the registry (ISO 13616).
  test.each(['AL47212110090000000235698741', 'BR9700360305000010009795493P1', 'CR05015202001026284066', 'EG380019000500000000263180002', 'LC55HEMM000100010012001200023015', 'MT84MALT011000012345MTLCAST001S', 'MU17BOMM0101101030300200000MUR', 'NO9386011117947', 'SC18SSCB11010000000000001497USD', 'UA213223130000026007233566001', 'GB29 NWBK 6016 1331 9268 19', 'GB29-NWBK-6016-1331-9268-19'])('%s is one, found by how it begins', (number) => {
    expect(taken('iban', `x \u00ab${number.slice(0, 12)}\u00bb${number.slice(12)} y`)).toBe(number);
  });

  test.each(['GB29NWBK60161331926818', 'GB29NWBK6016133192681', 'GB291WBK60161331926819', 'GB29nwbk60161331926819', 'ZZ29NWBK60161331926819', 'GB29NWBK60161331926819A', 'GB29  NWBK60161331926819'])('%s is none', (number) => {
    expect(taken('iban', `\u00ab${number}\u00bb`)).toBeUndefined();
  });
});

describe('a date of birth', () => {
  test.each(['1980-02-03', '03.02.1980', '02/29/1980', '29/02/1980', '3 February 1980', 'Feb 3, 1980', '3. M\u00e4rz 1980', '3 de mayo de 1980', '19800203', '03.02.80'])('%s is one', (date) => {
    expect(taken('birth-date', `\u00ab${date}\u00bb`)).toBe(date);
  });

  test.each(['1981-02-29', '31.04.1980', '1780-01-01', '2099-01-01', '13/13/1980', '3 Foo 1980'])('%s is none', (date) => {
    expect(taken('birth-date', `\u00ab${date}\u00bb`)).toBeUndefined();
  });
});

describe('a postal address', () => {
  test.each(['221B Baker Street, London NW1 6XE', '742 Evergreen Terrace, Springfield, IL 62704', 'Hauptstra\u00dfe 12, 10115 Berlin', 'Berliner Str. 5a, D-10115 Berlin', '12 rue de la Paix, 75002 Paris', "3 avenue de l'Op\u00e9ra, 75001 Paris", 'Calle Mayor 5, 28013 Madrid', 'Via Garibaldi 1, 00184 Roma', 'Damstraat 12, 1012 JL Amsterdam'])('is read around its street: %s', (address) => {
    const at = address.search(/treet|errace|tra\u00dfe|tr\.|rue|venue|alle|ia |straat/);
    expect(taken('postal-address', `She lives at ${address.slice(0, at)}\u00ab${address.slice(at, at + 4)}\u00bb${address.slice(at + 4)}, since May.`)).toBe(address);
  });

  test.each(['ten Bake\u00abr Street\u00bb lamps', '10 Downin\u00abg Street\u00bb', '5 Fas\u00abt Drive\u00bb Bays, 3 Slots'])('is none without house, postcode and town: %s', (text) => {
    expect(taken('postal-address', text)).toBeUndefined();
  });

  test('is a street where less is asked for', () => {
    expect(taken('street', 'at 10 Downin\u00abg Street\u00bb now')).toBe('10 Downing Street');
  });
});

describe('a number called something else', () => {
  test.each(['order \u00ab44051401458\u00bb', 'Order number is \u00ab44051401458\u00bb', 'tracking=\u00ab44051401458\u00bb', '"sku":"\u00ab44051401458\u00bb"', '?_=\u00ab44051401458\u00bb', 'passport+holder%2C+item+\u00ab44051401458\u00bb', 'customer_id=\u00ab44051401458\u00bb', '#\u00ab44051401458\u00bb', '$\u00ab44051401458\u00bb'])('is refused: %s', (text) => {
    expect(taken('unlabelled', text)).toBeUndefined();
  });

  test.each(['\u00ab44051401458\u00bb', 'PESEL \u00ab44051401458\u00bb', 'my id is \u00ab44051401458\u00bb', '?q=\u00ab44051401458\u00bb', 'the border \u00ab44051401458\u00bb', 'dear customer \u00ab44051401458\u00bb'])('is taken otherwise: %s', (text) => {
    expect(taken('unlabelled', text)).toBe('44051401458');
  });

  test('is refused by the name of its field', () => {
    expect(taken('unlabelled', '\u00ab44051401458\u00bb', 'payment.transaction_id')).toBeUndefined();
    expect(taken('unlabelled', '\u00ab44051401458\u00bb', 'woocommerce.order.note')).toBe('44051401458');
  });
});

describe('papers', () => {
  test.each([
    ['passport-zone', 'L898902C3\u00ab6UTO7408122F1204159\u00bbZE184226B<<<<<10', 'L898902C36UTO7408122F1204159ZE184226B<<<<<10'],
    ['passport-zone', 'L898902C3\u00ab6UTO7408123F1204159\u00bbZE184226B<<<<<10', undefined],
    ['card-zone', '\u00ab7408122F1204159UTO\u00bb<<<<<<<<<<<6', '7408122F1204159UTO<<<<<<<<<<<6'],
    ['card-number-zone', 'I<UTO\u00abD231458907<<\u00bb<<<<<<<<<<<<<', 'I<UTOD231458907<<<<<<<<<<<<<<<'],
    ['passport-number', '\u00abC01X00T41\u00bb', 'C01X00T41'], ['passport-number', '\u00ab2026-11-21\u00bb', undefined], ['passport-number', '\u00abT356907\u00bb', undefined], ['licence-number', '\u00abB072RRE2I55\u00bb', 'B072RRE2I55'],
    ['licence-number', 'order \u00abB072RRE2I55\u00bb', undefined],
  ])('%s: of %s %s', (name, text, expected) => {
    expect(taken(name, text)).toBe(expected);
  });
});

describe('what fields hold', () => {
  test.each([['person-name', '\u00ab Jane Roe, \u00bb', 'Jane Roe'], ['person-name', '\u00abnull\u00bb', undefined], ['person-name', '\u00ab12345\u00bb', undefined], ['postal-part', '\u00ab10115\u00bb', '10115'], ['postal-part', '\u00ab192.0.2.1\u00bb', undefined], ['postal-part', '\u00ab-\u00bb', undefined]])('%s: of %s %s', (name, text, expected) => {
    expect(taken(name, text)).toBe(expected);
  });

  test.each([['\u00ab192.0.2.17\u00bb', '192.0.2.17'], ['\u00ab2001:db8::17\u00bb', '2001:db8::17'], ['\u00ab127.0.0.1\u00bb', undefined], ['\u00ab192.0.2.1\u00bb.5', undefined], ['\u00ab10:20:30\u00bb', undefined], ['v\u00ab192.0.2.17\u00bb', undefined]])('an IP address: of %s %s', (text, expected) => {
    expect(taken('ip-address', text)).toBe(expected);
  });
});
