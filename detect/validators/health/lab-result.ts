import { isWord } from '../span.ts';
import type { Validator } from '../span.ts';

const AMOUNT = /\d{1,4}(?:[.,]\d{1,3})?/y;
const SECOND = / ?\/ ?(\d{2,3})(?!\d)/y;
const UNIT = / ?(?:%|mg\/dl|mmol\/l|mmol\/mol|g\/dl|g\/l|[uµμnp]mol\/l|[npuµμ]g\/(?:ml|dl|l)|mcg\/dl|mg\/l|m?iu\/m?l|[mµμ]?u\/l|meq\/l|mm ?hg|bpm|copies(?:\/ml)?|cells(?:\/[a-z0-9^]{1,6})?|x ?10\^?\d|k\/ul|ml\/min(?:\/1\.73 ?m2)?|kg\/m2|mm\/h|°c)/iy;
/** Words between an analyte and its amount. */
const LINK = String.raw`(?: (?:levels?|count|score|wert|value|result|results|reading))?[^\p{L}\p{N}]{0,3}(?:(?:is|was|of|at|ist|war|today|came back at|liegt bei|lag bei)[^\p{L}\p{N}]{0,3})?[<>]?$`;
/** Said without their units, too. */
const BARE = new RegExp(String.raw`(?:a1c|inr|tsh|gfr|phq[ -]?9|gad[ -]?7|cd4|psa|viral load|blood sugar|blutzucker|fbs)${LINK}`, 'iu');
const PRESSURE = new RegExp(String.raw`(?:bp|rr|blood pressure|blutdruck)${LINK}`, 'iu');
const LABEL_UNITS = 48;

function stickyEnd(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at;
  return pattern.test(text) ? pattern.lastIndex : at;
}

/** What was found is an amount behind an analyte; the value ends with its unit. Without a unit only what is commonly said so. */
export const labResult: Validator = (text, { start }) => {
  const amount = text[start] === '<' || text[start] === '>' ? start + 1 : start;
  const afterAmount = stickyEnd(AMOUNT, text, amount);
  const afterSecond = stickyEnd(SECOND, text, afterAmount);
  const afterUnit = stickyEnd(UNIT, text, afterSecond);
  if (afterUnit > afterSecond) return isWord(text.charCodeAt(afterUnit)) ? undefined : { start, end: afterUnit };
  if (isWord(text.charCodeAt(afterSecond)) || (text[afterSecond] === '-' && isWord(text.charCodeAt(afterSecond + 1)))) return undefined;
  const label = text.slice(Math.max(0, start - LABEL_UNITS), amount);
  const isPressure = afterSecond > afterAmount && afterAmount - amount <= 3 && Number(text.slice(amount, afterAmount)) >= 60 && PRESSURE.test(label);
  return isPressure || BARE.test(label) ? { start, end: afterSecond } : undefined;
};
