/** What tampering looks like. Each kind, what it means and what to do: docs/verify.md (a test compares). */
export const PROBLEM_KINDS = [
  'changed-row', 'missing-row', 'double-row', 'inserted-row', 'reordered', 'truncated', 'rolled-back', 'forked',
  'forged-checkpoint', 'checkpoint-mismatch', 'missing-checkpoint', 'forged-redaction', 'forged-expiry',
  'missing-commit', 'commit-mismatch', 'node-mismatch', 'missing-node', 'block-mismatch', 'chain-broken', 'gap-mismatch',
  'orphan', 'count-mismatch', 'column-mismatch',
] as const;
export type ProblemKind = (typeof PROBLEM_KINDS)[number];

/** `fromLeaf` is the first row that may be it, `toLeaf` the last: a hash tree tells that one of a range was changed. */
export interface Problem {
  readonly type: 'problem';
  readonly kind: ProblemKind;
  /** Empty for what concerns a partition of the event log. */
  readonly site: string;
  readonly table: string;
  readonly fromLeaf: number;
  readonly toLeaf: number;
  /** Of a range, the first row that does not agree with what was derived from it. */
  readonly suspect?: number;
  readonly message: string;
}

/** What is no tampering, but must be known to judge the result. */
export interface Finding {
  readonly type: 'finding';
  readonly kind: 'gap' | 'expired' | 'attested-at-ingest' | 'not-vouched';
  readonly site: string;
  /** Lines, rows or blocks. */
  readonly count: number;
  readonly message: string;
}

export interface Place {
  readonly table?: string;
  readonly from?: number;
  readonly to?: number;
  readonly suspect?: number;
}

export function problem(kind: ProblemKind, site: string, message: string, { table = 'events', from = 0, to = from, suspect }: Place = {}): Problem {
  return { type: 'problem', kind, site, table, fromLeaf: from, toLeaf: Math.max(from, to), ...(suspect === undefined ? {} : { suspect }), message };
}

export function finding(kind: Finding['kind'], site: string, count: number, message: string): Finding {
  return { type: 'finding', kind, site, count, message };
}
