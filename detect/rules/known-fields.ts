import { readFileSync } from 'node:fs';
import { edits, nearest } from '../sigma/language/nearest.ts';

/** Namespaces whose fields are ours, or the sender's own. */
const OPEN = ['wordpress', 'woocommerce', 'tourniquet', 'labels', 'subjects', 'scan', 'gen_ai', 'db'] as const;
const SCAN = ['scan.rule', 'scan.class', 'scan.level', 'scan.field', 'scan.view'] as const;
/** Deeper names are not judged: the list leaves many of them out. */
const MOST_DOTS = 2;

let names: ReadonlySet<string> | undefined;

function ecsFields(): ReadonlySet<string> {
  if (names !== undefined) return names;
  const found = new Set<string>();
  for (const line of readFileSync(new URL('ecs-fields.txt', import.meta.url), 'utf8').split('\n')) {
    const [set = '', fields] = line.split(': ');
    if (fields !== undefined && !line.startsWith('#')) for (const field of fields.split(' ')) found.add(set === '' ? field : `${set}.${field}`);
  }
  return (names = found);
}

/**
 * What is doubtful about the name of a field, by the Elastic Common Schema and our own namespaces; undefined when nothing
 * is. Names without dots, and those of other spaces that are close to none of it, belong to the taxonomy of a log source.
 */
export function fieldDoubt(field: string): { readonly message: string; readonly hint: string | undefined } | undefined {
  const [space = ''] = field.split('.', 1);
  if (space === 'scan') return SCAN.some((known) => known === field) ? undefined : { message: `signatures put no \`${field}\` on an event`, hint: `one of ${SCAN.join(', ')}` };
  if (!field.includes('.') || OPEN.some((open) => open === space) || field.split('.').length > MOST_DOTS + 1) return undefined;
  const known = ecsFields();
  if (known.has(field)) return undefined;
  const near = close(field, nearest(field, known));
  if (near === undefined && ![...known].some((name) => name.startsWith(`${space}.`))) return undefined;
  return { message: `\`${field}\` is no field of the Elastic Common Schema`, hint: near === undefined ? undefined : `did you mean \`${near}\`?` };
}

const MOST_EDITS = 2;

function close(field: string, candidate: string | undefined): string | undefined {
  return candidate !== undefined && edits(field, candidate, MOST_EDITS + 1) <= MOST_EDITS ? candidate : undefined;
}
