import { createRequire } from 'node:module';
import type * as core from 'libphonenumber-js/core';
import { standsAlone } from '../national/identifier.ts';
import { isWord } from '../span.ts';
import type { Span, Validator } from '../span.ts';
import { isLabelledOtherwise } from './unlabelled.ts';

type Core = typeof core;
type Region = Extract<Parameters<Core['parsePhoneNumberFromString']>[1], string>;

/** Whose national form is tried where a word or a field says that it is a phone number; those with nine digits or more, for fewer are also dates. */
const REGIONS: readonly Region[] = [
  'US', 'GB', 'DE', 'FR', 'ES', 'IT', 'NL', 'PL', 'BE', 'SE', 'AT', 'CH', 'IE', 'PT', 'CZ', 'FI', 'RO', 'HU', 'GR', 'AU', 'NZ', 'IN', 'BR', 'MX', 'JP', 'CN', 'KR', 'TR', 'PH', 'IL', 'ZA', 'NG', 'TH',
];
const LEAST_NATIONAL_DIGITS = 9;
const LEAST_INTERNATIONAL_DIGITS = 8;

const require = createRequire(import.meta.url);

interface Plan {
  readonly region: Region;
  /** What a number without separators must look like: hundred times cheaper than to parse it. */
  readonly national: RegExp;
}

interface Library {
  isNumber(digits: string, region?: Region): boolean;
  readonly plans: readonly Plan[];
}

let loaded: Library | undefined;

/** Loaded when the first number is seen: it takes 40 ms that no start should pay. */
function library(): Library {
  if (loaded !== undefined) return loaded;
  // The types that the package states of its entry and its metadata.
  const { Metadata, parsePhoneNumberFromString } = require('libphonenumber-js/core') as Core;
  const metadata = require('libphonenumber-js/metadata.max.json') as ConstructorParameters<Core['Metadata']>[0];
  const plans = REGIONS.map((region) => {
    const country = new Metadata(metadata);
    country.selectNumberingPlan(region);
    // The package's types leave the numbering plan's own patterns out.
    const { numberingPlan } = country as unknown as { readonly numberingPlan: { nationalNumberPattern(): string; nationalPrefixForParsing(): string | undefined } };
    return { region, national: new RegExp(`^(?:${numberingPlan.nationalPrefixForParsing() ?? ''})?(?:${numberingPlan.nationalNumberPattern()})$`) };
  });
  loaded = { plans, isNumber: (digits, region) => (region === undefined ? parsePhoneNumberFromString(digits, metadata) : parsePhoneNumberFromString(digits, region, metadata))?.isValid() === true };
  return loaded;
}

function digitsOf(text: string): string {
  return text.replaceAll(/[^0-9]/g, '');
}

function isInternational(text: string): boolean {
  const digits = digitsOf(text.replace('(0)', '')).replace(/^00/, '');
  return digits.length >= LEAST_INTERNATIONAL_DIGITS && library().isNumber(`+${digits}`);
}

function isNational(digits: string): boolean {
  if (digits.startsWith('00')) return isInternational(digits);
  const { plans, isNumber } = library();
  return plans.some(({ region, national }) => national.test(digits) && isNumber(digits, region));
}

/** The longest beginning of a found number, cut at its separators, that is one: another number may follow. */
function longest(text: string, { start, end }: Span, isNumber: (part: string) => boolean): Span | undefined {
  for (let stop = end; stop > start; ) {
    if (!isWord(text.charCodeAt(stop)) && isNumber(text.slice(start, stop))) return { start, end: stop };
    const shorter = text.slice(start, stop).search(/[ ./()-]+\d+$/);
    if (shorter <= 0) return undefined;
    stop = start + shorter;
  }
  return undefined;
}

/** A number with + or 00 and a country's code, which the country's numbering plan has. */
export const phone: Validator = (text: string, span: Span): Span | undefined => {
  const before = text.charCodeAt(span.start - 1);
  if (isWord(before) || before === 43 || before === 37) return undefined;
  // One of a longer row of groups.
  if (text.charCodeAt(span.start) === 48 && /\d[ -]$/.test(text.slice(Math.max(0, span.start - 2), span.start))) return undefined;
  return longest(text, span, isInternational);
};

/** A price, a date, a time, an IP address, coordinates, one digit again and again. */
const NO_NUMBER = /^\d{4}-\d\d-\d\d|^\d\d?[./-]\d\d?[./-](?:19|20)\d\d|^\d{1,3}(?:\.\d{1,3}){3}$|^\d{1,3}\.\d{3,}$|^(\d)(?:[ .()/-]*\1)+$/;
/** A short group right before: then the number began there, and was none. */
const WITHIN_GROUPS = /(?<!\d)\d{1,6}[ ./()-]{1,3}$/;
const UNITS_OF_GROUP = 12;

/** A number in the form of one of the regions that are tried, in the words of which it is a phone number's. */
export const phoneNational: Validator = (text: string, span: Span): Span | undefined => {
  const found = text.slice(span.start, span.end);
  if (NO_NUMBER.test(found) || WITHIN_GROUPS.test(text.slice(Math.max(0, span.start - UNITS_OF_GROUP), span.start)) || isLabelledOtherwise(text, span.start)) return undefined;
  const number = longest(text, span, (part) => digitsOf(part).length >= LEAST_NATIONAL_DIGITS && isNational(digitsOf(part)));
  return number !== undefined && standsAlone(text, number) ? number : undefined;
};

/** The form with the area code in brackets, which nothing but a North American number has. */
export const phoneBracketed: Validator = (text: string, span: Span): Span | undefined => {
  if (isWord(text.charCodeAt(span.end))) return undefined;
  return library().isNumber(digitsOf(text.slice(span.start, span.end)), 'US') ? span : undefined;
};
