import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import type { FieldPolicy } from '../../contracts/field-policy.ts';
import { detectError } from '../errors.ts';
import { parsePolicyFile } from './policy-file.ts';

/** The policy that is shipped. */
export const SHIPPED_POLICY: string = fileURLToPath(new URL('policy.yaml', import.meta.url));

/** Throws TQ-DETECT-08 with `file:line:col` of each problem. */
export async function loadPolicies(file: string = SHIPPED_POLICY): Promise<readonly FieldPolicy[]> {
  const { policies, problems } = parsePolicyFile(path.basename(file), await readFile(file, 'utf8'));
  if (problems.length > 0) throw detectError('policyInvalid', `\n${problems.map(({ at, problem }) => `${at}: ${problem}`).join('\n')}`);
  return policies;
}
