import { keyOperations } from './key-operations.ts';
import type { KeyOperation } from './key-operations.ts';
import type { OperationParts, Operations } from './operation.ts';
import { signingOperations } from './signing-operations.ts';
import type { SigningOperation } from './signing-operations.ts';
import { vaultOperations } from './vault-operations.ts';
import type { VaultOperation } from './vault-operations.ts';

export type OperationName = KeyOperation | SigningOperation | VaultOperation;

/** Everything that can be asked of the keys role, by the name in its path. */
export function operations(parts: OperationParts): Operations<OperationName> {
  return { ...keyOperations(parts), ...signingOperations(parts), ...vaultOperations(parts) };
}

/** Asked with GET and without a secret. */
export const PUBLIC_OPERATIONS: ReadonlySet<OperationName> = new Set(['checkpoint-verifier', 'public-keys']);
