import { call } from '../judges/call.ts';
import { expression } from '../judges/expression.ts';
import { headerBreak } from '../judges/header-break.ts';
import { modelExfiltration, modelMarks, modelTalk, override } from '../judges/instruction.ts';
import { internalAddress } from '../judges/internal-address.ts';
import { lookup } from '../judges/lookup.ts';
import { ownFile, traversal } from '../judges/path.ts';
import { outsideEditor, outsideNotices, outsideScreens, roleRequest } from '../judges/own-screens.ts';
import { shell } from '../judges/shell.ts';
import { HTML_JUDGES } from '../judges/html.ts';
import { SQL_JUDGES } from '../judges/sql.ts';
import { email } from './email.ts';
import { entropy } from './entropy.ts';
import { HEALTH_VALIDATORS } from './health/health-validators.ts';
import { IDENTITY_VALIDATORS } from './identity/identity-validators.ts';
import { PAYMENT_VALIDATORS } from './payment/payment-validators.ts';
import { SECRET_VALIDATORS } from './secrets/secret-validators.ts';
import { NATIONAL_NUMBERS } from './national/national.ts';
import { ssn } from './ssn.ts';
import type { Span, Validator } from './span.ts';

/** The validators a signature may name. */
const VALIDATORS: Readonly<Record<string, Validator>> = {
  ...HTML_JUDGES,
  ...SQL_JUDGES,
  call,
  expression,
  'header-break': headerBreak,
  'internal-address': internalAddress,
  lookup,
  'model-exfiltration': modelExfiltration,
  'model-marks': modelMarks,
  'model-talk': modelTalk,
  override,
  'outside-editor': outsideEditor,
  'outside-notices': outsideNotices,
  'outside-screens': outsideScreens,
  'own-file': ownFile,
  'role-request': roleRequest,
  shell,
  traversal,
  email,
  entropy,
  ssn,
  ...HEALTH_VALIDATORS,
  ...IDENTITY_VALIDATORS,
  ...NATIONAL_NUMBERS,
  ...PAYMENT_VALIDATORS,
  ...SECRET_VALIDATORS,
};

export const VALIDATOR_NAMES: readonly string[] = Object.keys(VALIDATORS);

/** The validators of these names, one after the other; undefined when one is not known. */
export function validatorOf(names: readonly string[]): Validator | undefined {
  const steps = names.flatMap((name) => (Object.hasOwn(VALIDATORS, name) ? (VALIDATORS[name] ?? []) : []));
  if (steps.length < names.length) return undefined;
  return (text, span, field) => {
    let left: Span | undefined = span;
    for (const step of steps) if (left !== undefined) left = step(text, left, field);
    return left;
  };
}
