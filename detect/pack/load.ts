import { createHash } from 'node:crypto';
import { readFile, readdir } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Pack, Signature } from '../../contracts/pack.ts';
import { detectError } from '../errors.ts';
import { parsePackFile } from './pack-file.ts';
import type { PackProblem } from './pack-file.ts';

/** The pack that is shipped. */
export const SHIPPED_PACK: string = fileURLToPath(new URL('../packs/', import.meta.url));

/** Problems shown in one error. */
const MOST_PROBLEMS = 20;

function canonical(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(canonical);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([key, v]) => [key, canonical(v)]));
}

/** SHA-256 (hex) of the signatures as JSON with sorted keys and no white space. */
export function packVersion(signatures: readonly Signature[]): string {
  return createHash('sha256').update(JSON.stringify(canonical(signatures))).digest('hex');
}

/** Signatures in order of id, so that file names and order do not change the version. */
export function createPack(name: string, signatures: readonly Signature[]): Pack {
  const sorted = signatures.toSorted((a, b) => (a.id < b.id ? -1 : 1));
  return { name, signatures: sorted, version: packVersion(sorted) };
}

/** Reads every `*.yaml` of a folder. Throws TQ-DETECT-05 with `file:line:col` of each problem. */
export async function loadPack(folder: string = SHIPPED_PACK): Promise<Pack> {
  const files = (await readdir(folder)).filter((name) => name.endsWith('.yaml')).toSorted();
  const signatures: Signature[] = [];
  const problems: PackProblem[] = [];
  for (const file of files) {
    const parsed = parsePackFile(file, await readFile(join(folder, file), 'utf8'));
    problems.push(...parsed.problems);
    for (const signature of parsed.signatures) {
      if (signatures.some((s) => s.id === signature.id)) problems.push({ at: `${file}:1:1`, problem: `${signature.id} stands twice in the pack` });
      signatures.push(signature);
    }
  }
  if (signatures.length === 0 && problems.length === 0) problems.push({ at: `${basename(folder)}:1:1`, problem: 'no signatures found' });
  if (problems.length > 0) {
    throw detectError('packInvalid', `\n${problems.slice(0, MOST_PROBLEMS).map((p) => `${p.at}: ${p.problem}`).join('\n')}`);
  }
  return createPack('tourniquet', signatures);
}
