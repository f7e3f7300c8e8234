import { expect, test } from 'vitest';
import { defaultStorageConfig, readersThatFit, threadPoolSize } from './config.ts';

test('with the pool it asks for every reader runs, with a small one fewer do, never none', () => {
  const config = { ...defaultStorageConfig(), readers: 5 };
  expect(readersThatFit(config, threadPoolSize(config))).toBe(5);
  expect(readersThatFit(config, 6)).toBe(3);
  expect(readersThatFit(config, 1)).toBe(1);
});
