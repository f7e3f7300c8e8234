import { randomBytes } from 'node:crypto';
import { canariesOf, canarySignatures, readCanaries, without, writeCanaries } from '../planted/canary-file.ts';
import { CANARY_KINDS, madeUp } from '../planted/made-up.ts';
import type { CanaryKind, CanaryValue } from '../planted/made-up.ts';
import { homeAt } from '../home.ts';
import { UsageError } from '../usage-error.ts';

export interface CanaryAddOptions {
  readonly kind: string;
  readonly name?: string;
  readonly site?: string;
  readonly json?: true;
}

const NAME = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;

function kindOf(text: string): CanaryKind {
  const kind = CANARY_KINDS.find((known) => known === text);
  if (kind === undefined) throw new UsageError(`--kind is one of ${CANARY_KINDS.join(', ')}`);
  return kind;
}

function nameOf(given: string | undefined, kind: CanaryKind): string {
  const name = given ?? `${kind}-${randomBytes(3).toString('hex')}`;
  if (!NAME.test(name) || name.length > 40) throw new UsageError(`--name ${JSON.stringify(name)} must be lower-case letters, digits and single hyphens, at most 40 together`);
  return name;
}

function print(name: string, values: readonly CanaryValue[], site: string): void {
  const width = Math.max(...values.map(({ label }) => label.length));
  process.stdout.write([
    `Canary ${name}. Put these values where nobody has reason to read them${site === '' ? '' : `, in ${site}`}:`,
    '',
    ...values.map(({ label, text }) => `  ${label.padEnd(width)}  ${text}`),
    '',
    'Any sight of one in an event is critical. A running worker looks for them within seconds.',
    '',
  ].join('\n'));
}

/** Makes up a record, prints it for planting, and has it looked for from now on. */
export async function addCanary(options: CanaryAddOptions): Promise<number> {
  const kind = kindOf(options.kind);
  const name = nameOf(options.name, kind);
  const { packs } = homeAt();
  const known = await readCanaries(packs);
  if (canariesOf(known).some((canary) => canary.name === name)) throw new UsageError(`there is a canary ${name} already; choose another --name, or remove it with "tourniquet canary remove ${name}"`);
  const values = madeUp(kind);
  const site = options.site ?? '';
  await writeCanaries(packs, known, canarySignatures(name, kind, values, site));
  if (options.json === true) process.stdout.write(`${JSON.stringify({ name, kind, ...(site === '' ? {} : { site }), values: Object.fromEntries(values.map(({ part, text }) => [part, text])) })}\n`);
  else print(name, values, site);
  return 0;
}

export async function listCanaries(options: { readonly json?: true }): Promise<number> {
  const canaries = canariesOf(await readCanaries(homeAt().packs));
  if (options.json === true) {
    for (const canary of canaries) process.stdout.write(`${JSON.stringify(canary)}\n`);
    return 0;
  }
  if (canaries.length === 0) process.stdout.write('No canary yet. Plant one with "tourniquet canary add".\n');
  const width = Math.max(4, ...canaries.map(({ name }) => name.length));
  if (canaries.length > 0) process.stdout.write(`${'NAME'.padEnd(width)}  KIND      VALUES\n`);
  for (const { name, kind, values } of canaries) process.stdout.write(`${name.padEnd(width)}  ${kind.padEnd(8)}  ${values.join(', ')}\n`);
  return 0;
}

export async function removeCanary(name: string): Promise<number> {
  const { packs } = homeAt();
  const known = await readCanaries(packs);
  const kept = without(known, name);
  if (kept.length === known.length) throw new UsageError(`there is no canary ${name}; "tourniquet canary list" shows them`);
  await writeCanaries(packs, kept);
  process.stdout.write(`Removed ${name}: it is no longer looked for. Take the record out of the shop, too.\n`);
  return 0;
}
