import type { ValidatorName } from '../../contracts/pack.ts';
import { email } from './email.ts';
import { entropy } from './entropy.ts';
import { luhn } from './luhn.ts';
import { ssn } from './ssn.ts';
import type { Validator } from './span.ts';

/** The validators a signature may name. */
export const VALIDATOR_OF: Readonly<Record<ValidatorName, Validator>> = {
  none: (_text, span) => span,
  luhn,
  ssn,
  email,
  entropy,
};
