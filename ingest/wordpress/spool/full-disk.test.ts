import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { actsOf, numbersOf, openTestSpool, toldLost } from './test-spool.ts';

/** A file system of 256 KiB; undefined where this user may mount none. */
function smallDisk(): { readonly directory: string; readonly [Symbol.dispose]: () => void } | undefined {
  const directory = mkdtempSync(path.join(tmpdir(), 'small-disk-'));
  if (spawnSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'tmpfs', directory]).status !== 0) {
    rmSync(directory, { recursive: true });
    process.stdout.write('skipped: mounting a small disk needs root\n');
    return undefined;
  }
  return {
    directory,
    [Symbol.dispose]() {
      spawnSync('umount', [directory]);
      rmSync(directory, { recursive: true, force: true });
    },
  };
}

it('counts what a full disk could not take, and tells it once there is room', async (context) => {
  using disk = smallDisk();
  if (disk === undefined) return context.skip(); // A small disk is root's to mount; in CI a skip fails.
  await using spool = await openTestSpool({ directory: path.join(disk.directory, 'spool') });
  const first = await spool.run([spool.enrolment, 'append=a:3', 'append=b:1000:400']);
  expect(first.kept.length).toBeGreaterThan(100);
  expect(first.kept.length).toBeLessThan(1003);
  // Sealing needs room that there is not: nothing is lost by trying.
  await spool.run(['seal', 'ship', 'append=c:10:4000']);
  const ballast = path.join(disk.directory, 'ballast');
  spawnSync('mount', ['-o', 'remount,size=4m', disk.directory]);
  writeFileSync(ballast, '');
  const last = await spool.run(['append=d:1', 'seal', 'ship', 'seal', 'ship']);
  expect(last.kept).toEqual(['d-0']);
  const stored = await spool.stored();
  const numbers = numbersOf(stored);
  expect(new Set(numbers).size).toBe(numbers.length);
  expect(numbers.length + toldLost(stored)).toBe(3 + 1000 + 10 + 1);
  expect(numbers).toEqual(expect.arrayContaining([...first.kept, 'd-0']));
  expect(actsOf(stored, 'spool-truncated')).toEqual([]);
});

it('refuses the newest lines beyond its own limit, and tells how many', async () => {
  await using spool = await openTestSpool();
  const limit = { MEBIBYTES: '1' };
  const first = await spool.run(['append=a:1500:1000'], limit);
  expect(first.kept.length).toBeGreaterThan(800);
  expect(first.kept.length).toBeLessThan(1500);
  // What is urgent still has room.
  const urgent = await spool.run(['lasting=u:1'], limit);
  expect(urgent.kept).toEqual(['u-0']);
  await spool.run([spool.enrolment, 'seal', 'ship', 'append=b:1', 'seal', 'ship'], limit);
  const stored = await spool.stored();
  expect(numbersOf(stored)).toEqual([...first.kept, 'u-0', 'b-0']);
  expect(toldLost(stored)).toBe(1500 - first.kept.length);
});
