import { expect, test } from 'vitest';
import type { OpenedLog } from './event-log.suite.ts';

/** The part of `describeEventLog` that is about the control stream and the registry. */
export function describeControl(opened: () => OpenedLog): void {
  test('control entries come back in order with their keys, repeated keys included', async () => {
    const { control } = opened().log;
    const offsets = await Promise.all([control.append('a', '1'), control.append('b', '2'), control.append('a', 'ü⟦3⟧')]);
    expect(await control.read(0, 10)).toEqual([
      { offset: offsets[0], key: 'a', value: '1' },
      { offset: offsets[1], key: 'b', value: '2' },
      { offset: offsets[2], key: 'a', value: 'ü⟦3⟧' },
    ]);
    expect((await control.read(offsets[1], 1)).map((entry) => entry.value)).toEqual(['2']);
    expect((await control.bounds()).next).toBeGreaterThan(offsets[2]);
  });

  test('the first claim wins, at once and later, from any handle', async () => {
    const { log, reopen } = opened();
    const other = await reopen();
    const answers = await Promise.all(Array.from({ length: 40 }, async (_, i) => (i % 2 === 0 ? log : other).control.claim('prepare/0/7', `${i}`)));
    expect(new Set(answers.map((answer) => `${answer.offset} ${answer.value}`)).size).toBe(1);
    expect(await other.control.claim('prepare/0/7', 'late')).toEqual(answers[0]);
    const entries = await log.control.read(0, 100);
    expect(entries).toEqual([answers[0]]);
  });

  test('claims stand after closing and opening', async () => {
    const { log, reopen } = opened();
    const won = await log.control.claim('k', 'mine');
    await log[Symbol.asyncDispose]();
    expect(await (await reopen()).control.claim('k', 'theirs')).toEqual(won);
  });

  test('claims of different keys and appends share one order', async () => {
    const { control } = opened().log;
    await Promise.all([control.claim('c/1', 'x'), control.append('a', 'y'), control.claim('c/2', 'z')]);
    expect((await control.read(0, 10)).map((entry) => entry.value)).toEqual(['x', 'y', 'z']);
  });

  test('trimming the control stream lets go of entries below and of their claims only', async () => {
    const { control } = opened().log;
    await control.claim('c/1', 'old');
    await control.append('a', 'old');
    const kept = await control.claim('c/2', 'kept');
    await control.trim(kept.offset);
    expect(await control.read(0, 10)).toEqual([kept]);
    expect((await control.bounds()).first).toBe(kept.offset);
    expect((await control.claim('c/2', 'late')).value).toBe('kept');
    expect((await control.claim('c/1', 'new')).value).toBe('new');
  });

  test('a value of 1.5 MiB fits an entry', async () => {
    const { control } = opened().log;
    const value = 'x'.repeat(1.5 * 1024 * 1024);
    await control.append('snapshot/0', value);
    expect((await control.read(0, 1))[0]?.value === value).toBe(true);
  });

  test('the registry is a stream of its own: same keys do not meet those of the control stream, and it outlives a reopen', async () => {
    const { log, reopen } = opened();
    expect((await log.control.claim('k', 'control')).value).toBe('control');
    expect((await log.registry.claim('k', 'registry')).value).toBe('registry');
    await log.control.trim((await log.control.bounds()).next);
    const again = await reopen();
    expect((await again.registry.read(0, 10)).map((entry) => entry.value)).toEqual(['registry']);
    expect((await again.registry.claim('k', 'late')).value).toBe('registry');
  });

  test('an empty control key is refused', async () => {
    const { control } = opened().log;
    await expect(control.append('', 'v')).rejects.toMatchObject({ name: 'LogError', retryable: false });
    await expect(control.claim('', 'v')).rejects.toMatchObject({ name: 'LogError', retryable: false });
  });
}
