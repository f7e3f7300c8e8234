import type { Random } from '../../contracts/seeded-random.ts';
import { passesLuhn } from '../../detect/validators/luhn.ts';

/** A text in a field that holds data of a class, or looks as if it did. */
export interface Sample {
  readonly class: string;
  readonly field: string;
  readonly text: string;
}

const LETTERS = 'ACDEFGHJKMNPQRTUVWXY';
const FREE_TEXT = ['message', 'ai.prompt', 'woocommerce.order.note', 'http.request.body.content', 'email.body', 'url.query'] as const;

/** The first value of a made-up row of which the check holds. */
function checked(random: Random, make: () => string, holds: (text: string) => boolean): string {
  for (let value = make(); ; value = make()) if (holds(value)) return value;
}

function nhsNumber(random: Random): string {
  return checked(random, () => `${random.between(1, 9)}${random.digits(9)}`, (text) => {
    const sum = Array.from(text.slice(0, 9), Number).reduce((all, digit, i) => all + digit * (10 - i), 0);
    return (11 - (sum % 11)) % 11 === Number(text[9]);
  });
}

function kvnr(random: Random): string {
  const letter = random.between(1, 26);
  const digits = random.digits(8);
  const sum = Array.from(`${String(letter).padStart(2, '0')}${digits}`, Number).reduce((all, digit, i) => all + Array.from(String(digit * (1 + (i % 2))), Number).reduce((a, b) => a + b, 0), 0);
  return `${String.fromCharCode(64 + letter)}${digits}${sum % 10}`;
}

function dea(random: Random): string {
  const digits = Array.from(random.digits(6), Number);
  const sum = digits.reduce((all, digit, i) => all + digit * (1 + (i % 2)), 0);
  return `${random.pick([...'ABFGMPR'])}${random.pick([...'ABCDEFGHKLMNPRSTW9'])}${digits.join('')}${sum % 10}`;
}

function npi(random: Random): string {
  return checked(random, () => `${random.pick(['1', '2'])}${random.digits(9)}`, (text) => passesLuhn(`80840${text}`));
}

function mbi(random: Random): string {
  const letter = (): string => random.pick([...LETTERS]);
  const either = (): string => (random.chance(0.5) ? letter() : random.digits(1));
  return `${random.between(1, 9)}${letter()}${either()}${random.digits(1)}${letter()}${either()}${random.digits(1)}${letter()}${letter()}${random.digits(2)}`;
}

const ICD = ['E11.9', 'I10', 'J45.909', 'F32.1', 'M54.5', 'Z21', 'C50.911', 'N18.3', 'K21.9', 'G40.909', 'B20', 'F41.1', 'E78.5', 'O24.410', 'S72.001A', 'U07.1', 'T88.7', 'H40.10X0', 'D64.9', 'L40.0'] as const;
const NDC = ['0002-8215-01', '50580-488-10', '00093-1048-01', '0378-6150-93', '65862-008-99', '00002821501'] as const;

function labelled(random: Random, value: string, labels: readonly string[], fields: readonly string[]): Omit<Sample, 'class'> {
  if (random.chance(0.25)) return { field: random.pick(fields), text: value };
  const label = random.pick(labels);
  const text = random.pick([`${label}: ${value}`, `${label} ${value}`, `${label}=${value}`, `${label} is ${value}`, `Please update ${label}: ${value}, thank you`, `${label} #${value}`, `${label}:${value};status=new`, `{"note":"${label}: ${value}"}`, `seen today, ${label} (${value})`]);
  return { field: random.pick(FREE_TEXT), text };
}

