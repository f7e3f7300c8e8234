import type { IngressRun } from '../../contracts/log-record.ts';

/** Of a block out of the ingress topic: its leading lines that stood below an offset. */
export function linesBelow(runs: readonly IngressRun[], offset: number): number {
  return runs.reduce((lines, [first, records, linesPerRecord]) => lines + Math.min(records, Math.max(0, offset - first)) * linesPerRecord, 0);
}

/** The offset after a block's last record. */
export function endOfRuns(runs: readonly IngressRun[]): number {
  return runs.reduce((end, [first, records]) => Math.max(end, first + records), 0);
}
