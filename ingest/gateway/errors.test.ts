import { expect, test } from 'vitest';
import { errorBody, GATEWAY_ERRORS, GatewayError, toGatewayError } from './errors.ts';
import type { GatewayErrorCode } from './errors.ts';

// The catalogue's own keys.
const CODES = Object.keys(GATEWAY_ERRORS) as GatewayErrorCode[];

test.each(CODES)('%s has a status, a reason of its own and a message that says what to do', (code) => {
  const entry = GATEWAY_ERRORS[code];
  expect(code).toMatch(/^TQ-GATEWAY-[0-9]{2}$/);
  expect(entry.status).toBeGreaterThanOrEqual(400);
  expect(entry.reason).toMatch(/^[a-z_]+$/);
  expect(CODES.filter((other) => GATEWAY_ERRORS[other].reason === entry.reason)).toEqual([code]);
  expect(entry.message).toMatch(/^[A-Z].*\.$/);
  expect(entry.retryable).toBe(entry.status === 429 || entry.status === 503);
  const error = new GatewayError(code, { line: 3, cause: 'why' });
  expect(errorBody(error)).toEqual({ code, reason: entry.reason, message: entry.message, line: 3 });
  expect(error.cause).toBe('why');
  expect(error.retryAfterSeconds === undefined).toBe(!entry.retryable);
});

test('an error from elsewhere keeps its cause and never its text', () => {
  const secret = new Error('holds a name');
  for (const [thrown, status] of [[secret, 500], [Object.assign(new Error('holds a name'), { retryable: true }), 503], ['text', 500], [{ statusCode: 413 }, 413], [{ statusCode: 400 }, 400], [null, 500]] as const) {
    const error = toGatewayError(thrown);
    expect(error.status).toBe(status);
    expect(error.message).not.toContain('holds a name');
    expect(error.cause).toBe(thrown);
  }
});
