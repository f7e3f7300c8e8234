import { GatewayError } from './errors.ts';
import { encodeAnswer } from './otlp-wire.ts';
import type { AnswerMessage } from './otlp-wire.ts';
import type { RouteAnswer } from './route.ts';

export type OtlpEncoding = 'json' | 'protobuf';

const PROTOBUF = 'application/x-protobuf';

export function otlpEncoding(contentType: string | undefined): OtlpEncoding {
  switch (contentType?.split(';', 1)[0]?.trim().toLowerCase()) {
    case 'application/json':
      return 'json';
    case PROTOBUF:
      return 'protobuf';
    default:
      throw new GatewayError('TQ-GATEWAY-13');
  }
}

/** Answers come in the encoding of the request (OTLP/HTTP response). */
export function otlpAnswer(encoding: OtlpEncoding, name: AnswerMessage, value: Readonly<Record<string, unknown>>): RouteAnswer {
  return encoding === 'json' ? { contentType: 'application/json', body: JSON.stringify(value) } : { contentType: PROTOBUF, body: encodeAnswer(name, value) };
}

/** google.rpc.Code by HTTP status, as google/rpc/code.proto maps them. */
const RPC_CODES: Readonly<Record<number, number>> = { 400: 3, 401: 16, 403: 7, 404: 5, 413: 3, 415: 3, 422: 3, 429: 8, 503: 14 };
const RPC_INTERNAL = 13;

/** google.rpc.Status; an unknown Content-Type is answered in JSON. */
export function otlpErrorAnswer(error: GatewayError, contentType: string | undefined): RouteAnswer {
  const encoding = contentType?.toLowerCase().startsWith(PROTOBUF) === true ? 'protobuf' : 'json';
  return otlpAnswer(encoding, 'Status', { code: RPC_CODES[error.status] ?? RPC_INTERNAL, message: `${error.code} ${error.reason}: ${error.message}` });
}
