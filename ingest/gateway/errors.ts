/**
 * Everything a client can be told besides success. Each error answer is `{code, reason, message}` from here, with `line`
 * (counted from 0 in the lines of the body) where one is at fault. Messages hold no input and no secret. Codes are never
 * reused. `retryable` answers carry Retry-After; the same bytes may be sent again.
 */
const CATALOGUE = {
  'TQ-GATEWAY-01': { status: 401, retryable: false, reason: 'credentials_missing', message: 'No credentials. Send "Authorization: Bearer <ingest key>" with the key that "tourniquet site add" showed.' },
  'TQ-GATEWAY-02': { status: 401, retryable: false, reason: 'credentials_wrong', message: 'The ingest key is not known. Use the newest one of the site, or make one with "tourniquet site rotate NAME".' },
  'TQ-GATEWAY-03': { status: 403, retryable: false, reason: 'other_site', message: 'The credentials belong to another site. Use the key of the site you name.' },
  'TQ-GATEWAY-04': { status: 401, retryable: false, reason: 'key_unknown', message: 'The signing key is not known for this site. Enrol the shipper with its enrolment line.' },
  'TQ-GATEWAY-05': { status: 403, retryable: false, reason: 'key_retired', message: 'The signing key was replaced. Sign with its successor, or enrol again after "tourniquet site rotate NAME".' },
  'TQ-GATEWAY-06': { status: 401, retryable: false, reason: 'signature_wrong', message: 'The signature does not hold. Sign the text that the block contract names with the key in the header.' },
  'TQ-GATEWAY-07': { status: 401, retryable: false, reason: 'enrolment_unknown', message: 'The enrolment secret is not known. Make a new one with "tourniquet site rotate NAME".' },
  'TQ-GATEWAY-08': { status: 403, retryable: false, reason: 'enrolment_used', message: 'The enrolment was used by another key or replaced. Make a new one with "tourniquet site rotate NAME".' },
  'TQ-GATEWAY-10': { status: 404, retryable: false, reason: 'not_found', message: 'There is no such path. GET /openapi.json lists all.' },
  'TQ-GATEWAY-11': { status: 405, retryable: false, reason: 'method_not_allowed', message: 'The path does not take this method. See the Allow header.' },
  'TQ-GATEWAY-12': { status: 415, retryable: false, reason: 'content_encoding', message: 'The Content-Encoding is not supported. Use gzip, zstd or none.' },
  'TQ-GATEWAY-13': { status: 415, retryable: false, reason: 'content_type', message: 'The Content-Type is not supported here. OTLP takes application/x-protobuf or application/json.' },
  'TQ-GATEWAY-14': { status: 413, retryable: false, reason: 'body_too_large', message: 'The body is too large: at most 2 MiB as sent, 64 KiB of browser reports, 4 KiB of an enrolment. Send smaller blocks.' },
  'TQ-GATEWAY-15': { status: 413, retryable: false, reason: 'decompressed_too_large', message: 'The body is too large after decompression: at most 1 MiB for a block, 8 MiB for plain lines. Send smaller blocks.' },
  'TQ-GATEWAY-16': { status: 400, retryable: false, reason: 'bad_request', message: 'The request could not be read as HTTP. Check its headers, path and length.' },
  'TQ-GATEWAY-20': { status: 422, retryable: false, reason: 'compression_broken', message: 'The body cannot be decompressed: it is cut off, damaged or not of the named Content-Encoding. Send it again from the start.' },
  'TQ-GATEWAY-21': { status: 422, retryable: false, reason: 'header_broken', message: 'The first line is no block header.' },
  'TQ-GATEWAY-22': { status: 422, retryable: false, reason: 'line_framing', message: 'A line is not framed as nonce, space, event, line feed. Nothing of the block was taken.' },
  'TQ-GATEWAY-23': { status: 422, retryable: false, reason: 'line_count', message: 'The block does not hold as many lines as its header says. Nothing of the block was taken.' },
  'TQ-GATEWAY-24': { status: 422, retryable: false, reason: 'chain_head', message: 'The lines do not lead from previous_head to head. Nothing of the block was taken.' },
  'TQ-GATEWAY-25': { status: 422, retryable: false, reason: 'certificate', message: 'The certificate does not hold for this site and key.' },
  'TQ-GATEWAY-26': { status: 422, retryable: false, reason: 'no_lines', message: 'The body holds no lines.' },
  'TQ-GATEWAY-27': { status: 422, retryable: false, reason: 'parameters', message: 'A query parameter is missing or wrong: site and stream are names, after is a counter, format is one of those in /openapi.json.' },
  'TQ-GATEWAY-28': { status: 422, retryable: false, reason: 'enrolment_broken', message: 'The enrolment is not {site, secret, key} with 32 bytes as base64url for secret and key; of a shipper that takes orders also box_key, an X25519 public key likewise, and mailbox_hash, a SHA-256 in hex.' },
  'TQ-GATEWAY-29': { status: 400, retryable: false, reason: 'otlp_broken', message: 'The body is no ExportLogsServiceRequest of the OTLP logs protocol in the encoding its Content-Type names.' },
  'TQ-GATEWAY-30': { status: 429, retryable: true, reason: 'rate_limit', message: 'The site sends more than its rate. Wait as Retry-After says and send the same again.' },
  'TQ-GATEWAY-31': { status: 503, retryable: true, reason: 'busy', message: 'The gateway holds as much as it may. Wait as Retry-After says and send the same again.' },
  'TQ-GATEWAY-32': { status: 503, retryable: true, reason: 'log_unavailable', message: 'The event log or its keys do not answer. Wait as Retry-After says and send the same again.' },
  'TQ-GATEWAY-33': { status: 500, retryable: false, reason: 'internal', message: 'The gateway failed. Its own log names the cause.' },
  'TQ-GATEWAY-34': { status: 503, retryable: true, reason: 'not_ready', message: 'The gateway cannot take events now. Its own log names the cause.' },
  'TQ-GATEWAY-35': { status: 401, retryable: false, reason: 'mailbox_missing', message: 'No mailbox secret. Send "Authorization: Bearer <mailbox secret>", derived from the private key of the box.' },
  'TQ-GATEWAY-36': { status: 401, retryable: false, reason: 'mailbox_unknown', message: 'No mailbox in force of this site opens to that secret. Enrol the shipper with a new enrolment line.' },
  'TQ-GATEWAY-37': { status: 422, retryable: false, reason: 'report_broken', message: 'The body is no report: send a CSP report, a list of the Reporting API, or {page, scripts}.' },
  'TQ-GATEWAY-38': { status: 415, retryable: false, reason: 'report_type', message: 'The Content-Type is not supported here. Reports are application/csp-report, application/reports+json, application/json or text/plain.' },
} as const satisfies Readonly<Record<string, GatewayErrorEntry>>;

