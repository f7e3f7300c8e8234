import { expect, test } from 'vitest';
import { REDACTED } from '../../contracts/masked-span.ts';
import { redactedLine } from './redacted-line.ts';

const LINE = '{"a": {"b":"x","c":12}, "note":"call \\u0041nn now", "list":["Ann","%41nn"],"Ann":1}';

test.each([
  [{ fields: ['a.b'], text: undefined }, `{"a": {"b":"${REDACTED}","c":12}, "note":"call \\u0041nn now", "list":["Ann","%41nn"],"Ann":1}`, 1],
  [{ fields: ['a'], text: undefined }, `{"a": {"b":"${REDACTED}","c":"${REDACTED}"}, "note":"call \\u0041nn now", "list":["Ann","%41nn"],"Ann":1}`, 2],
  [{ fields: [], text: 'Ann' }, `{"a": {"b":"x","c":12}, "note":"call ${REDACTED} now", "list":["${REDACTED}","${REDACTED}"],"${REDACTED}":1}`, 4],
  [{ fields: ['list'], text: '12' }, `{"a": {"b":"x","c":"${REDACTED}"}, "note":"call \\u0041nn now", "list":["${REDACTED}","${REDACTED}"],"Ann":1}`, 3],
  [{ fields: ['nothing'], text: 'nobody' }, LINE, 0],
])('%j goes, and every other byte stays', (of, line, replaced) => {
  expect(redactedLine(LINE, of)).toEqual({ line, replaced });
});

test('a line that was redacted is as it is', () => {
  const once = redactedLine(LINE, { fields: ['a'], text: undefined });
  expect(redactedLine(once.line, { fields: ['a'], text: undefined })).toEqual({ line: once.line, replaced: 0 });
});
