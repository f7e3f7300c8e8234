import { canonicalJson } from '../../contracts/canonical-json.ts';
import type { ScopeDeed, ScopeReport, ScopeSubject } from '../../contracts/scope.ts';

/** Lists of a report that have a file of their own, too: each row is written twice, but made to text once. */
export const LISTS = { deeds: 'timeline.ndjson', subjects: 'subjects.ndjson', links: 'links.ndjson' } as const;
export type ListName = keyof typeof LISTS;
export type ListRows = Readonly<Record<ListName, readonly string[]>>;

export function listRows(report: ScopeReport): ListRows {
  return { deeds: report.deeds.map((deed) => JSON.stringify(sortedDeed(deed))), subjects: report.subjects.map((subject) => JSON.stringify(sortedSubject(subject))), links: report.links.map(canonicalJson) };
}

/** Of the rows that come in tens of thousands the keys are written sorted, not sorted. */
function sortedDeed(deed: ScopeDeed): ScopeDeed {
  const { action, actor, address, atMs, by: { kind, value }, category, classes, confidence, destination, fields, how, key, leaf, outcome, plugin, provenance, receivedAtMs, records, region, rules, session, subjects, target, target_kind } = deed;
  return { action, actor, address, atMs, by: { kind, value }, category, classes, confidence, destination, fields, how, key, leaf, outcome, plugin, provenance, receivedAtMs, records, region, rules, session, subjects, target, target_kind };
}

function sortedSubject({ changed, classes, confidence, evidence, exported, fields, firstMs, hows, jurisdiction, kind, lastMs, read, sentOut, subject }: ScopeSubject): ScopeSubject {
  return { changed, classes, confidence, evidence, exported, fields, firstMs, hows, jurisdiction, kind, lastMs, read, sentOut, subject };
}

/** A scope report as one JSON object with sorted keys, each row of a list on a line of its own, so that a changed one can be named. */
export function* scopeJson(report: ScopeReport, rows: ListRows): Generator<string> {
  let before = '{';
  for (const [name, value] of Object.entries({ ...report, ...rows }).toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    if (value === undefined) continue;
    yield `${before}\n${JSON.stringify(name)}:`;
    if (!Array.isArray(value) || value.length === 0) yield canonicalJson(value);
    else yield* list(Object.hasOwn(LISTS, name) ? value : value.map(canonicalJson));
    before = ',';
  }
  yield '\n}\n';
}

/** Rows of one piece: a piece for each would cost more than the row. */
const PIECE_ROWS = 256;

function* pieces(rows: readonly string[]): Generator<readonly string[]> {
  for (let at = 0; at < rows.length; at += PIECE_ROWS) yield rows.slice(at, at + PIECE_ROWS);
}

function* list(rows: readonly string[]): Generator<string> {
  let before = '[';
  for (const piece of pieces(rows)) {
    yield `${before}\n${piece.join(',\n')}`;
    before = ',';
  }
  yield '\n]';
}

/** One row a line. */
export function* textLines(rows: readonly string[]): Generator<string> {
  for (const piece of pieces(rows)) yield `${piece.join('\n')}\n`;
}
