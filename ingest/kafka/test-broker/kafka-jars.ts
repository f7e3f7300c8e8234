import { execFile } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { KafkaError } from '../errors.ts';

const VERSION = '4.1.1';
const COPY_PLUGIN = 'org.apache.maven.plugins:maven-dependency-plugin:3.6.1:copy-dependencies';

const run = promisify(execFile);

/**
 * The class path of Apache Kafka, fetched by Maven on first use into the user's cache. Any number of processes may do it
 * at once: each fills a directory of its own, and the first to rename it into place wins.
 */
export async function kafkaClassPath(): Promise<string> {
  const cache = path.join(process.env['XDG_CACHE_HOME'] || path.join(os.homedir(), '.cache'), 'tourniquet');
  const jars = path.join(cache, `kafka-${VERSION}`);
  if (!existsSync(jars)) await fetchInto(cache, jars);
  return path.join(jars, '*');
}

async function fetchInto(cache: string, jars: string): Promise<void> {
  await mkdir(cache, { recursive: true });
  const filling = await mkdtemp(path.join(cache, 'filling-'));
  try {
    await copyArtifacts(filling);
    await rename(filling, jars).catch((cause: unknown) => {
      if (!existsSync(jars)) throw cause;
    });
  } finally {
    await rm(filling, { recursive: true, force: true });
  }
}

async function copyArtifacts(directory: string): Promise<void> {
  const pom = fileURLToPath(new URL('pom.xml', import.meta.url));
  try {
    await run('mvn', ['-B', '-q', '-f', pom, COPY_PLUGIN, '-DincludeScope=runtime', `-DoutputDirectory=${directory}`], { maxBuffer: 16 * 1024 * 1024 });
  } catch (cause) {
    if (isMissing(cause)) throw new KafkaError('TQ-KAFKA-20', 'mvn not found', { cause });
    throw new KafkaError('TQ-KAFKA-21', cause instanceof Error ? cause.message.slice(0, 2_000) : '', { cause });
  }
}

/** Refuses a machine without Java 17 or later. */
export async function checkJava(): Promise<void> {
  try {
    const { stderr, stdout } = await run('java', ['-version']);
    const major = Number(/version "(\d+)/.exec(stderr + stdout)?.[1]);
    if (!(major >= 17)) throw new KafkaError('TQ-KAFKA-20', `java is version ${major}`);
  } catch (cause) {
    if (isMissing(cause)) throw new KafkaError('TQ-KAFKA-20', 'java not found', { cause });
    throw cause;
  }
}

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}
