import { openPlainBody, plainSource, takeRate, writeBlocks } from './accept-lines.ts';
import type { GatewayContext, RawRequest } from './context.ts';
import { GatewayError } from './errors.ts';
import { otlpAnswer, otlpEncoding } from './otlp-answer.ts';
import type { OtlpEncoding } from './otlp-answer.ts';
import { eventOfLogRecord, OtlpShapeError, readLogRecords } from './otlp-event.ts';
import { rawLogOf } from './otlp-raw.ts';
import { decodeLogsRequest } from './otlp-wire.ts';
import { blocksOfTold, countTold } from './plain-lines.ts';
import type { RouteAnswer } from './route.ts';

/**
 * OTLP/HTTP logs (opentelemetry.io/docs/specs/otlp/#otlphttp). Records that cannot become events are put aside as dead
 * letters and reported as rejected: the client must not send them again, and none is lost.
 */
export async function acceptOtlp(context: GatewayContext, request: RawRequest): Promise<RouteAnswer> {
  const encoding = otlpEncoding(request.contentType);
  const { site, stream } = await plainSource(context, request, 'otlp');
  const body = openOtlpBody(request);
  const records = decode(body, encoding);
  if (records.length === 0) return otlpAnswer(encoding, 'ExportLogsServiceResponse', {});
  const receivedAtMs = context.clock();
  const told = shaped(() => records.map(([record, scope]) => rawLogOf(record, scope) ?? { event: eventOfLogRecord(record, scope, receivedAtMs) }));
  takeRate(context, site, countTold(told), body.length);
  const taken = await writeBlocks(context, site, stream, blocksOfTold(told, context.inspector));
  const partialSuccess = { rejectedLogRecords: String(taken.dead_letters), errorMessage: 'Some records cannot become events; they were put aside as dead letters.' };
  return otlpAnswer(encoding, 'ExportLogsServiceResponse', taken.dead_letters === 0 ? {} : { partialSuccess });
}

/** The protocol knows no 422: broken compression is a bad request like broken data. */
function openOtlpBody(request: RawRequest): Buffer {
  try {
    return openPlainBody(request);
  } catch (error) {
    if (error instanceof GatewayError && error.code === 'TQ-GATEWAY-20') throw new GatewayError('TQ-GATEWAY-29', { problem: 'the body cannot be decompressed', cause: error });
    throw error;
  }
}

function decode(body: Buffer, encoding: OtlpEncoding): ReturnType<typeof readLogRecords> {
  return shaped(() => readLogRecords(encoding === 'json' ? JSON.parse(body.toString()) : decodeLogsRequest(body)));
}

/** Whatever decoding throws comes from the input: broken bytes, a wrong shape, nesting beyond the stack. */
function shaped<T>(read: () => T): T {
  try {
    return read();
  } catch (error) {
    throw new GatewayError('TQ-GATEWAY-29', error instanceof OtlpShapeError ? { problem: error.message, cause: error } : { cause: error });
  }
}
