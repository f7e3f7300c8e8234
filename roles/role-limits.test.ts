import { expect, test } from 'vitest';
import { SETTINGS } from './config/config.ts';
import { readConfig } from './config/read.ts';
import { roleLimits } from './role-limits.ts';

function workerArgs(yaml: string): readonly string[] {
  return roleLimits(readConfig(SETTINGS, yaml, 'c.yaml')).args.worker ?? [];
}

test('a worker may use more memory the more partitions it can own, up to a bound', () => {
  expect(workerArgs('')).toContain('--max-old-space-size=192');
  expect(workerArgs('log: {kind: kafka, kafka: {partitions: 4}}')).toContain('--max-old-space-size=384');
  expect(workerArgs('log: {kind: kafka, kafka: {partitions: 1024}}')).toEqual(workerArgs('log: {kind: kafka, kafka: {partitions: 16}}'));
});

test('only the storage role gets more threads', () => {
  const { env } = roleLimits(readConfig(SETTINGS, '', 'c.yaml'));
  expect(Object.keys(env)).toEqual(['storage']);
  expect(Number(env.storage?.['UV_THREADPOOL_SIZE'])).toBeGreaterThan(4);
});
