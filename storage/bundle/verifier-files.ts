import { readFileSync } from 'node:fs';

const FILES = ['verify.mjs', 'verify/evidence.mjs', 'verify/files.mjs', 'verify/notes.mjs', 'verify/scope.mjs', 'verify/tree.mjs'] as const;

/** The stand-alone verifier, file by file as a bundle holds it: the very code that "tourniquet bundle verify" runs. */
export function verifierFiles(): readonly { readonly name: string; readonly text: string }[] {
  return FILES.map((name) => ({ name, text: readFileSync(new URL(`verifier/${name}`, import.meta.url), 'utf8') }));
}
