import { randomBytes } from 'node:crypto';
import { spawn } from 'node:child_process';
import { appendFile, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { seededRandom } from '../../contracts/seeded-random.ts';
import { formatEnrolment } from '../../contracts/site.ts';
import { startFakeGateway } from './fake-gateway.ts';
import type { FakeGateway, Fault } from './fake-gateway.ts';
import type { Clock } from './gateway-client.ts';
import { SenderLock } from './sender-lock.ts';
import { openShipper } from './shipper.ts';

let directory: string;
let gateway: FakeGateway;
let enrolment: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'tq-shipper-'));
  const secret = randomBytes(32).toString('base64url');
  gateway = await startFakeGateway(secret);
  enrolment = formatEnrolment('shop', secret, gateway.url);
});

afterEach(async () => {
  await gateway[Symbol.asyncDispose]();
  await rm(directory, { recursive: true, force: true });
});

const FAULTS: readonly Fault[] = ['ok', 'ok', 'ok', 'drop-before', 'drop-after', 'busy', 'broken', 'forged', 'refused', 'other-block'];

/** Time passes only by sleeping. */
function sleepingClock(): Clock {
  let nowMs = 0;
  return { now: () => nowMs, sleep: async (ms) => void (nowMs += ms) };
}

describe('histories of faults and crashes', () => {
  it('over a log that grows and rotates end with every line stored once, in order', async () => {
    const seed = Number(process.env['TOURNIQUET_SEED'] ?? Date.now() % 2 ** 31);
    process.stdout.write(`shipper histories: TOURNIQUET_SEED=${seed}\n`);
    const random = seededRandom(seed);
    const path = join(directory, 'app.log');
    await writeFile(path, '');
    const written: string[] = [];
    let rotated: string | undefined;

    const write = async (lines: number): Promise<void> => {
      const fresh = Array.from({ length: lines }, (_, i) => `{"n":${written.length + i}}`);
      written.push(...fresh);
      await appendFile(path, fresh.map((line) => `${line}\n`).join(''));
    };
    /** One process's life: sends the rotated file first, then the live one. False when it ended early. */
    const live = async (crashAt: number): Promise<boolean> => {
      let steps = 0;
      const shipper = await openShipper({
        directory: join(directory, 'state'), site: 'shop', stream: 'web', enrolment, clock: sleepingClock(), deadlineMs: 1000,
        onStep: () => {
          if (++steps === crashAt) throw new Error('crash');
        },
      });
      try {
        if (rotated !== undefined) await shipper.sendFile(rotated, { format: 'ndjson' });
        await shipper.sendFile(path, { format: 'ndjson' });
        return true;
      } catch {
        return false;
      } finally {
        await shipper[Symbol.asyncDispose]();
      }
    };

    for (let round = 0; round < 150; round++) {
      await write(random.below(2500));
      gateway.faults.splice(0, Infinity, ...Array.from({ length: random.below(6) }, () => random.pick(FAULTS)));
      const done = await live(random.between(1, 14));
      if (done && random.chance(0.3)) {
        rotated = join(directory, `app.log.${round}`);
        await rename(path, rotated);
        await writeFile(path, '');
      }
      const stored = gateway.lines();
      expect(stored, `seed ${seed}, round ${round}`).toEqual(written.slice(0, stored.length));
    }
    gateway.faults.length = 0;
    expect(await live(0)).toBe(true);
    expect(gateway.lines(), `seed ${seed}`).toEqual(written);
  });
});

describe('the lock', () => {
  it('ends with its process, also by kill -9', async () => {
    const path = join(directory, 'lock');
    const module = new URL('sender-lock.ts', import.meta.url).href;
    const holder = spawn(process.execPath, ['--input-type=module', '-e', `
      const { SenderLock } = await import(${JSON.stringify(module)});
      globalThis.lock = new SenderLock(${JSON.stringify(path)});
      process.stdout.write('held');
      setInterval(() => undefined, 1000);
    `], { stdio: ['ignore', 'pipe', 'pipe'] });
    let warnings = '';
    holder.stderr.on('data', (chunk: Buffer) => (warnings += chunk.toString()));
    await new Promise<void>((resolve, reject) => {
      holder.stdout.once('data', () => resolve());
      holder.once('exit', () => reject(new Error(`the holder ended: ${warnings}`)));
    });
    expect(() => new SenderLock(path)).toThrow(expect.objectContaining({ code: 'TQ-SHIPPER-01' }));
    const ended = new Promise((resolve) => holder.once('exit', resolve));
    holder.kill('SIGKILL');
    await ended;
    using lock = new SenderLock(path);
    expect(lock).toBeDefined();
    expect(warnings).toBe('');
  });
});
