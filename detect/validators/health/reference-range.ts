import type { Validator } from '../span.ts';
import { textAround, unmaskedAround } from './around.ts';

/** Words of a range or a goal rather than a result. */
const RANGE = /\b(?:normal(?:ly)?|target|goal|range|ranges|reference|threshold|cut-?off|recommended|should|or (?:higher|lower|more|less|above|below|over|under)|below|above|under|over|less than|more than|greater than|between|up to|indicates?|means?|defined|considered|if|when|kit|kits|meter|strips?|monitor|normalwert|normbereich|grenzwert|zielwert|unter|über|ab|people|patients|adults|reduces?|reduced|lowers?|lowered|improves?|by|average|mean|study|supports?|helps?|tablets?|capsules?|supplements?|stück|pieces?)\b/iu;
const OF_SOMEBODY = /\b(?:my|his|her|patient|pt|mr|mrs|ms|result|results|mein|meine|ihr|sein|your)\b/i;
const UNITS = 48;

/** Refuses a laboratory value that says what is normal, unless it is said of somebody. */
export const referenceRange: Validator = (text, span) => {
  const around = textAround(text, span, UNITS, UNITS).join(' ');
  const [before] = unmaskedAround(text, span, UNITS, 0);
  return RANGE.test(around) && !OF_SOMEBODY.test(before) ? undefined : span;
};
