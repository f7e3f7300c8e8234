import { assignedName, namesSecret } from './assigned-name.ts';
import { entropyOf } from '../entropy.ts';
import { isPlaceholder } from './placeholder.ts';
import { changeRate, isUuid } from './randomness.ts';
import type { Span, Validator } from '../span.ts';

/** What a value has to be like. */
interface Demand {
  readonly leastUnits: number;
  readonly leastBits: number;
  readonly leastChangeRate: number;
}

/** Behind the name of a service and a word like key or token. */
const NAMED: Demand = { leastUnits: 12, leastBits: 2.6, leastChangeRate: 0.15 };
/** Behind words like API key alone. */
const GENERIC: Demand = { leastUnits: 16, leastBits: 2.75, leastChangeRate: 0.2 };

/** Names made of words have something that parts them: without, fewer changes do. */
const UNPARTED_SHARE = 0.7;

const PATH = /^[./~]|\/\/|^[a-z]:\\|\.(?:php|js|css|html?|png|jpe?g|gif|svg|webp|pem|crt|cer|key|p12|pfx|ya?ml|json|xml|txt|log|ini|conf|sql|csv|zip|gz|jar|com|org|net|io|local|example)\b/i;
const DATE = /^\d{4}-?[01]\d-?[0-3]\d(?:[T _]|$)/;
/** Keys of orders and tokens of one checkout open nothing else. */
const STOREFRONT = /^(?:wc_order_|wp_|wc_|tok_|cus_|pi_|pm_|src_|ch_|EC-[0-9A-Z]{17}$)/;
/** `1.2.3`, `v0.15.0_20231217`, `10.0.0.1`. */
const VERSION = /^[a-z]{0,3}\d{1,4}(?:\.\d+)+/i;

/** Shortened by whoever wrote it down (`abc...`, `abc..[redacted]`, `abc***`), a call of a function, or the token of a mask. */
const NOT_WHOLE = /\.{2,}.?$|[*<(\u2026\u27e7]$/;

/** Ends of a sentence or an assignment are no part of the value. */
function trimmed(text: string, { start, end }: Span): Span {
  let last = end;
  while (last > start && '.,:;'.includes(text.charAt(last - 1))) last--;
  return { start, end: last };
}

/** Whether signs change as in a key. In parts, a capital that begins a word is none that changes. */
function changesEnough(value: string, leastChangeRate: number): boolean {
  if (/^\d+$/.test(value)) return true;
  if (!/\d/.test(value)) return changeRate(value) >= 2 * leastChangeRate;
  return /^[A-Za-z0-9]+$/.test(value) ? changeRate(value) >= UNPARTED_SHARE * leastChangeRate : changeRate(value.replaceAll(/[A-Z](?=[a-z])/g, 'a')) >= leastChangeRate;
}

function isSecretValue(value: string, { leastUnits, leastBits, leastChangeRate }: Demand): boolean {
  if (value.length < leastUnits || PATH.test(value) || DATE.test(value) || STOREFRONT.test(value) || VERSION.test(value)) return false;
  if (isUuid(value)) return new Set(value).size > 4;
  return changesEnough(value, leastChangeRate) && entropyOf(value) >= leastBits && !isPlaceholder(value);
}

function judge(demand: Demand): Validator {
  return (text, found) => {
    if (NOT_WHOLE.test(text.slice(found.start, found.end + 1))) return undefined;
    const span = trimmed(text, found);
    const words = assignedName(text, span.start);
    return words.length > 0 && namesSecret(words) && isSecretValue(text.slice(span.start, span.end), demand) ? span : undefined;
  };
}

/** A secret assigned to a name that tells the service. */
export const assigned: Validator = judge(NAMED);

/** A secret assigned to a name that tells only what it is for: it has to look more random. */
export const assignedGeneric: Validator = judge(GENERIC);

/** A text that is a secret as a whole: its field has the name. */
export const wholeSecret: Validator = (text, span) => (span.start === 0 && span.end === text.length && isSecretValue(text, GENERIC) ? span : undefined);
