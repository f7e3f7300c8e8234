import { readFileSync, statSync } from 'node:fs';
import { verdictText, verifyBundle } from '../../storage/bundle/verifier/verify.mjs';
import { UsageError } from '../usage-error.ts';
import { requireFile } from './require-file.ts';

export interface BundleVerifyOptions {
  /** Verifier keys that the checker has from elsewhere. */
  readonly key?: readonly string[];
  /** File of a signed checkpoint that the checker held. */
  readonly checkpoint?: string;
  readonly json?: true;
}

/** The same checks as the bundle's own verify.mjs, by our copy of it. Exit code 0 when all holds, 1 when something does not. */
export async function bundleVerify(directory: string, { key, checkpoint, json }: BundleVerifyOptions): Promise<number> {
  requireDirectory(directory);
  if (checkpoint !== undefined) requireFile(checkpoint);
  const verdict = checked(directory, key ?? [], checkpoint);
  process.stdout.write(json === true ? `${JSON.stringify(verdict)}\n` : verdictText(verdict));
  return verdict.problems.length === 0 ? 0 : 1;
}

export function requireDirectory(directory: string): void {
  if (statSync(directory, { throwIfNoEntry: false })?.isDirectory() !== true) throw new UsageError(`there is no folder ${directory}`);
}

function checked(directory: string, keys: readonly string[], checkpoint: string | undefined): ReturnType<typeof verifyBundle> {
  try {
    return verifyBundle(directory, { keys, ...(checkpoint === undefined ? {} : { checkpoint: readFileSync(checkpoint, 'utf8') }) });
  } catch (error) {
    // The one thing it throws for: a key of wrong form.
    if (error instanceof TypeError) throw new UsageError(error.message, { cause: error });
    throw error;
  }
}
