import type { GatewayContext, RawRequest } from './context.ts';

/** JSON Schema 2020-12, as OpenAPI 3.1 uses it. */
export interface Schema {
  readonly [keyword: string]: unknown;
}

export interface RouteAnswer {
  readonly contentType: string;
  readonly body: string | Buffer;
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

/** One route: what it does and what the OpenAPI document says of it, in one place. */
export interface Route {
  readonly method: 'GET' | 'POST' | 'OPTIONS';
  /** Named parts as `:name`. */
  readonly path: string;
  readonly summary: string;
  readonly security: 'none' | 'ingest-key' | 'mailbox' | 'signature' | 'enrolment';
  readonly query?: Readonly<Record<string, Schema>>;
  /** Media types of the body; absent when there is none. */
  readonly bodyTypes?: readonly string[];
  /** Of the body as sent; otherwise `MAX_BODY_BYTES`. */
  readonly maxBodyBytes?: number;
  /** Schema of the 200 answer by media type; none: 204 without a body. */
  readonly answers: Readonly<Record<string, Schema>>;
  /** Statuses of error answers. */
  readonly errors: readonly number[];
  /** `otlp`: errors are google.rpc.Status in the request's encoding. */
  readonly errorShape?: 'otlp';
  readonly handle: (context: GatewayContext, request: RawRequest) => Promise<RouteAnswer> | RouteAnswer;
}

export function jsonAnswer(value: unknown): RouteAnswer {
  return { contentType: 'application/json', body: JSON.stringify(value) };
}

export function emptyAnswer(headers: Readonly<Record<string, string>>): RouteAnswer {
  return { contentType: '', body: '', status: 204, headers };
}
