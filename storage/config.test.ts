import { expect, test } from 'vitest';
import { clusterOf, defaultStorageConfig, readersThatFit, storeOptions, threadPoolSize } from './config.ts';

test('with the pool it asks for every reader runs, with a small one fewer do, never none', () => {
  const config = { ...defaultStorageConfig(), readers: 5 };
  expect(readersThatFit(config, threadPoolSize(config))).toBe(5);
  expect(readersThatFit(config, 6)).toBe(3);
  expect(readersThatFit(config, 1)).toBe(1);
});

test('a cluster is one only when it is named, and brings its quorum', () => {
  const config = defaultStorageConfig();
  expect(storeOptions(config)).toEqual({ requestTimeoutMs: 30_000 });
  expect(storeOptions({ ...config, cluster: 'main', insert_quorum: '2' })).toEqual({ requestTimeoutMs: 30_000, cluster: { name: 'main', quorum: '2', quorumTimeoutMs: 20_000 } });
});

test.each(['', '0', 'all', '-1', '1.5', '100', 'auto '])('a quorum of "%s" is refused', (insert_quorum) => {
  expect(() => clusterOf({ ...defaultStorageConfig(), cluster: 'main', insert_quorum })).toThrow(/insert_quorum/);
});

test('a quorum that may take longer than a call is refused', () => {
  expect(() => clusterOf({ ...defaultStorageConfig(), cluster: 'main', insert_quorum_timeout_ms: 30_000 })).toThrow(/request_timeout_ms/);
});
