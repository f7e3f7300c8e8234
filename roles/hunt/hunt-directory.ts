import { closeSync, existsSync, fsyncSync, mkdirSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import type { Observation } from '../../contracts/observation.ts';
import type { HuntMatch } from '../../detect/hunt.ts';
import type { StoredMatch } from '../../storage/query/stored-matches.ts';
import type { HuntPlan } from './hunt-plan.ts';

/**
 * What a task did and found, a line of its part file each, in order of site and leaf:
 *
 * - `judged`: how many events were; the first line.
 * - `match`: a rule matched; `onRecord` is the version of the rule set it matched live with, null when it did not.
 * - `extra`: on record only.
 * - `observation`: for the correlations, of events outside of the hunted times too.
 */
export type HuntRecord =
  | { readonly kind: 'judged'; readonly events: number }
  | Found;

export type Found =
  | { readonly kind: 'match'; readonly match: HuntMatch; readonly onRecord: string | null }
  | { readonly kind: 'extra'; readonly match: StoredMatch }
  | { readonly kind: 'observation'; readonly observation: Observation };

/** `plan.json` and a file a task, written by `writeWhole`: each is there whole or not at all. */
const planFile = (directory: string): string => path.join(directory, 'plan.json');
const partFile = (directory: string, task: number): string => path.join(directory, `part-${String(task).padStart(6, '0')}.ndjson`);

export function readPlan(directory: string): HuntPlan | undefined {
  if (!existsSync(planFile(directory))) return undefined;
  // Written by writePlan below.
  return JSON.parse(readFileSync(planFile(directory), 'utf8')) as HuntPlan;
}

export function writePlan(directory: string, plan: HuntPlan): void {
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  writeWhole(planFile(directory), [JSON.stringify(plan)]);
}

export function isDone(directory: string, task: number): boolean {
  return existsSync(partFile(directory, task));
}

export function writePart(directory: string, task: number, records: readonly HuntRecord[]): void {
  writeWhole(partFile(directory, task), records.map((record) => `${JSON.stringify(record)}\n`));
}

export function readPart(directory: string, task: number): readonly HuntRecord[] {
  const lines = readFileSync(partFile(directory, task), 'utf8').split('\n');
  // Written by writePart above.
  return lines.filter((line) => line !== '').map((line) => JSON.parse(line) as HuntRecord);
}

function writeWhole(file: string, texts: readonly string[]): void {
  // Two processes at once write the same; each its own file first.
  const unfinished = `${file}.${process.pid}.new`;
  const fd = openSync(unfinished, 'w', 0o600);
  try {
    for (const text of texts) writeSync(fd, text);
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
  renameSync(unfinished, file);
}