interface GatewayErrorEntry {
  readonly status: number;
  readonly retryable: boolean;
  readonly reason: string;
  readonly message: string;
}

export type GatewayErrorCode = keyof typeof CATALOGUE;

export const GATEWAY_ERRORS: Readonly<Record<GatewayErrorCode, GatewayErrorEntry>> = CATALOGUE;

export interface ErrorDetail extends ErrorOptions {
  readonly line?: number;
  /** What exactly is wrong, without any input. */
  readonly problem?: string;
  readonly retryAfterSeconds?: number;
}

export class GatewayError extends Error {
  override readonly name = 'GatewayError';
  readonly code: GatewayErrorCode;
  readonly status: number;
  readonly retryable: boolean;
  readonly reason: string;
  readonly line: number | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(code: GatewayErrorCode, detail: ErrorDetail = {}) {
    const entry = GATEWAY_ERRORS[code];
    super(detail.problem === undefined ? entry.message : `${entry.message} (${detail.problem})`, detail);
    this.code = code;
    this.status = entry.status;
    this.retryable = entry.retryable;
    this.reason = entry.reason;
    this.line = detail.line;
    this.retryAfterSeconds = entry.retryable ? (detail.retryAfterSeconds ?? 1) : undefined;
  }
}

export interface ErrorBody {
  readonly code: GatewayErrorCode;
  readonly reason: string;
  readonly message: string;
  readonly line?: number;
}

export function errorBody(error: GatewayError): ErrorBody {
  const { code, reason, message, line } = error;
  return line === undefined ? { code, reason, message } : { code, reason, message, line };
}

/** What other errors say of themselves. */
interface ThrownFacts {
  readonly retryable?: unknown;
  readonly statusCode?: unknown;
}

/** Whatever was thrown, as an answer: of errors that are not ours only HTTP's own faults and `retryable` are believed. */
export function toGatewayError(error: unknown): GatewayError {
  if (error instanceof GatewayError) return error;
  const facts: ThrownFacts = typeof error === 'object' && error !== null ? error : {};
  if (facts.retryable === true) return new GatewayError('TQ-GATEWAY-32', { cause: error });
  if (facts.statusCode === 413) return new GatewayError('TQ-GATEWAY-14', { cause: error });
  if (typeof facts.statusCode === 'number' && facts.statusCode < 500) return new GatewayError('TQ-GATEWAY-16', { cause: error });
  return new GatewayError('TQ-GATEWAY-33', { cause: error });
}
