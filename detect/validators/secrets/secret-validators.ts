import type { Validator } from '../span.ts';
import { alone, ended } from './alone.ts';
import { applicationPassword } from './application-password.ts';
import { assigned, assignedGeneric, wholeSecret } from './assigned.ts';
import { basicCredentials, plainCredentials } from './basic-credentials.ts';
import { issued } from './issued.ts';
import { jwt } from './jwt.ts';
import { password, toldPassword } from './password.ts';
import { privateKey } from './private-key.ts';
import { random } from './randomness.ts';

export const SECRET_VALIDATORS: Readonly<Record<string, Validator>> = {
  alone,
  'application-password': applicationPassword,
  assigned,
  'assigned-generic': assignedGeneric,
  'basic-credentials': basicCredentials,
  ended,
  issued,
  jwt,
  password,
  'plain-credentials': plainCredentials,
  'private-key': privateKey,
  random,
  'told-password': toldPassword,
  'whole-secret': wholeSecret,
};
