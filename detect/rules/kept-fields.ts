import { readFileSync } from 'node:fs';
import path from 'node:path';
import type { Kept } from '../../contracts/field-policy.ts';
import { fieldPolicies } from '../fields/field-policies.ts';
import type { FieldPolicies } from '../fields/field-policies.ts';
import { SHIPPED_POLICY } from '../fields/load.ts';
import { parsePolicyFile } from '../fields/policy-file.ts';

let policies: FieldPolicies | undefined;

/** How the shipped policy keeps a field, or what it stands below. */
export function shippedKeeps(field: string): Kept {
  policies ??= fieldPolicies(parsePolicyFile(path.basename(SHIPPED_POLICY), readFileSync(SHIPPED_POLICY, 'utf8')).policies);
  const names = field.split('.');
  for (let i = 1; i <= names.length; i++) {
    const kept = policies?.keptAs(names.slice(0, i).join('.')) ?? 'text';
    if (kept !== 'text') return kept;
  }
  return 'text';
}
