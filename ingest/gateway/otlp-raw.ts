import { isFormat, isZone } from '../formats/formats.ts';
import type { Fields, LogContext } from './otlp-event.ts';
import { attributeOf } from './otlp-event.ts';
import type { Told } from './plain-lines.ts';

/** Attributes of a record, or of its resource, that say what log its body is a raw line of. */
const FORMAT = 'tourniquet.format';
const ZONE = 'tourniquet.zone';

/**
 * A raw line that a collector read from a file: the body is a text, and an attribute names its format. Nothing else of
 * such a record is kept; its time stands in the line. undefined for a record that says itself what it means.
 */
export function rawLogOf(record: Fields, context: LogContext): Told | undefined {
  const format = attributeOf(record, context, FORMAT);
  if (format === undefined) return undefined;
  const { stringValue }: { readonly stringValue?: unknown } = typeof record['body'] === 'object' && record['body'] !== null ? record['body'] : {};
  const bytes = Buffer.from(typeof stringValue === 'string' ? stringValue : '');
  const zone = attributeOf(record, context, ZONE) ?? 'UTC';
  if (!isFormat(format) || !isZone(zone)) return { bytes, reason: 'unknown_format' };
  // An empty body is a line all the same: each record ends as an event or as a dead letter.
  return bytes.length === 0 ? { bytes, reason: 'empty' } : { bytes, format, zone };
}
