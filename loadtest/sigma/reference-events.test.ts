import { expect, test } from 'vitest';
import { SIGMA_LOAD, sigmaBody, sigmaEvents } from './reference-events.ts';

const START = Date.UTC(2026, 10, 21);
const NAMES = ['@timestamp', 'c-ip', 'cs-method', 'cs-host', 'cs-uri-stem', 'cs-uri-query', 'c-uri', 'cs-user-agent', 'cs-referer', 'sc-status', 'sc-bytes', 'cs-username'];

test('equal arguments give equal lines, another seed others', () => {
  expect(sigmaBody(SIGMA_LOAD, START, 100).equals(sigmaBody(SIGMA_LOAD, START, 100))).toBe(true);
  expect(sigmaBody({ ...SIGMA_LOAD, seed: 1 }, START, 100).equals(sigmaBody(SIGMA_LOAD, START, 100))).toBe(false);
});

test('an event has twelve fields and 400 to 450 bytes on average, and one in a hundred is an attack', () => {
  const events = sigmaEvents(SIGMA_LOAD, START);
  const sample = Array.from({ length: 10_000 }, () => events.next().value);
  for (const { line } of sample.slice(0, 200)) expect(Object.keys(JSON.parse(line) as object)).toStrictEqual(NAMES);
  const bytes = sample.reduce((sum, { line }) => sum + Buffer.byteLength(line), 0) / sample.length;
  expect(bytes).toBeGreaterThan(400);
  expect(bytes).toBeLessThan(450);
  const attacks = sample.filter((event) => event.attack).length / sample.length;
  expect(attacks).toBeGreaterThan(0.008);
  expect(attacks).toBeLessThan(0.012);
});
