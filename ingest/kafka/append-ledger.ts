import type { EventLog, LogPosition, PartitionedLog } from '../../contracts/event-log.ts';

/** For tests: what was appended, and what came of it. Each text is appended once. */
export class AppendLedger {
  readonly acknowledged = new Map<string, LogPosition>();
  readonly refused = new Set<string>();
  readonly #sent = new Set<string>();

  /** Rejects only with what is no retryable error of the log. */
  async append(log: PartitionedLog, partition: number, text: string): Promise<void> {
    this.#sent.add(text);
    try {
      this.acknowledged.set(text, await log.appendTo(partition, 'site', Buffer.from(text)));
    } catch (error) {
      if (!isRefusal(error)) throw error;
      this.refused.add(text);
    }
  }

  /** What must be empty: an acknowledged append is there once, where it was said to be, a refused one at most once. */
  async findings(log: EventLog): Promise<Readonly<Record<'doubles' | 'lostOrMisplaced' | 'unknown' | 'unanswered', readonly string[]>>> {
    const found = new Map<string, string>();
    const doubles: string[] = [];
    for (let partition = 0; partition < log.partitions; partition++) {
      for (let from = 0; ;) {
        const records = await log.read(partition, from, { maxRecords: 1_000, maxBytes: 1 << 24 });
        const last = records.at(-1);
        if (last === undefined) break;
        for (const { position, value } of records) {
          const text = value.toString();
          if (found.has(text)) doubles.push(text);
          found.set(text, `${partition}:${position}`);
        }
        from = last.position + 1;
      }
    }
    return {
      doubles,
      lostOrMisplaced: [...this.acknowledged].filter(([text, at]) => found.get(text) !== `${at.partition}:${at.position}`).map(([text]) => text),
      unknown: [...found.keys()].filter((text) => !this.#sent.has(text)),
      unanswered: [...this.#sent].filter((text) => !this.acknowledged.has(text) && !this.refused.has(text)),
    };
  }
}

export const NO_FINDINGS = { doubles: [], lostOrMisplaced: [], unknown: [], unanswered: [] };

/** It may have happened; the caller tries again. */
export function isRefusal(error: unknown): boolean {
  return error instanceof Error && error.name === 'LogError' && 'retryable' in error && error.retryable === true;
}
