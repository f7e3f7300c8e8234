import { expect, test } from 'vitest';
import { BRIDGE_ERRORS, BridgeError, isRetryable } from './errors.ts';
import type { BridgeErrorCode } from './errors.ts';

// The catalogue's own keys.
test.each(Object.keys(BRIDGE_ERRORS) as BridgeErrorCode[])('%s says whether to try again and what to do, and keeps its cause', (code) => {
  expect(code).toMatch(/^TQ-BRIDGE-[0-9]{2}$/);
  const error = new BridgeError(code, 'partition 3', { cause: 'why' });
  expect(error).toMatchObject({ name: 'BridgeError', code, retryable: BRIDGE_ERRORS[code].retryable, cause: 'why' });
  expect(error.message).toBe(`${code}: ${BRIDGE_ERRORS[code].message} (partition 3)`);
  expect(isRetryable(error)).toBe(error.retryable);
});

test.each([undefined, null, 'text', {}, new Error('x'), { retryable: 'yes' }])('%s is not called retryable', (thrown) => {
  expect(isRetryable(thrown)).toBe(false);
});
