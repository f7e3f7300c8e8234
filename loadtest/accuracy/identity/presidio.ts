import { corpusRows } from '../../../contracts/reference-data.ts';
import type { LineScan } from '../../../detect/scan.ts';
import type { ClassTally } from '../section.ts';
import { foundIn, isOf } from './found.ts';

/** A row as the corpus' README describes it. */
interface Row {
  readonly entity: string;
  readonly text: string;
  readonly spans: readonly (readonly [number, number])[] | null;
  readonly count: number;
}

interface Claim {
  readonly signatures: readonly string[];
  /**
   * Rows that hold the identifier alone, or one that its issuer's rules refuse, and nothing that says what it is: too weak
   * to call it so in a log.
   */
  readonly weak?: RegExp;
  readonly why?: string;
  /** No number of this kind, but of another that the same signature knows. */
  readonly leftOut?: RegExp;
}

const BARE = /^[0-9A-Za-z .:/-]{5,20}$/;
const bare = (...signatures: readonly string[]): Claim => ({ signatures, weak: BARE, why: 'alone: needs a word' });

/** Entities whose rows the signatures claim to know. */
const CLAIMS: Readonly<Record<string, Claim>> = {
  AU_ABN: { signatures: ['au-abn'] },
  AU_ACN: bare('au-acn'),
  AU_TFN: bare('au-tfn'),
  CA_SIN: bare('ca-sin'),
  DE_PASSPORT: bare('passport', 'de-identity-card'),
  DE_SOCIAL_SECURITY: { signatures: ['de-pension'] },
  DE_TAX_ID: { signatures: ['de-tax-id'] },
  DE_VAT_ID: { signatures: ['de-vat-id'], weak: /123456789|987654321|100000001|123456788|111111117/, why: 'examples, some with a wrong check digit' },
  EMAIL_ADDRESS: { signatures: ['email'] },
  ES_NIE: { signatures: ['es-nif'] },
  ES_NIF: { signatures: ['es-nif'] },
  ES_PASSPORT: bare('passport'),
  FI_PERSONAL_IDENTITY_CODE: { signatures: ['fi-hetu'], weak: /is\d{6}/, why: 'glued to a word' },
  IBAN_CODE: { signatures: ['iban'] },
  IN_AADHAAR: { signatures: ['in-aadhaar'], weak: /^\d{12}$/, why: 'alone and undivided: also a parcel' },
  IN_PASSPORT: bare('passport'),
  IT_DRIVER_LICENSE: { signatures: ['driving-licence'], weak: /./, why: 'alone: needs more of a word than license' },
  IT_FISCAL_CODE: { signatures: ['it-codice-fiscale'], weak: /AAAAAA00B11C333N/, why: 'with a wrong check letter' },
  IT_PASSPORT: bare('passport'),
  KR_PASSPORT: { signatures: ['passport'], weak: /^(?!.*passport).+$/i, why: 'alone: needs a word' },
  KR_FRN: { signatures: ['kr-registration'], weak: /^(?!.*(?:FRN|678906$|6000012$)).+$|\d{13}$/, why: 'alone and undivided, or without a check digit' },
  KR_RRN: { signatures: ['kr-registration'], weak: /^(?!.*(?:RRN|1021413$|2000019$)).+$|^\d{13}$/, why: 'alone and undivided, or without a check digit', leftOut: /^000402-6214431$/ },
  PHONE_NUMBER: { signatures: ['phone'], weak: /^US: /, why: 'without a word for a phone' },
  PL_PESEL: { signatures: ['pl-pesel'] },
  SE_ORGANISATIONSNUMMER: { signatures: ['se-organisation'], weak: /^(?!.*(?:orgnr|identity code)).+$/, why: 'alone: needs a word' },
  SE_PERSONNUMMER: { signatures: ['se-personnummer'], weak: /^\d{10}$|is\d{12}/, why: 'ten digits alone, or glued to a word' },
  SG_NRIC_FIN: { signatures: ['sg-nric'], weak: /^[A-Z]1234567Z|T7572225C|G1122144L/, why: 'with a wrong check letter' },
  TH_TNIN: { signatures: ['th-id'], weak: /^(?!.*(?:Thai|TNIN)).+$/, why: 'alone: also a barcode or a time' },
  TR_NATIONAL_ID: { signatures: ['tr-id'] },
  UK_DRIVING_LICENCE: { signatures: ['gb-driving-licence'] },
  UK_NINO: { signatures: ['gb-nino'] },
  UK_PASSPORT: bare('passport'),
  UK_POSTCODE: { signatures: ['postcode'], weak: /^(?!.*post ?code).+$/, why: 'alone: needs a word' },
  US_DRIVER_LICENSE: { signatures: ['driving-licence'], weak: /./, why: 'alone: needs a word' },
  US_ITIN: { signatures: ['us-itin'], weak: /\d{6}/, why: 'undivided' },
  US_PASSPORT: bare('passport'),
  US_SSN: { signatures: ['us-ssn'], weak: /\d{6}/, why: 'undivided' },
  ZA_ID_NUMBER: { signatures: ['za-id'] },
};

interface Judged {
  readonly row: Row;
  readonly whole: boolean;
  readonly any: boolean;
}

function tallyOf(name: string, judged: readonly Judged[], why: string | undefined): ClassTally {
  const positives = judged.filter(({ row }) => row.count > 0);
  const negatives = judged.filter(({ row }) => row.count === 0);
  return { name, positives: positives.length, found: positives.filter(({ whole }) => whole).length, negatives: negatives.length, falseFound: negatives.filter(({ any }) => any).length, ...(why === undefined ? {} : { note: why }) };
}

/** Rows of the Presidio corpus by entity; weak ones apart. Undefined when the corpus is not here. */
export function presidioTallies(scan: LineScan): { readonly strong: readonly ClassTally[]; readonly weak: readonly ClassTally[] } | undefined {
  const rows = corpusRows('pii/presidio/vectors.ndjson') as readonly Row[] | undefined;
  if (rows === undefined) return undefined;
  const claimed = rows.filter((row) => Object.hasOwn(CLAIMS, row.entity) && CLAIMS[row.entity]?.leftOut?.test(row.text) !== true);
  const found = foundIn(scan, claimed.map((row) => JSON.stringify({ message: row.text })));
  const judged = claimed.map((row, i): Judged => {
    const own = (found[i] ?? []).filter(({ signature }) => CLAIMS[row.entity]?.signatures.some((kind) => isOf(signature, kind)));
    const covered = row.spans?.every(([start, end]) => own.some(({ span }) => span[0] < end && span[1] > start)) ?? own.length >= row.count;
    return { row, whole: covered, any: own.length > 0 };
  });
  const of = (weak: boolean): readonly ClassTally[] => Object.entries(CLAIMS).flatMap(([entity, claim]) => {
    const ofEntity = judged.filter(({ row }) => row.entity === entity && (row.count > 0 && claim.weak?.test(row.text) === true) === weak);
    return ofEntity.some(({ row }) => row.count > 0) || !weak ? [tallyOf(`${entity}${weak ? ', weak' : ''}`, ofEntity, weak ? claim.why : undefined)] : [];
  });
  return { strong: of(false), weak: of(true) };
}
