import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join } from 'node:path';

/**
 * The audit on disk: files of JSON lines, named after the number of their first entry, each line with its number (`n`)
 * and the SHA-256 of the line before it (`previous`, hex; zeros in the very first). A line that was changed, taken out,
 * put in or moved breaks the chain. Cutting off the end can only be seen by someone who kept a later hash.
 */
export interface ChainEnd {
  readonly entries: number;
  /** SHA-256 of the last line, hex. */
  readonly last: string;
}

export type AuditCheck = ({ readonly holds: true } & ChainEnd) | { readonly holds: false; readonly entry: number; readonly problem: string };

export const CHAIN_START: ChainEnd = { entries: 0, last: '0'.repeat(64) };

const SEGMENT = /^([0-9]{12})\.ndjson$/;

export function hashOfLine(line: string): string {
  return createHash('sha256').update(line).digest('hex');
}

export function segmentName(firstEntry: number): string {
  return `${String(firstEntry).padStart(12, '0')}.ndjson`;
}

/** Names of the audit's files, oldest first. */
export function segmentsOf(directory: string): readonly string[] {
  return existsSync(directory) ? readdirSync(directory).filter((name) => SEGMENT.test(name)).toSorted() : [];
}

function lineProblem(line: string, number: number, previous: string): string | undefined {
  try {
    const entry: unknown = JSON.parse(line);
    if (typeof entry !== 'object' || entry === null || !('n' in entry) || !('previous' in entry)) return 'not an audit entry';
    if (entry.n !== number) return 'its number does not follow';
    return entry.previous === previous ? undefined : 'the entry before it was changed or taken out';
  } catch {
    return 'not JSON';
  }
}

/** A torn last line (a crash while writing) is not counted. */
export function checkLines(text: string, before: ChainEnd): AuditCheck {
  let { entries, last } = before;
  for (const line of text.split('\n').slice(0, -1)) {
    const problem = lineProblem(line, entries + 1, last);
    if (problem !== undefined) return { holds: false, entry: entries + 1, problem };
    entries++;
    last = hashOfLine(line);
  }
  return { holds: true, entries, last };
}

function checkSegments(directory: string, names: readonly string[], before: ChainEnd): AuditCheck {
  let end = before;
  for (const name of names) {
    if (name !== segmentName(end.entries + 1)) return { holds: false, entry: end.entries + 1, problem: 'a file is missing' };
    const check = checkLines(readFileSync(join(directory, name), 'utf8'), end);
    if (!check.holds) return check;
    end = check;
  }
  return { holds: true, ...end };
}

/** Walks the whole chain, one file at a time. */
export function verifyAudit(directory: string): AuditCheck {
  return checkSegments(directory, segmentsOf(directory), CHAIN_START);
}

/** What a start checks: the newest two files. The second to last is taken to begin where it says. */
export function verifyAuditEnd(directory: string): AuditCheck {
  const names = segmentsOf(directory);
  const [first] = names.slice(-2);
  if (names.length <= 2 || first === undefined) return checkSegments(directory, names, CHAIN_START);
  const entries = Number(SEGMENT.exec(first)?.[1]) - 1;
  const last = /"previous":"([0-9a-f]{64})"\}$/m.exec(readFileSync(join(directory, first), 'utf8'))?.[1] ?? '';
  return checkSegments(directory, names.slice(-2), { entries, last });
}
