import { COMMAND_ACTIONS } from '../../contracts/command.ts';
import { NAME_RULE } from '../../contracts/names.ts';
import { FORMATS } from '../formats/formats.ts';
import type { Schema } from './route.ts';

export const NAME_SCHEMA: Schema = { type: 'string', pattern: '^[a-z0-9][a-z0-9._-]{0,63}$', description: NAME_RULE };
export const FORMAT_SCHEMA: Schema = { type: 'string', enum: FORMATS, default: 'ndjson' };
export const ZONE_SCHEMA: Schema = { type: 'string', default: 'UTC', description: 'Where the log was written, for formats whose times do not say: Europe/Berlin, +01:00' };

const COUNT: Schema = { type: 'integer', minimum: 0 };
const BYTES_32: Schema = { type: 'string', pattern: '^[A-Za-z0-9_-]{43}$', description: '32 bytes as base64url' };
const BYTES_64: Schema = { type: 'string', pattern: '^[A-Za-z0-9_-]{86}$', description: '64 bytes as base64url' };

function closed(properties: Readonly<Record<string, Schema>>, optional: readonly string[] = []): Schema {
  return { type: 'object', properties, required: Object.keys(properties).filter((name) => !optional.includes(name)), additionalProperties: false };
}

export const ERROR_SCHEMA = closed(
  {
    code: { type: 'string', pattern: '^TQ-GATEWAY-[0-9]{2}$' },
    reason: { type: 'string' },
    message: { type: 'string' },
    line: { ...COUNT, description: 'The line at fault, counted from 0' },
  },
  ['line'],
);

export const STATUS_SCHEMA = closed({ code: COUNT, message: { type: 'string' } });

export const RECEIPT_SCHEMA = closed({
  v: { const: 2 }, site: NAME_SCHEMA, stream: NAME_SCHEMA, epoch: { type: 'integer', minimum: 1 }, first_seq: COUNT,
  lines: { type: 'integer', minimum: 1 }, head: BYTES_32, received_at: { ...COUNT, description: 'Unix milliseconds' },
  dead_letters: COUNT, size: { type: 'integer', minimum: 1 }, index: COUNT, path: { type: 'array', items: BYTES_32 }, key: BYTES_32, signature: BYTES_64,
});

export const BLOCK_ANSWER_SCHEMA = closed({ receipt: RECEIPT_SCHEMA, checkpoint: { type: 'string', description: 'Newest checkpoint of the site, a C2SP signed note' } }, ['checkpoint']);
export const LINES_ANSWER_SCHEMA = closed({ accepted: COUNT, dead_letters: COUNT, lines: COUNT });
export const ENROLMENT_ANSWER_SCHEMA = closed({ site: NAME_SCHEMA, receipt_key: BYTES_32, command_key: BYTES_32 }, ['command_key']);
export const AFTER_SCHEMA: Schema = { type: 'string', pattern: '^[0-9]{1,15}$', default: '0', description: 'The highest counter taken' };

const UNIX_MS: Schema = { ...COUNT, description: 'Unix milliseconds' };

const COMMAND_SCHEMA = closed({
  v: { const: 1 }, site: NAME_SCHEMA, counter: { type: 'integer', minimum: 1 }, action: { type: 'string', enum: COMMAND_ACTIONS }, target: { type: 'string' },
  mode: { type: 'string', enum: ['dry-run', 'enforce'] }, issued_at: UNIX_MS, expires_at: UNIX_MS, lasts_s: COUNT, undoes: COUNT, reason: { type: 'string' }, key: BYTES_32, signature: BYTES_64,
});

export const ORDERS_ANSWER_SCHEMA = closed(
  {
    now: UNIX_MS, command_key: BYTES_32,
    letters: { type: 'array', items: closed({ key_epoch: { type: 'integer', minimum: 1 }, sealed: { type: 'string', pattern: '^[A-Za-z0-9_-]{107}$' } }) },
    commands: { type: 'array', items: COMMAND_SCHEMA },
  },
  ['command_key'],
);
export const HEALTH_SCHEMA = closed({ status: { const: 'ok' } });
export const OTLP_ANSWER_SCHEMA = closed(
  { partialSuccess: closed({ rejectedLogRecords: { type: 'string', description: 'int64' }, errorMessage: { type: 'string' } }) },
  ['partialSuccess'],
);
export const TEXT_SCHEMA: Schema = { type: 'string' };
export const BINARY_SCHEMA: Schema = { type: 'string', format: 'binary' };
export const DOCUMENT_SCHEMA: Schema = { type: 'object', required: ['openapi', 'info', 'paths'] };
