import type { Validator } from '../span.ts';
import { CONDITIONS } from './conditions.ts';
import { holdsTerm, termsBefore, termsBehind } from './lexicon.ts';
import type { Lexicon, Reach } from './lexicon.ts';
import { MEDICINES } from './medicines.ts';
import { PROCEDURES } from './procedures.ts';

/** Behind words that announce one ("diagnosed with"). */
const FAR: Reach = { units: 160, words: 10 };
/** After these a sentence goes on about something else than the person's own health. */
const STOPS = new Set([
  'question', 'questions', 'about', 'order', 'orders', 'book', 'books', 'blog', 'article', 'articles', 'page', 'pages', 'store', 'shop', 'product', 'products', 'website', 'site', 'app', 'recipe', 'recipes', 'resources', 'favourite', 'favorite', 'research',
  'paper', 'essay', 'coupon', 'kit', 'brochure', 'charity', 'write', 'writing', 'wrote', 'translate', 'description', 'sell', 'sells', 'selling', 'people', 'patients', 'customers', 'banner', 'season', 'sale', 'theme', 'poster', 'plugin', 'image', 'photo', 'campaign', 'newsletter', 'frage', 'bestellung', 'buch', 'artikel', 'seite', 'laden', 'menschen', 'kunden',
]);
/** Behind words that may announce anything ("I have"). */
const NEAR: Reach = { units: 80, words: 3, stops: STOPS };
/** In the rest of a sentence in which somebody speaks of a person. */
const SENTENCE: Reach = { units: 160, words: 14, stops: STOPS };
const DRUG_BEFORE_DOSE_UNITS = 60;

/** What the pattern found is a cue; the value is the terms behind it. */
function behind(lexicon: Lexicon, reach: Reach): Validator {
  return (text, { end }) => termsBehind(lexicon, text, end, reach);
}

/** The found span itself, from its first term on. */
function within(lexicon: Lexicon): Validator {
  return (text, { start, end }) => termsBehind(lexicon, text, start, { units: end - start, words: end - start });
}

export const conditionFar: Validator = behind(CONDITIONS, FAR);
export const conditionNear: Validator = behind(CONDITIONS, NEAR);
export const conditionInSentence: Validator = behind(CONDITIONS, SENTENCE);
export const medicineInSentence: Validator = behind(MEDICINES, SENTENCE);
export const conditionWithin: Validator = within(CONDITIONS);
export const medicineNear: Validator = behind(MEDICINES, NEAR);
export const procedureNear: Validator = behind(PROCEDURES, NEAR);

/** What was found is a dose; the value begins at the medicine before it. */
export const medicineBefore: Validator = (text, { start, end }) => {
  const medicine = termsBefore(MEDICINES, text, start, DRUG_BEFORE_DOSE_UNITS);
  return medicine === undefined ? undefined : { start: medicine.start, end };
};

const BESIDE_UNITS = 48;

/** A code counts when the condition it stands for is written before or behind it. */
export const besideCondition: Validator = (text, span) =>
  (holdsTerm(CONDITIONS, text, span.start - BESIDE_UNITS, span.start) || holdsTerm(CONDITIONS, text, span.end, span.end + BESIDE_UNITS) ? span : undefined);
