/** The committer's errors. Codes are never reused; each message says what to do. */
const CATALOGUE = {
  'TQ-COMMIT-01': { retryable: false, text: 'a table holds only a part of a group; rows were removed or the store is damaged: restore it from a replica or a backup' },
  'TQ-COMMIT-02': { retryable: false, text: 'deriving a group again gave another result than the committed one; run the build that wrote it, with the same rules' },
  'TQ-COMMIT-03': { retryable: true, text: 'another worker went on while this one stood still; its state is built anew from the control stream' },
  'TQ-COMMIT-04': { retryable: true, text: 'the store refuses the group as a whole; check its migrations, users and disk, then start the worker again: nothing is lost' },
  'TQ-COMMIT-05': { retryable: true, text: 'the store lost rows it had acknowledged; start the worker again: they are derived and stored anew' },
  'TQ-COMMIT-06': { retryable: false, text: 'a control record cannot be read; the control stream is damaged or was written by a newer version' },
  'TQ-COMMIT-07': { retryable: false, text: 'a prepared group needs a verdict on an old repeat that its prepare record lacks; run the build that wrote it' },
  'TQ-COMMIT-08': { retryable: false, text: 'the stage returned rows or leaves that do not fit the group' },
  'TQ-COMMIT-09': { retryable: false, text: 'the control stream lacks records of this partition, so its trees cannot be continued; restore the stream from a replica or a backup' },
  'TQ-COMMIT-10': { retryable: false, text: 'the log ends before what was stored of it: it was recreated or lost its end; restore it from a replica or a backup, or begin anew with new topics (or a new log directory) and a new store' },
  'TQ-COMMIT-11': { retryable: false, text: 'a group is stored in part, and its blocks left the log before it was committed; restore them from a replica or a backup, or begin anew with new topics and a new store' },
  'TQ-COMMIT-12': { retryable: false, text: 'the store holds groups of this partition that the control stream knows nothing of: they come from another log; name the log that belongs to this store, or a new store' },
  'TQ-COMMIT-13': { retryable: false, text: 'a group was prepared by a version that knew signature packs only and must be derived again; start that version once more until it has stored the group, then this one' },
} as const satisfies Readonly<Record<string, { readonly retryable: boolean; readonly text: string }>>;

export type CommitErrorCode = keyof typeof CATALOGUE;

/** Stops the partition, loudly. `retryable`: a restart of the worker can mend it. Nothing in the message is a line's content. */
export class CommitError extends Error {
  override readonly name = 'CommitError';
  readonly code: CommitErrorCode;
  readonly retryable: boolean;
  constructor(code: CommitErrorCode, where: string, options?: ErrorOptions) {
    super(`${code}: ${where}: ${CATALOGUE[code].text}`, options);
    this.code = code;
    this.retryable = CATALOGUE[code].retryable;
  }
}
