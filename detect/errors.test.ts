import { expect, test } from 'vitest';
import { detectError } from './errors.ts';

test('an error carries its code, the fix and its cause', () => {
  const cause = new Error('dlopen');
  const error = detectError('nativeUnusable', 'x.node', { cause });
  expect(error).toMatchObject({ name: 'DetectError', code: 'TQ-DETECT-04', retryable: false, cause });
  expect(error.message).toMatch(/apt-get install libvectorscan5.*: x\.node$/);
});
