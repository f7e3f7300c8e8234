/** Everything the console answers besides success. Codes are never reused. */
const CATALOGUE = {
  'TQ-CONSOLE-01': { status: 401, retryable: false, title: 'Who asks is not known', message: 'Send "Authorization: Bearer TOKEN" with your own token, as "tourniquet person add" or "rotate" printed it.' },
  'TQ-CONSOLE-02': { status: 403, retryable: false, title: 'Your role may not do that', message: 'Ask somebody whose role may, or have yours changed with "tourniquet person rotate NAME --role ROLE".' },
  'TQ-CONSOLE-03': { status: 429, retryable: true, title: 'Too many attempts', message: 'Too many wrong tokens came from your address or for this name. Wait as Retry-After says.' },
  'TQ-CONSOLE-04': { status: 400, retryable: false, title: 'The request cannot be read', message: 'Send JSON as /openapi.json describes it.' },
  'TQ-CONSOLE-05': { status: 404, retryable: false, title: 'There is no such path', message: 'GET /openapi.json lists all.' },
  'TQ-CONSOLE-06': { status: 404, retryable: false, title: 'There is no such query', message: 'GET /v1/audit lists all.' },
  'TQ-CONSOLE-07': { status: 422, retryable: false, title: 'A parameter is missing or wrong', message: 'GET /v1/audit says which parameters a query takes.' },
  'TQ-CONSOLE-08': { status: 422, retryable: false, title: 'The cursor does not fit', message: 'Send "next" of the page before, with the same parameters.' },
  'TQ-CONSOLE-09': { status: 429, retryable: true, title: 'Too many identifiers were looked up', message: 'The keys role looks up only so many in a minute (keys.lookups_per_minute). Wait a minute.' },
  'TQ-CONSOLE-10': { status: 503, retryable: true, title: 'Too many answers are under way', message: 'Wait as Retry-After says; console.answers says how many there may be.' },
  'TQ-CONSOLE-11': { status: 503, retryable: true, title: 'Something the console needs does not answer', message: 'The store, the keys role or the event log is away. Wait as Retry-After says; "tourniquet health" says which it is.' },
  'TQ-CONSOLE-12': { status: 413, retryable: false, title: 'The request is too large', message: 'Send less: identifiers one at a time, sites by name.' },
  'TQ-CONSOLE-13': { status: 500, retryable: false, title: 'The console failed', message: 'Its own log names the cause.' },
  'TQ-CONSOLE-14': { status: 405, retryable: false, title: 'The path does not take this method', message: 'See the Allow header.' },
  'TQ-CONSOLE-15': { status: 409, retryable: false, title: 'That cannot be done to this person', message: 'GET /v1/people lists who there is.' },
  'TQ-CONSOLE-16': { status: 422, retryable: false, title: 'The query ran out of its bounds', message: 'Ask for fewer sites or a shorter time; storage.read_seconds and storage.read_megabytes are the bounds.' },
} as const satisfies Readonly<Record<string, ConsoleErrorEntry>>;

interface ConsoleErrorEntry {
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly message: string;
}

export type ConsoleErrorCode = keyof typeof CATALOGUE;

export const CONSOLE_ERRORS: Readonly<Record<ConsoleErrorCode, ConsoleErrorEntry>> = CATALOGUE;

export interface ConsoleErrorDetail extends ErrorOptions {
  /** What exactly is wrong: never a value, an identifier or a secret. */
  readonly problem?: string;
  readonly retryAfterSeconds?: number;
}

export class ConsoleError extends Error {
  override readonly name = 'ConsoleError';
  readonly code: ConsoleErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly title: string;
  readonly problem: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ConsoleErrorCode, detail: ConsoleErrorDetail = {}) {
    const entry: ConsoleErrorEntry = CATALOGUE[code];
    super(detail.problem === undefined ? `${entry.title}. ${entry.message}` : `${entry.title}: ${detail.problem}. ${entry.message}`, detail);
    this.code = code;
    this.status = entry.status;
    this.retryable = entry.retryable;
    this.title = entry.title;
    this.problem = detail.problem;
    this.retryAfterSeconds = entry.retryable ? (detail.retryAfterSeconds ?? 1) : undefined;
  }
}

/** Problem details, RFC 9457. */
export interface ProblemBody {
  readonly type: 'about:blank';
  readonly title: string;
  readonly status: number;
  readonly detail: string;
  readonly code: ConsoleErrorCode;
}

export function problemBody({ title, status, message, code }: ConsoleError): ProblemBody {
  return { type: 'about:blank', title, status, detail: message, code };
}

interface ThrownFacts {
  readonly retryable?: unknown;
  readonly statusCode?: unknown;
  readonly code?: unknown;
}

/** ClickHouse's codes for what ran too long, took too much memory or read too much. */
const OUT_OF_BOUNDS = new Set(['158', '159', '160', '241', '307', '396']);

/** Whatever was thrown, as an answer: of errors that are not ours only HTTP's own faults, `retryable` and the store's bounds are believed. */
export function toConsoleError(error: unknown): ConsoleError {
  if (error instanceof ConsoleError) return error;
  const { retryable, statusCode, code }: ThrownFacts = typeof error === 'object' && error !== null ? error : {};
  if (statusCode === 413) return new ConsoleError('TQ-CONSOLE-12', { cause: error });
  if (typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500) return new ConsoleError('TQ-CONSOLE-04', { cause: error });
  if (typeof code === 'string' && OUT_OF_BOUNDS.has(code)) return new ConsoleError('TQ-CONSOLE-16', { cause: error });
  if (retryable === true || (typeof code === 'string' && /^(ECONN|EPIPE|ETIMEDOUT|202$)/.test(code))) return new ConsoleError('TQ-CONSOLE-11', { cause: error });
  return new ConsoleError('TQ-CONSOLE-13', { cause: error });
}
