import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import process from 'node:process';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { numbersOf, openTestSpool } from '../../ingest/wordpress/spool/test-spool.ts';
import { ship } from './ship.ts';

let out = '';
beforeEach(() => {
  out = '';
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => ((out += String(text)), true));
  vi.spyOn(process.stderr, 'write').mockReturnValue(true);
});
afterEach(() => {
  vi.restoreAllMocks();
});

test('sends what PHP sealed, in order, and leaves the plugin knowing where it stands', async () => {
  await using spool = await openTestSpool();
  await spool.run([spool.enrolment, 'append=a:3', 'seal', 'append=b:2', 'seal', 'append=c:1']);
  expect(await ship({ spool: spool.directory, once: true, json: true })).toBe(0);
  expect(JSON.parse(out)).toEqual({ site: 'shop', blocks: 2, lines: 5, refused: 0, waiting: 0 });
  expect(numbersOf(await spool.stored())).toEqual(['a-0', 'a-1', 'a-2', 'b-0', 'b-1']);
  // PHP goes on where Node ended, and the other way round.
  await spool.run(['seal', 'ship', 'append=d:1', 'seal']);
  await ship({ spool: spool.directory, once: true });
  expect(out).toContain('shop: 1 lines in 1 blocks, acknowledged\n');
  expect(numbersOf(await spool.stored()).slice(5)).toEqual(['c-0', 'd-0']);
  expect(await spool.status()).toMatchObject({ outbox_blocks: 0, lines_waiting: 0, error_code: '', failures: 0 });
});

test('puts aside what will never be taken, and says so', async () => {
  await using spool = await openTestSpool();
  await spool.run([spool.enrolment, 'append=a:2', 'seal', 'append=b:2', 'seal']);
  const file = path.join(spool.directory, 'outbox/000001-000000000000.block');
  writeFileSync(file, readFileSync(file, 'utf8').replace('"a-0"', '"z-0"'));
  expect(await ship({ spool: spool.directory, once: true })).toBe(1);
  expect(spool.files('refused')).toEqual(['000001-000000000000.block']);
  expect(numbersOf(await spool.stored('with holes'))).toEqual(['b-0', 'b-1']);
});

test('keeps what a gateway does not take from an unknown key, and shows why', async () => {
  await using spool = await openTestSpool();
  await spool.run([spool.enrolment, 'append=a:2']);
  for (const name of spool.files().filter((file) => file.startsWith('seed-'))) rmSync(path.join(spool.directory, name));
  await spool.run(['seal']);
  expect(await ship({ spool: spool.directory, once: true })).toBe(1);
  expect(await spool.status()).toMatchObject({ outbox_blocks: 1, error_code: 'TQ-GATEWAY-04', enrol_again: true });
});

test('refuses a directory that is no spool, and a site that is not enrolled', async () => {
  await using spool = await openTestSpool();
  await expect(ship({ spool: spool.directory, once: true })).rejects.toThrow(/no readable spool/);
  await spool.run(['append=a:1']);
  writeFileSync(path.join(spool.directory, 'identity.json'), '{}');
  await expect(ship({ spool: spool.directory, once: true })).rejects.toThrow(/not enrolled/);
  rmSync(path.join(spool.directory, 'identity.json'));
});
