import { isName } from '../../contracts/names.ts';
import { isFormat, isZone } from '../formats/formats.ts';
import type { GatewayContext, RawRequest } from './context.ts';
import { GatewayError } from './errors.ts';
import { countLines, readPlainLines } from './plain-lines.ts';
import type { PlainBlock } from './plain-lines.ts';
import { compress } from './record-writer.ts';
import { contentEncoding, openBody } from './request-body.ts';

export const MAX_PLAIN_BYTES = 8 * 1024 * 1024;

export interface LinesAnswer {
  /** Events stored or to be stored. */
  readonly accepted: number;
  /** Lines put aside because they cannot become events. */
  readonly dead_letters: number;
  /** Lines of the body; fewer events when a format joins lines. */
  readonly lines: number;
}

/**
 * Takes plain lines under an ingest key. Resolves once all are durable. When it rejects some blocks may be durable: plain
 * lines are delivered at least once, only chained blocks exactly once.
 */
export async function acceptLines(context: GatewayContext, request: RawRequest): Promise<LinesAnswer> {
  const { site, stream } = await plainSource(context, request, 'default');
  const format = request.query['format'] ?? 'ndjson';
  if (typeof format !== 'string' || !isFormat(format)) throw new GatewayError('TQ-GATEWAY-27', { problem: 'format' });
  const zone = request.query['zone'] ?? 'UTC';
  if (!isZone(zone)) throw new GatewayError('TQ-GATEWAY-27', { problem: 'zone' });
  const body = openPlainBody(request);
  const lines = countLines(body);
  if (lines === 0) throw new GatewayError('TQ-GATEWAY-26');
  takeRate(context, site, lines, body.length);
  const taken = await writeBlocks(context, site, stream, readPlainLines(body, format, context.inspector, zone));
  return { ...taken, lines };
}

/** Whose lines these are: the ingest key decides, a named site must be the same. */
export async function plainSource(context: GatewayContext, request: RawRequest, defaultStream: string): Promise<{ readonly site: string; readonly stream: string }> {
  const key = /^Bearer +(\S+) *$/i.exec(request.authorization ?? '')?.[1];
  if (key === undefined) throw new GatewayError('TQ-GATEWAY-01');
  const site = await context.sites.siteOfIngestKey(key);
  if (site === undefined) throw new GatewayError('TQ-GATEWAY-02');
  const named = request.query['site'];
  if (named !== undefined && named !== site) throw new GatewayError('TQ-GATEWAY-03');
  const stream = request.query['stream'] ?? defaultStream;
  if (!isName(stream)) throw new GatewayError('TQ-GATEWAY-27', { problem: 'stream' });
  return { site, stream };
}

export function openPlainBody(request: RawRequest): Buffer {
  const encoding = contentEncoding(request.encoding);
  request.ticket.needRoom(encoding === 'identity' ? 0 : MAX_PLAIN_BYTES);
  const { bytes } = openBody(request.body, encoding, MAX_PLAIN_BYTES);
  request.ticket.grow(bytes.length);
  return bytes;
}

export function takeRate(context: GatewayContext, site: string, lines: number, bytes: number): void {
  const waitSeconds = context.rateLimit.take(site, lines, bytes);
  if (waitSeconds !== undefined) throw new GatewayError('TQ-GATEWAY-30', { retryAfterSeconds: waitSeconds });
}

/** One after the other, so that a source's lines keep their order in the log. */
export async function writeBlocks(context: GatewayContext, site: string, stream: string, blocks: Iterable<PlainBlock>): Promise<{ readonly accepted: number; readonly dead_letters: number }> {
  let accepted = 0;
  let deadLetters = 0;
  for (const { body, lines, rejects, deadLetters: dead } of blocks) {
    await context.writer.write(
      {
        v: 1, site, stream, provenance: 'gateway', received_at: context.clock(), framing: 'plain', codec: 'zstd', lines, bytes: body.length,
        ...(rejects.length === 0 ? {} : { rejects }),
      },
      compress(body),
    );
    context.metrics.taken('gateway', lines, body.length, dead);
    accepted += lines - dead;
    deadLetters += dead;
  }
  return { accepted, dead_letters: deadLetters };
}
