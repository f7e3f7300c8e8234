import kafkajs from 'kafkajs';
import { expect, test } from 'vitest';
import { kafkaErrorOf } from './client-error.ts';
import { KafkaError } from './errors.ts';

const { KafkaJSConnectionError, KafkaJSNonRetriableError, KafkaJSProtocolError } = kafkajs;

/** As kafkajs makes it of an error code; its types do not tell what the constructor takes. */
function protocolError(type: string, retriable: boolean): Error {
  return Object.assign(Object.create(KafkaJSProtocolError.prototype), { name: 'KafkaJSProtocolError', message: 'refused', type, retriable });
}

function givenUp(cause: Error): Error {
  return Object.assign(new Error('given up'), { name: 'KafkaJSNumberOfRetriesExceeded', retriable: false, cause });
}

test.each([
  ['a refused login', Object.assign(new Error('no'), { name: 'KafkaJSSASLAuthenticationError', retriable: false }), 'TQ-KAFKA-02', false],
  ['an untrusted certificate behind given-up tries', givenUp(new KafkaJSConnectionError('no', { code: 'SELF_SIGNED_CERT_IN_CHAIN' })), 'TQ-KAFKA-03', false],
  ['a right that is missing', protocolError('TOPIC_AUTHORIZATION_FAILED', false), 'TQ-KAFKA-07', false],
  ['too few brokers', protocolError('INVALID_REPLICATION_FACTOR', false), 'TQ-KAFKA-06', true],
  ['another kind of group', protocolError('INCONSISTENT_GROUP_PROTOCOL', false), 'TQ-KAFKA-08', false],
  ['an election', givenUp(protocolError('NOT_CONTROLLER', true)), 'TQ-KAFKA-17', true],
  ['what cannot be tried again', new KafkaJSNonRetriableError('no'), 'TQ-KAFKA-09', false],
  ['a dead connection', givenUp(new KafkaJSConnectionError('no', { code: 'ECONNREFUSED' })), 'TQ-KAFKA-01', true],
  ['anything else', new Error('no'), 'TQ-KAFKA-01', true],
  ['nothing', undefined, 'TQ-KAFKA-01', true],
])('%s is named in our words, and the cause kept', (_, error, code, retryable) => {
  const named = kafkaErrorOf(error);
  expect(named).toMatchObject({ code, retryable });
  expect(named.cause).toBe(error);
});

test('an error that circles back to itself ends', () => {
  const error = Object.assign(new Error('round'), { cause: undefined as unknown });
  error.cause = error;
  expect(kafkaErrorOf(error)).toMatchObject({ code: 'TQ-KAFKA-01' });
});

test('our own error stays what it is', () => {
  const error = new KafkaError('TQ-KAFKA-05');
  expect(kafkaErrorOf(error)).toBe(error);
});
