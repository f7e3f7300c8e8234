import { mkdtemp, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { checkJava, kafkaClassPath } from './kafka-jars.ts';

afterEach(() => vi.unstubAllEnvs());

test('a machine without Java is told the command that installs it', async () => {
  vi.stubEnv('PATH', '/nowhere');
  await expect(checkJava()).rejects.toThrow('apt-get install -y openjdk-17-jre-headless maven');
});

test('a machine without Maven is told the command that installs it, and no cache is left half filled', async () => {
  const cache = await mkdtemp(path.join(os.tmpdir(), 'tourniquet-cache-'));
  vi.stubEnv('PATH', '/nowhere');
  vi.stubEnv('XDG_CACHE_HOME', cache);
  await expect(kafkaClassPath()).rejects.toMatchObject({ code: 'TQ-KAFKA-20', message: expect.stringContaining('mvn not found') });
  vi.unstubAllEnvs();
  vi.stubEnv('XDG_CACHE_HOME', cache);
  const paths = await Promise.all([kafkaClassPath(), kafkaClassPath()]);
  expect(new Set(paths)).toEqual(new Set([path.join(cache, 'tourniquet', 'kafka-4.1.1', '*')]));
  await rm(cache, { recursive: true });
});