const MAKERS: Readonly<Record<string, (random: Random) => Omit<Sample, 'class'>>> = {
  'phi.mrn record number': (random) => labelled(random, random.pick([random.digits(8), random.digits(6), `${random.digits(2)}-${random.digits(2)}-${random.digits(2)}`, `H${random.digits(8)}`, `A-${random.digits(7)}`, `MR${random.digits(7)}`]), ['MRN', 'mrn', 'Medical record number', 'medical record no.', 'Patient ID', 'patient_id', 'Chart no.', 'Hospital number', 'Patientennummer'], ['patient.mrn', 'wordpress.form.patient_mrn', 'patientMrn', 'medical_record_number', 'clinic.patient_id']),
  'phi.mrn NHS number': (random) => {
    const bare = nhsNumber(random);
    const spaced = `${bare.slice(0, 3)} ${bare.slice(3, 6)} ${bare.slice(6)}`;
    return random.chance(0.3) ? { field: random.pick(FREE_TEXT.slice(0, 5)), text: random.pick([spaced, `Patient ${spaced} was seen`, `for ${spaced}, please`]) } : labelled(random, random.pick([bare, spaced]), ['NHS number', 'NHS No', 'NHS no.', 'nhs'], ['patient.nhs_number', 'nhsNumber', 'wordpress.form.nhs_no']);
  },
  'phi.provider_id NPI': (random) => labelled(random, npi(random), ['NPI', 'npi', 'NPI number', 'National Provider Identifier', 'NPI no.'], ['provider.npi', 'npi', 'prescriber_npi', 'billing.npiNumber']),
  'phi.provider_id DEA': (random) => labelled(random, dea(random), ['DEA number', 'DEA', 'DEA no.', 'DEA registration', 'DEA#'], ['prescriber.dea_number', 'deaNumber', 'prescriber_dea']),
  'phi.insurance_id MBI': (random) => {
    const bare = mbi(random);
    const hyphened = `${bare.slice(0, 4)}-${bare.slice(4, 7)}-${bare.slice(7)}`;
    return random.chance(0.2) ? { field: random.pick(FREE_TEXT), text: `for ${hyphened}, please` } : labelled(random, random.chance(0.5) ? bare : hyphened, ['MBI', 'Medicare', 'Medicare ID', 'Beneficiary'], ['patient.mbi', 'medicare_number']);
  },
  'phi.insurance_id KVNR': (random) => labelled(random, kvnr(random), ['KVNR', 'Krankenversichertennummer', 'Versichertennummer', 'Versicherten-Nr.', 'eGK'], ['patient.kvnr', 'versichertennummer', 'krankenversichertennummer']),
  'phi.insurance_id member': (random) => labelled(random, random.pick([`W${random.digits(9)}`, `XYZ${random.digits(9)}`, random.digits(10), `U${random.digits(8)}`]), ['Aetna member ID', 'Insurance ID', 'BCBS member number', 'Cigna subscriber ID', 'Insurance policy number', 'Health plan ID', 'Medicaid ID'], ['insurance_member_id', 'patient.insurance_id', 'insurance.subscriber_id', 'medicaid_id']),
  'phi.diagnosis ICD-10': (random) => labelled(random, random.pick(ICD), ['ICD-10', 'ICD10', 'Diagnosis', 'diagnosis code', 'Diagnose', 'ICD-10-CM', 'Dx code'], ['patient.diagnosis', 'icd10_code', 'claim.diagnosis_code']),
  'phi.medication NDC': (random) => labelled(random, random.pick(NDC), ['NDC', 'ndc', 'NDC code'], ['rx.ndc', 'ndc_code']),
  'phi.procedure code': (random) => labelled(random, random.pick(['99213', '90837', '27447', 'J3490', 'G0438', '0001U']), ['CPT code', 'HCPCS', 'Procedure code', 'CPT'], ['claim.cpt_code', 'procedure_code', 'hcpcs']),
  'phi.lab LOINC': (random) => labelled(random, random.pick(['4548-4', '2345-7', '718-7', '2160-0', '13457-7']), ['LOINC', 'loinc', 'LOINC code'], ['observation.loinc', 'loinc_code']),
  'phi.diagnosis SNOMED': (random) => labelled(random, random.pick(['73211009', '38341003', '195967001', '44054006', '22298006']), ['SNOMED CT', 'SNOMED', 'sctid'], ['condition.sctid', 'snomed_code']),
  'phi.recording': (random) => {
    const id = `${random.digits(4)}ab${random.digits(4)}`;
    return { field: random.pick(['url.full', 'message', 'email.body', 'http.request.body.content']), text: random.pick([`https://us02web.zoom.us/rec/share/${id}.xy-z`, `https://clinic.example/telehealth/visits/${id}/recording.mp4`, `https://api.twilio.com/2010-04-01/Accounts/AC${random.digits(32)}/Recordings/RE${id}`, `https://bucket.s3.amazonaws.com/teleconsult/${id}/session.webm?x=1`, `Ihr Mitschnitt: https://praxis.example/videosprechstunde/${id}/aufzeichnung`, `https://api.daily.co/v1/recordings/${id}`]) };
  },
  'phi.record FHIR and HL7': (random) => {
    const id = random.digits(5);
    const resource = JSON.stringify({ resourceType: random.pick(['Patient', 'Observation', 'Condition', 'MedicationRequest']), id, subject: { reference: `Patient/${id}` }, name: [{ family: 'Doe' }] });
    return { field: random.pick(['http.request.body.content', 'http.response.body.content', 'message']), text: random.pick([resource, `sent ${JSON.stringify(resource)}`, encodeURIComponent(resource), `MSH|^~\\&|EHR|CLINIC|LAB|X|2026${id}||ADT^A01|1|P|2.5`, `PID|1||${id}^^^CLINIC^MR||DOE^JANE||19800101|F`, `OBX|2|NM|4548-4^HbA1c^LN||7.${random.digits(1)}|%|4-6|H`, `DG1|1||E11.9^Type 2 diabetes^I10`, `RXE||^^^20261121||metformin^500`]) };
  },
};

/** Identifiers and records in many spellings, so many of each. */
export function identifierSamples(random: Random, each: number): readonly Sample[] {
  return Object.entries(MAKERS).flatMap(([name, make]) => Array.from({ length: each }, () => ({ class: name, ...make(random) })));
}
