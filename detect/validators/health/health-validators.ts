import type { Validator } from '../span.ts';
import { auMedicare, dea, icd10, kvnr, loinc, nhs, nhsSpaced, npi, snomed } from './checksums.ts';
import { healthInsurer, notOtherwiseLabelled, recordNumber, standsAlone } from './labelled-number.ts';
import { labResult } from './lab-result.ts';
import { personMeant, personNamed, personOrNote } from './person-meant.ts';
import { besideCondition, conditionFar, conditionInSentence, conditionNear, conditionWithin, medicineBefore, medicineInSentence, medicineNear, procedureNear } from './phrase.ts';
import { jsonObject, lineRest, segmentRest, textRest } from './record.ts';
import { referenceRange } from './reference-range.ts';

/** The validators of health data, by the names signatures give them. */
export const HEALTH_VALIDATORS: Readonly<Record<string, Validator>> = {
  npi, dea, nhs, kvnr, loinc, snomed, icd10,
  'nhs-spaced': nhsSpaced,
  'au-medicare': auMedicare,
  'record-number': recordNumber,
  'stands-alone': standsAlone,
  'not-otherwise-labelled': notOtherwiseLabelled,
  'health-insurer': healthInsurer,
  'person-meant': personMeant,
  'person-named': personNamed,
  'person-or-note': personOrNote,
  'condition-far': conditionFar,
  'condition-near': conditionNear,
  'beside-condition': besideCondition,
  'condition-in-sentence': conditionInSentence,
  'condition-within': conditionWithin,
  'medicine-in-sentence': medicineInSentence,
  'medicine-near': medicineNear,
  'medicine-before': medicineBefore,
  'procedure-near': procedureNear,
  'lab-result': labResult,
  'no-reference-range': referenceRange,
  'json-object': jsonObject,
  'line-rest': lineRest,
  'segment-rest': segmentRest,
  'xml-rest': textRest,
};
