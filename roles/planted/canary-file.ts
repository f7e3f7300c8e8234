import { existsSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import path from 'node:path';
import { stringify } from 'yaml';
import type { Signature } from '../../contracts/pack.ts';
import { parsePackFile } from '../../detect/pack/pack-file.ts';
import type { CanaryKind, CanaryValue } from './made-up.ts';
import { CANARY_KINDS } from './made-up.ts';
import { writeWhole } from './whole-file.ts';

/** Signatures of all canaries of an instance, in its folder of packs. */
export const CANARY_FILE = 'canaries.yaml';

const HEAD = '# Written by "tourniquet canary": signatures of made-up records. Any sight of one is critical.\n';
const ID = /^tourniquet\.canary\.([a-z]+)-([a-z0-9-]+)-([a-z]+)$/;

export interface Canary {
  readonly name: string;
  readonly kind: CanaryKind;
  /** Texts that are looked for. */
  readonly values: readonly string[];
}

/** Signatures of the record's values, as they stand in the file. */
export function canarySignatures(name: string, kind: CanaryKind, values: readonly CanaryValue[], where: string): readonly object[] {
  return values.flatMap(({ part, label, text, pattern }) => (pattern === undefined ? [] : [{
    id: `tourniquet.canary.${kind}-${name}-${part}`,
    title: `Canary ${name}: ${label.toLowerCase()}${where === '' ? '' : ` planted in ${where}`}`,
    level: 'critical',
    class: `canary.${kind}`,
    pattern,
    mask: 'text',
    source: 'made up by "tourniquet canary add"',
    falsePositives: ['Whoever planted it, looking after it'],
    positive: [text],
    negative: ['any other text'],
  }]));
}

/** Rejects when the file was changed by hand and no longer is a pack. */
export async function readCanaries(folder: string): Promise<readonly Signature[]> {
  const file = path.join(folder, CANARY_FILE);
  if (!existsSync(file)) return [];
  const { signatures, problems } = parsePackFile(CANARY_FILE, await readFile(file, 'utf8'));
  const [problem] = problems;
  if (problem !== undefined) throw new Error(`${file}: ${problem.at}: ${problem.problem}; mend it, or remove the file and plant anew`);
  return signatures;
}

/** The signatures as records, in order of name. */
export function canariesOf(signatures: readonly Signature[]): readonly Canary[] {
  const named = signatures.flatMap((signature) => {
    const [, kind, name] = ID.exec(signature.id) ?? [];
    const known = CANARY_KINDS.find((one) => one === kind);
    return known === undefined || name === undefined ? [] : [{ name, kind: known, values: signature.positive.map((example) => (typeof example === 'string' ? example : example.text)) }];
  });
  return Array.from(Map.groupBy(named, ({ name }) => name), ([name, parts]) => ({ name, kind: parts[0]?.kind ?? 'customer', values: parts.flatMap((part) => part.values) })).toSorted((a, b) => (a.name < b.name ? -1 : 1));
}

/** A signature as the file states it: the other way round of reading one. */
function stated({ validators, mask, ...rest }: Signature): object {
  return { ...rest, ...(validators === undefined ? {} : { validator: validators }), ...(mask === undefined ? {} : { mask: mask.identifier }) };
}

/** Replaces the file at once; removes it with the last canary, for an empty pack is refused. */
export async function writeCanaries(folder: string, kept: readonly Signature[], added: readonly object[] = []): Promise<void> {
  const file = path.join(folder, CANARY_FILE);
  const all = [...kept.map(stated), ...added];
  if (all.length === 0) await rm(file, { force: true });
  else await writeWhole(file, `${HEAD}${stringify(all, { lineWidth: 0 })}`);
}

/** The signatures of all but this canary. */
export function without(signatures: readonly Signature[], name: string): readonly Signature[] {
  return signatures.filter(({ id }) => ID.exec(id)?.[2] !== name);
}
