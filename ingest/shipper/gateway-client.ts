import { ShipperError } from './errors.ts';
import { member } from './json-member.ts';

export interface Clock {
  /** Unix milliseconds. */
  now(): number;
  /** Rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}

export interface GatewayClient {
  /**
   * The JSON of a 2xx answer. Waits and repeats as long as the gateway says it is busy (429, 503); repeats on network
   * errors and other 5xx with back-off until `deadlineMs` passed without any answer from a working gateway.
   */
  post(path: string, body: Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<unknown>;
}

export interface ClientOptions {
  readonly gatewayUrl: string;
  readonly fetch: typeof fetch;
  readonly clock: Clock;
  readonly deadlineMs: number;
  readonly requestTimeoutMs: number;
  /** 0 to below 1. */
  readonly random: () => number;
}

const FIRST_BACKOFF_MS = 200;
const MOST_BACKOFF_MS = 10_000;
const MOST_RETRY_AFTER_MS = 60_000;
/** Characters of a gateway's reason that are passed on. */
const MOST_REASON_CHARS = 500;

type Answer =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'busy'; readonly waitMs: number }
  | { readonly kind: 'broken'; readonly cause: unknown };

export function createGatewayClient(options: ClientOptions): GatewayClient {
  const { clock, random } = options;

  async function once(path: string, body: Uint8Array<ArrayBuffer>, headers: Readonly<Record<string, string>>, signal: AbortSignal | undefined): Promise<Answer> {
    const timeout = AbortSignal.timeout(options.requestTimeoutMs);
    let response: Response;
    let text: string;
    try {
      response = await options.fetch(new URL(path, options.gatewayUrl), {
        method: 'POST', body, headers, redirect: 'error', signal: signal === undefined ? timeout : AbortSignal.any([signal, timeout]),
      });
      text = await response.text();
    } catch (cause) {
      if (signal?.aborted === true) throw new ShipperError('TQ-SHIPPER-11', { cause });
      return { kind: 'broken', cause };
    }
    if (response.ok) return { kind: 'ok', value: parseJson(text) };
    if (response.status === 429 || response.status === 503) return { kind: 'busy', waitMs: retryAfterMs(response.headers.get('retry-after'), clock.now()) };
    if (response.status >= 500) return { kind: 'broken', cause: new Error(`the gateway answered ${response.status}`) };
    throw new ShipperError('TQ-SHIPPER-05', { status: response.status, detail: `${response.status} ${reasonOf(text)}`.trim() });
  }

  async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
    try {
      await clock.sleep(ms, signal);
    } catch (cause) {
      throw new ShipperError('TQ-SHIPPER-11', { cause });
    }
  }

  return {
    async post(path, body, headers, signal) {
      let aliveAtMs = clock.now();
      let backoffMs = FIRST_BACKOFF_MS;
      for (;;) {
        const answer = await once(path, body, headers, signal);
        if (answer.kind === 'ok') return answer.value;
        if (answer.kind === 'busy') {
          await pause(answer.waitMs * (1 + random() / 4), signal);
          aliveAtMs = clock.now();
          backoffMs = FIRST_BACKOFF_MS;
          continue;
        }
        if (clock.now() - aliveAtMs >= options.deadlineMs) throw new ShipperError('TQ-SHIPPER-06', { cause: answer.cause });
        await pause(backoffMs * (0.5 + random() / 2), signal);
        backoffMs = Math.min(backoffMs * 2, MOST_BACKOFF_MS);
      }
    },
  };
}

/** RFC 9110, 10.2.3: seconds or a date. */
function retryAfterMs(header: string | null, nowMs: number): number {
  const seconds = header !== null && /^[0-9]{1,6}$/.test(header) ? Number(header) * 1000 : Date.parse(header ?? '') - nowMs;
  return Number.isFinite(seconds) ? Math.min(Math.max(seconds, FIRST_BACKOFF_MS), MOST_RETRY_AFTER_MS) : 1000;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function reasonOf(text: string): string {
  const value = parseJson(text);
  const parts = typeof value === 'object' && value !== null ? [member(value, 'code'), member(value, 'message'), member(value, 'reason')] : [];
  // A hostile server's text ends up on a terminal.
  return parts.filter((part) => typeof part === 'string').join(' ').replace(/[^\x20-\x7e]/g, '?').slice(0, MOST_REASON_CHARS);
}
