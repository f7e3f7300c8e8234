import type { RespondError } from './errors.ts';

/** What the responder tells its process, for log lines and metrics. Holds no personal data. */
export type ResponderEvent =
  /** Of so many alerts: requests queued, the rest is held in quiet groups. */
  | { readonly type: 'queued'; readonly alerts: number; readonly queued: number; readonly overflow: number; readonly sinceCommitMs: number }
  | { readonly type: 'summarised'; readonly summaries: number; readonly overflow: number }
  | { readonly type: 'delivered'; readonly endpoint: string; readonly id: string; readonly attempts: number; readonly sinceQueuedMs: number }
  | { readonly type: 'failed'; readonly endpoint: string; readonly id: string; readonly attempts: number; readonly error: RespondError; readonly nextTryAtMs: number | undefined }
  | { readonly type: 'disabled'; readonly endpoint: string; readonly error: RespondError }
  /** Reading the control stream or the alerts failed; tried again where the error is retryable. */
  | { readonly type: 'tail_problem'; readonly error: RespondError }
  /** Something this code did not expect; the delivery is tried again. */
  | { readonly type: 'fault'; readonly endpoint: string; readonly cause: unknown };
