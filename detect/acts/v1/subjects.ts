import { MOST_SUBJECTS } from '../../../contracts/acts.ts';
import type { TouchedSubject } from '../../../contracts/acts.ts';
import type { MaskedSpan } from '../../../contracts/masked-span.ts';
import type { Provenance } from '../../../contracts/provenance.ts';
import { TOKEN_LETTERS } from '../../../contracts/token.ts';
import { fields, text } from '../../derivation/v1/event-field.ts';
import type { Fields } from '../../derivation/v1/event-field.ts';

const TOKEN = new RegExp(`^[a-p]{${TOKEN_LETTERS}}$`);
const KIND = /^[a-z][a-z0-9_-]{0,31}$/;
const COUNTRY = /^[A-Z]{2}$/;

/** Families whose masks stand for somebody, and the classes of these that many people share. */
const PERSONAL = /^(?:pii|phi|fin)\./;
const SHARED: ReadonlySet<string> = new Set([
  'pii.ip', 'pii.address', 'pii.birth_date', 'phi.diagnosis', 'phi.lab', 'phi.medication', 'phi.prescription', 'phi.procedure', 'phi.provider_id', 'phi.record', 'phi.recording',
]);

const NOBODY: readonly TouchedSubject[] = [];

/** Whether a mask of the class stands for a person. */
export function identifies(dataClass: string): boolean {
  return PERSONAL.test(dataClass) && !SHARED.has(dataClass);
}

/** Persons a deed touched, each once: those it names, if it may, then those its masks stand for. */
export function subjectsOf(e: Fields, provenance: Provenance, masks: readonly MaskedSpan[]): readonly TouchedSubject[] {
  const named = provenance === 'plugin' ? e['subjects'] : undefined;
  const looked = provenance === 'system' ? tokenLookedBehind(e) : undefined;
  if (named === undefined && looked === undefined && masks.length === 0) return NOBODY;
  const found = new Map<string, TouchedSubject>();
  const add = (subject: string, kind: string, jurisdiction: string): void => {
    if (found.size < MOST_SUBJECTS && !found.has(subject)) found.set(subject, { subject, kind, jurisdiction });
  };
  // A list, or one person alone.
  for (const one of Array.isArray(named) ? named : [named]) {
    const { token, type, jurisdiction } = fields(one);
    if (typeof token === 'string' && TOKEN.test(token)) add(token, typeof type === 'string' && KIND.test(type) ? type : '', typeof jurisdiction === 'string' && COUNTRY.test(jurisdiction) ? jurisdiction : '');
  }
  if (looked !== undefined) add(looked, 'token', '');
  for (const { dataClass, token } of masks) if (TOKEN.test(token) && identifies(dataClass)) add(token, dataClass, '');
  return [...found.values()];
}

/** The token that one of our own acts is about: whoever looked behind it touched the person. */
function tokenLookedBehind(e: Fields): string | undefined {
  const target = fields(fields(e['tourniquet'])['target']);
  const name = text(target['name']);
  return target['kind'] === 'token' && TOKEN.test(name) ? name : undefined;
}
