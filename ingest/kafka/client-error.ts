import { KafkaError, type KafkaErrorCode } from './errors.ts';

/** Of OpenSSL, as Node names them: the certificate itself is the trouble, so trying again changes nothing. */
const UNTRUSTED = new Set([
  'SELF_SIGNED_CERT_IN_CHAIN', 'DEPTH_ZERO_SELF_SIGNED_CERT', 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY', 'ERR_TLS_CERT_ALTNAME_INVALID', 'CERT_HAS_EXPIRED', 'CERT_NOT_YET_VALID', 'CERT_SIGNATURE_FAILURE',
]);
const REFUSED_LOGIN = new Set(['SASL_AUTHENTICATION_FAILED', 'UNSUPPORTED_SASL_MECHANISM', 'ILLEGAL_SASL_STATE']);
const BAD_GROUP = new Set(['INCONSISTENT_GROUP_PROTOCOL', 'INVALID_GROUP_ID', 'INVALID_SESSION_TIMEOUT', 'UNSUPPORTED_VERSION']);

/** What went wrong, in our words, of anything kafkajs throws. */
export function kafkaErrorOf(error: unknown): KafkaError {
  if (error instanceof KafkaError) return error;
  const causes = causesOf(error);
  for (const cause of causes) {
    const code = codeOf(cause);
    if (code !== undefined) return new KafkaError(code, textOf(cause), { cause: error });
  }
  const isLasting = causes.length > 0 && causes.every((cause) => memberOf(cause, 'retriable') === false);
  return new KafkaError(isLasting ? 'TQ-KAFKA-09' : 'TQ-KAFKA-01', textOf(causes.at(-1)), { cause: error });
}

function codeOf(cause: unknown): KafkaErrorCode | undefined {
  const type = String(memberOf(cause, 'type'));
  if (memberOf(cause, 'name') === 'KafkaJSSASLAuthenticationError' || REFUSED_LOGIN.has(type)) return 'TQ-KAFKA-02';
  if (UNTRUSTED.has(String(memberOf(cause, 'code')))) return 'TQ-KAFKA-03';
  if (type.endsWith('_AUTHORIZATION_FAILED')) return 'TQ-KAFKA-07';
  if (type === 'INVALID_REPLICATION_FACTOR') return 'TQ-KAFKA-06';
  if (BAD_GROUP.has(type)) return 'TQ-KAFKA-08';
  if (memberOf(cause, 'name') === 'KafkaJSRequestTimeoutError') return 'TQ-KAFKA-11';
  if (typeof memberOf(cause, 'type') === 'string' && memberOf(cause, 'retriable') === true) return 'TQ-KAFKA-17';
  return undefined;
}

/** The error and what it wraps, outermost first. */
function causesOf(error: unknown): readonly unknown[] {
  const causes: unknown[] = [];
  const open = [error];
  while (open.length > 0 && causes.length < 16) {
    const next = open.shift();
    if (!(next instanceof Error) || causes.includes(next)) continue;
    causes.push(next);
    const inner = memberOf(next, 'errors');
    open.push(memberOf(next, 'cause'), memberOf(next, 'originalError'), ...(Array.isArray(inner) ? inner : []));
  }
  return causes;
}

function memberOf(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null && name in value ? Reflect.get(value, name) : undefined;
}

function textOf(cause: unknown): string {
  return cause instanceof Error ? cause.message.slice(0, 300) : '';
}
