/**
 * Whether a line can become an event. The native inspector, its JavaScript oracle and other shippers give the same
 * code for the same bytes; a line that is not `ok` becomes a dead letter with the code's name as its reason.
 */
export const LINE_STATUS = [
  'ok',
  'empty',
  'too_long',
  'not_utf8',
  'nul_byte',
  'not_json',
  'not_object',
  'too_deep',
  'too_many_keys',
  'duplicate_key',
] as const;

export type LineStatus = (typeof LINE_STATUS)[number];

/** Reasons that arise after the line was read: set by the gateway's parsers, the derivation or the store. */
export type DeadLetterReason = Exclude<LineStatus, 'ok'> | 'unknown_format' | 'unknown_site' | 'no_timestamp' | 'refused_by_store' | 'damaged_record';
