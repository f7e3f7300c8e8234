import { openEmbeddedLog } from './embedded-log.ts';
import { LogError } from './errors.ts';

/**
 * A process of its own for the tests of several writers. Arguments: directory, site, what to do. It prints a line for
 * each acknowledgement, and only then; so what was printed must be on disk.
 */
const [directory = '', site = '', mode = ''] = process.argv.slice(2);
const log = await openEmbeddedLog({ directory, partitions: 1 });

async function appendForever(): Promise<void> {
  const writers = Array.from({ length: 16 }, async (_, writer) => {
    for (let i = 0; ; i++) {
      const { position } = await log.append(site, Buffer.from(`${process.pid}/${writer}/${i}/${'x'.repeat(3_000)}`));
      process.stdout.write(`${position} ${process.pid}/${writer}/${i}\n`);
    }
  });
  await Promise.all(writers);
}

async function appendAndClaim(): Promise<void> {
  await Promise.all(Array.from({ length: 300 }, async (_, i) => log.append(site, Buffer.from(`${site}/${i}`))));
  for (let i = 0; i < 50; i++) {
    const won = await log.control.claim(`prepare/0/${i}`, site);
    process.stdout.write(`${won.offset} ${won.value}\n`);
  }
  await log[Symbol.asyncDispose]();
}

/** For a process whose files may not grow beyond some size, as on a full disk. */
async function fillDisk(): Promise<void> {
  const refusals = new Set<string>();
  for (let round = 0; round < 20; round++) {
    const answers = await Promise.allSettled(Array.from({ length: 20 }, async () => log.append(site, Buffer.alloc(12_000, 1))));
    for (const answer of answers) {
      if (answer.status === 'fulfilled') process.stdout.write(`${answer.value.position}\n`);
      else refusals.add(answer.reason instanceof LogError ? `${answer.reason.code} ${answer.reason.retryable}` : 'another error');
    }
  }
  await log.trim(0, 50);
  const { position } = await log.append(site, Buffer.alloc(12_000, 1));
  process.stdout.write(`${position}\n${[...refusals].join()}\n`);
  await log[Symbol.asyncDispose]();
}

const MODES: Readonly<Record<string, () => Promise<void>>> = { forever: appendForever, claim: appendAndClaim, fill: fillDisk };
await MODES[mode]?.();
