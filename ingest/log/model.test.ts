import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { EventLog } from '../../contracts/event-log.ts';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { seededRandom } from '../../contracts/seeded-random.ts';
import type { Random } from '../../contracts/seeded-random.ts';
import { openEmbeddedLog } from './embedded-log.ts';

const PARTITIONS = 3;

/** One random call and its answer. The same numbers make the same call. */
async function step(log: EventLog, { below }: Random): Promise<unknown> {
  const [kind, a, b, c] = [below(10), below(12), below(40), below(3)];
  const position = a * 20 + b;
  const of = b % 2 === 0 ? log : log.observations;
  const stream = c === 0 ? log.registry : log.control;
  switch (kind) {
    case 0:
    case 1:
    case 2:
      return Promise.all(Array.from({ length: a + 1 }, async (_, i) => of.append(`site-${(a + i) % 7}`, Buffer.alloc(b * 300 * (c + 1), position + i))));
    case 3:
      return of.read(c, position, { maxRecords: 1 + a, maxBytes: b * 4_000 });
    case 4:
      return of.trim(c, position);
    case 5:
      return of.bounds(c);
    case 6:
      return stream.claim(`key-${b}`, `${position}`);
    case 7:
      return [await stream.append(`key-${b}`, 'x'.repeat(a * b * 10)), await stream.bounds()];
    case 8:
      return of.appendTo(c, `key-${b}`, Buffer.alloc(b * 100, a));
    default:
      return b < 5 ? log.control.trim(position) : stream.read(position, 1 + a);
  }
}

test('the embedded log answers 2,000 random calls as the log in memory does, over reopens too', async () => {
  const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 1_000_000);
  process.stdout.write(`model test: TOURNIQUET_SEED=${seed}\n`);
  const directory = mkdtempSync(join(tmpdir(), 'tq-log-'));
  const model = openMemoryLog(createLogDisk(PARTITIONS));
  const [randomOfModel, randomOfLog] = [seededRandom(seed), seededRandom(seed)];
  let log = await openEmbeddedLog({ directory, partitions: PARTITIONS });
  for (let i = 0; i < 2_000; i++) {
    expect(await step(log, randomOfLog), `call ${i} of seed ${seed}`).toEqual(await step(model, randomOfModel));
    if (i % 300 !== 299) continue;
    await log[Symbol.asyncDispose]();
    log = await openEmbeddedLog({ directory, partitions: PARTITIONS });
  }
  await log[Symbol.asyncDispose]();
  rmSync(directory, { recursive: true });
});
