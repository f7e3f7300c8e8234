import { expect, it } from 'vitest';
import { seededRandom } from '../../../contracts/seeded-random.ts';
import { actsOf, numbersOf, openTestSpool, toldLost } from './test-spool.ts';
import type { Ran, TestSpool } from './test-spool.ts';

/** Everything that waits, sealed and sent; a second turn carries what the first had to tell. */
const DRAIN = ['seal', 'ship', 'seal', 'ship', 'status'];

function expectDrained({ said }: Ran): void {
  expect(JSON.parse(said.at(-1)?.replace(/^status /, '') ?? '')).toMatchObject({ lines_waiting: 0, outbox_blocks: 0, refused_blocks: 0, error_code: '' });
}

async function expectOnce(spool: TestSpool, kept: readonly string[], context: unknown): Promise<void> {
  const numbers = numbersOf(await spool.stored());
  const unique = new Set(numbers);
  expect({ context, twice: numbers.length - unique.size, missing: kept.filter((n) => !unique.has(n)) }).toEqual({ context, twice: 0, missing: [] });
}

/** From enrolment to the receipt; an hour passes on the way, so that the key changes. */
const STEPS = ['append=a:2', 'seal', 'append=b:1', 'clock=4000', 'append=c:2', 'seal', 'append=d:1', 'lasting=e:1', 'seal', 'ship', 'beat'];
const AT_ONCE = 4;

/** Whether a process killed at this step, and another that goes on, keep what `Sealer` says. False when there is no such step. */
async function survives(step: number, dieAfter: Readonly<Record<string, string>>): Promise<boolean> {
  await using spool = await openTestSpool();
  const ran = await spool.run([spool.enrolment, ...STEPS], { ...dieAfter, DIE_AT: String(step) });
  const after = await spool.run([spool.enrolment, 'clock=4000', 'append=z:1', ...DRAIN]);
  expectDrained(after);
  await expectOnce(spool, [...ran.kept, ...after.kept], { step });
  expect(actsOf(await spool.stored(), 'spool-truncated'), `step ${step}`).toEqual([]);
  expect(spool.files().filter((name) => name.startsWith('seed-')), `step ${step}`).toHaveLength(1);
  return ran.killed;
}

/** Every call that writes, renames or removes: killed with half of it written, and right behind it. */
it.each([['in', {}], ['after', { DIE_AFTER: '1' }]])('loses and doubles nothing, killed %s any step', async (_when, dieAfter) => {
  let step = 1;
  let killed: readonly boolean[] = [];
  for (; !killed.includes(false); step += AT_ONCE) killed = await Promise.all(Array.from({ length: AT_ONCE }, (_, i) => survives(step + i, dieAfter)));
  expect(step).toBeGreaterThan(50);
});

it('loses and doubles nothing when workers are killed at any time', async () => {
  const seed = Date.now() % 2 ** 31;
  const random = seededRandom(seed);
  await using spool = await openTestSpool();
  const kept = [...(await spool.run([spool.enrolment, 'append=a:1'])).kept];
  for (let round = 0; round < 10; round += 1) {
    const workers = [spool.start([`work=w${round}`]), spool.start([`work=v${round}`])];
    for (const { process: worker } of workers) {
      // By what it did, not by time: a busy machine kills as late.
      let left = random.between(1, 3000);
      worker.stdout?.on('data', (text: string) => {
        left -= text.length;
        if (left < 0) worker.kill('SIGKILL');
      });
    }
    for (const worker of workers) kept.push(...(await worker.done).kept);
  }
  expectDrained(await spool.run(DRAIN));
  expect(kept.length).toBeGreaterThan(20);
  await expectOnce(spool, kept, { seed });
});

it('takes lines of fifty processes at once', async () => {
  await using spool = await openTestSpool();
  await spool.run([spool.enrolment]);
  const workers = Array.from({ length: 50 }, (_, i) => spool.start([`append=p${i}:20:100`, ...(i % 10 === 0 ? ['seal', 'ship'] : [])]).done);
  const kept = (await Promise.all(workers)).flatMap((ran) => ran.kept);
  expectDrained(await spool.run(DRAIN));
  const stored = await spool.stored();
  expect(kept.length + toldLost(stored)).toBe(1000);
  await expectOnce(spool, kept, {});
});

it('is shared by two heads that seal and ship at once', async () => {
  await using spool = await openTestSpool();
  await spool.run([spool.enrolment]);
  const heads = await Promise.all([spool.start(['work=x']).done, spool.start(['work=y']).done]);
  expectDrained(await spool.run(DRAIN));
  const kept = heads.flatMap((ran) => ran.kept);
  expect(kept).toHaveLength(2400);
  await expectOnce(spool, kept, {});
});
