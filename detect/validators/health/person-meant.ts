import type { Span, Validator } from '../span.ts';
import { textAround, unmaskedAround } from './around.ts';

/** Units of the sentence around a value that tell whom it is about. */
const BEFORE = 160;
const BEHIND = 80;

/** Somebody in particular. */
const PERSONAL = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:i|i['’](?:m|ve|d|ll)|im|ive|my|me|mine|myself|he|she|he['’]s|she['’]s|his|him|her|hers|mr|mrs|ms|miss|(?<!\b(?:a|any|each|every|the average|typical|per|one|ein|jeder|jede|eine) )(?:patient(?:in)?|pt|client|customer)(?:['’]s)?|wife|husband|(?:step)?(?:son|daughter)|mother|father|mom|mum|dad|brother|sister|grand(?:mother|father|ma|pa|son|daughter)|aunt|uncle|fianc[eé]e?|girlfriend|boyfriend|(?:year|yr)s?[- ]old|y\/?o|yof|yom|dob|mrn|nhs no|ich|mein(?:e[nmrs]?)?|mir|mich|ihm|ihn|herrn?|frau|sohn|tochter|mutter|vater|ehemann|ehefrau|kundin|oma|opa|mi|padezco|paciente|m\.|mme|je|j['’]ai|mon|mio|mia|dear \p{Lu}?\p{L}+)(?![\p{L}\p{N}])`, 'iu');

/** "Jane Doe was", "Doe, Jane". */
const NAMED = /(?<!\p{L})\p{Lu}\p{Ll}+,? (?:\p{Lu}\.? )?\p{Lu}[\p{Ll}'’-]+(?:,? \(?\d{1,3}\b|,? aged? |,? (?:has|had|was|is|takes|took|suffers|suffered|needs|got|tested|underwent|reports|started|hat|nimmt|leidet|wurde|ist|bekommt|braucht) )|(?:prescribed|gave|treated|saw|diagnosed|admitted|referred|examined|discharged|for patient) \p{Lu}\p{Ll}+ \p{Lu}\p{Ll}+|\bDr\.? \p{Lu}[\p{L}-]+ (?:prescribed|diagnosed|started|gave|put|recommended|told|referred)/u;

/** People at large, a reader, a product's promise. */
const GENERIC = new RegExp(String.raw`(?<![\p{L}\p{N}])(?:the history of|research|people|persons|those|anyone|anybody|someone|somebody|everyone|individuals|patients|adults|women|men|children|kids|teens|teenagers|seniors|athletes|customers|users|sufferers|americans|germans|mothers|parents|dogs?|cats?|pets?|horses?|millions?|percent|one in|researchers|studies|study|scientists|(?:if|when|whether|once|before|should|unless|are|do|have|for) (?:you|your|you['’]re|you['’]ve)|if (?:a|an|left|not)|(?:a|any|each|every|the average|typical|per|one) (?:patient|person|woman|man|child|individual|doctor|physician|parent)|risk of|risk for|symptoms of|types of|causes of|signs of|stages of|prevalence|awareness|overview|article|blog|guide|faq|learn|read more|shop|buy|supports?|helps?|designed|formulated|suitable|promotes?|menschen|personen|patienten|patientinnen|betroffene|viele|kinder|erwachsene|frauen|männer|wenn (?:sie|du|man)|falls (?:sie|du)|wer|ratgeber|hilft|unterstützt|geeignet|personas|pacientes|personnes)(?![\p{L}\p{N}])`, 'iu');

const SENTENCE_END = /(?<!\b\d)[.!?](?=\s)|[\n\r]/g;
const ABBREVIATION = /\b(?:mr|mrs|ms|dr|st|pt|hr|fr|geb|ca|z\.b|approx|z\. ?n|v\. ?a|bzw|h\.o)$/i;

function sentenceOf([before, behind]: readonly [string, string]): string {
  let from = 0;
  for (const stop of before.matchAll(SENTENCE_END)) if (!ABBREVIATION.test(before.slice(0, stop.index))) from = stop.index + 1;
  const until = behind.search(/[.!](?:\s|$)|[\n\r]/);
  return `${before.slice(from)} ${until < 0 ? behind : behind.slice(0, until)}`;
}

function isOfPeople(text: string, span: Span): boolean {
  return GENERIC.test(sentenceOf(textAround(text, span, BEFORE, BEHIND)));
}

function isOfSomebody(text: string, span: Span): boolean {
  const sentence = sentenceOf(unmaskedAround(text, span, BEFORE, BEHIND));
  return PERSONAL.test(sentence) || NAMED.test(sentence);
}

/** A field of a form or record that is about one person. */
const PERSONAL_FIELD = /(?:^|[._-])(?:diagnos[ei]s?|medical|medication|conditions?|allerg|symptom|history|patient|anamnese|vorerkrankung)/i;

/** Refuses what is said of people at large: not of anybody in particular. */
export const personMeant: Validator = (text, span, field) => (PERSONAL_FIELD.test(field) || !isOfPeople(text, span) || isOfSomebody(text, span) ? span : undefined);

/** Takes only what is said of somebody in particular. */
export const personNamed: Validator = (text, span) => (isOfSomebody(text, span) ? span : undefined);

/** Words that make a sentence a note, which says nothing of whom it is about, for it stands in somebody's file. */
const NOTE = /(?:\b(?:dx|pmhx?|hx|h\/o|c\/o|s\/p|assessment|impression|diagnos\w+|comorbidit\w+|problem list|medical history|chief complaint|reason for visit|status post|history of|tested|admitted|hospitali[sz]ed|presents? with|presented with|complain\w*|known case|infected with|vorerkrankung\w*|anamnese|verdacht auf|zustand nach|befund|erkrankt|leidet|leide|infiziert|ecg|ekg|mri|x-ray|biopsy|ultrasound)\b|\bz\. ?n\.|\bv\. ?a\.)/i;

/** Takes what is said of somebody in particular, and what a clinical note says. */
export const personOrNote: Validator = (text, span, field) => {
  if (PERSONAL_FIELD.test(field) || isOfSomebody(text, span)) return span;
  return NOTE.test(sentenceOf(unmaskedAround(text, span, BEFORE, BEHIND))) ? span : undefined;
};
