import type { Validator } from '../span.ts';
import * as americas from './americas.ts';
import * as asiaPacific from './asia-pacific.ts';
import * as benelux from './benelux.ts';
import * as britain from './britain-ireland.ts';
import * as east from './eastern-europe.ts';
import * as germany from './germany.ts';
import { identifier } from './identifier.ts';
import * as near from './near-east-africa.ts';
import * as nordic from './nordic.ts';
import * as romance from './romance.ts';

/** By the country (ISO 3166) and the number's own name. */
const CHECKS: Readonly<Record<string, (compact: string) => boolean>> = {
  'ar-cuit': americas.isArgentineCuit,
  'at-svnr': germany.isAustrianSocialNumber,
  'au-abn': asiaPacific.isAustralianAbn,
  'au-acn': asiaPacific.isAustralianAcn,
  'au-tfn': asiaPacific.isAustralianTfn,
  'balkan-jmbg': east.isYugoslavNumber,
  'baltic-code': east.isBalticPersonalCode,
  'be-rijksregister': benelux.isBelgianNationalNumber,
  'bg-egn': east.isBulgarianEgn,
  'br-cpf': americas.isBrazilianCpf,
  'ca-sin': americas.isCanadianSin,
  'ch-ahv': germany.isSwissSocialNumber,
  'cl-rut': americas.isChileanRut,
  'cn-resident-id': asiaPacific.isChineseResidentId,
  'cz-rodne-cislo': east.isCzechBirthNumber,
  'de-document': germany.isGermanDocument,
  'de-pension': germany.isGermanPensionNumber,
  'de-tax-id': germany.isGermanTaxId,
  'de-vat-id': germany.isGermanVatId,
  'dk-cpr': nordic.isDanishCpr,
  'es-cif': romance.isSpanishCif,
  'es-nif': romance.isSpanishNif,
  'fi-hetu': nordic.isFinnishPersonalCode,
  'fr-nir': romance.isFrenchNir,
  'gb-driving-licence': britain.isBritishDrivingLicence,
  'gb-nino': britain.isBritishNino,
  'gr-amka': east.isGreekAmka,
  'hk-id': asiaPacific.isHongKongId,
  'hr-oib': east.isCroatianOib,
  'ie-pps': britain.isIrishPps,
  'il-id': near.isIsraeliId,
  'in-aadhaar': asiaPacific.isIndianAadhaar,
  'it-codice-fiscale': romance.isItalianFiscalCode,
  'it-partita-iva': romance.isItalianVatNumber,
  'jp-my-number': asiaPacific.isJapaneseMyNumber,
  'kr-registration': asiaPacific.isKoreanRegistration,
  'kr-registration-late': asiaPacific.isKoreanRegistrationLate,
  'lu-matricule': benelux.isLuxembourgMatricule,
  'mx-curp': americas.isMexicanCurp,
  'nl-bsn': benelux.isDutchBsn,
  'no-fodselsnummer': nordic.isNorwegianBirthNumber,
  'pl-nip': east.isPolishNip,
  'pl-pesel': east.isPolishPesel,
  'pt-nif': romance.isPortugueseNif,
  'ro-cnp': romance.isRomanianCnp,
  'se-organisation': nordic.isSwedishOrganisationNumber,
  'se-personnummer': nordic.isSwedishPersonalNumber,
  'se-personnummer-alone': nordic.isSwedishPersonalNumberAlone,
  'sg-nric': asiaPacific.isSingaporeNric,
  'th-id': asiaPacific.isThaiId,
  'tr-id': near.isTurkishId,
  'us-itin': americas.isAmericanItin,
  'za-id': near.isSouthAfricanId,
};

/** Characters before the first that the patterns of these look for: letters, which words have as well. */
const LETTERS_BEFORE: Readonly<Record<string, number>> = { 'gb-driving-licence': 5, 'gb-nino': 2, 'it-codice-fiscale': 6 };

export const NATIONAL_NUMBERS: Readonly<Record<string, Validator>> = Object.fromEntries(Object.entries(CHECKS).map(([name, check]) => [name, identifier(check, LETTERS_BEFORE[name])]));
