import { expect, test } from 'vitest';
import type { CommitRecord, PrepareRecord, SnapshotRecord } from '../../contracts/control.ts';
import type { ControlStream } from '../../contracts/event-log.ts';
import { createLogDisk, openMemoryLog } from '../../contracts/memory-log.ts';
import { openControlTail } from './control-tail.ts';

const VERSIONS = { derivation: 1, rules: 'toy' };

const prepare = (control: ControlStream, first: number, last: number): Promise<unknown> => control.claim(`prepare/0/${first}`, JSON.stringify({
  type: 'prepare', partition: 0, first, last, versions: VERSIONS, key_epochs: {}, received_from: 0, received_to: 0,
} satisfies PrepareRecord));

const commit = (control: ControlStream, first: number, last: number): Promise<unknown> => control.claim(`commit/0/${first}`, JSON.stringify({
  type: 'commit', partition: 0, first, last, committed_at: 0, continues: first, versions: VERSIONS, received_from: 0, received_to: 0, rows: {}, duplicates: 0, sites: {},
} satisfies CommitRecord));

const snapshot = (control: ControlStream, next: number): Promise<number> => control.append('snapshot/0', JSON.stringify({ type: 'snapshot', partition: 0, next, sites: {} } satisfies SnapshotRecord));

async function snapshotsAfter(write: (control: ControlStream) => Promise<void>): Promise<readonly number[]> {
  const { control } = openMemoryLog(createLogDisk(1));
  await write(control);
  const tail = openControlTail(control, 0);
  await tail.refresh();
  return tail.snapshots.map((s) => s.record.next);
}

test('a snapshot of all groups before it counts', async () => {
  expect(await snapshotsAfter(async (control) => {
    await prepare(control, 0, 9);
    await commit(control, 0, 9);
    await snapshot(control, 10);
    await prepare(control, 10, 19);
  })).toEqual([10]);
});

test.for([
  ['another worker prepared the next group', (control: ControlStream) => prepare(control, 10, 19)],
  ['another worker committed the next group', (control: ControlStream) => commit(control, 10, 19)],
  ['another worker wrote a later snapshot', (control: ControlStream) => snapshot(control, 20)],
] as const)('a snapshot does not count when, before it, %s', async ([, meanwhile]) => {
  const counted = await snapshotsAfter(async (control) => {
    await prepare(control, 0, 9);
    await commit(control, 0, 9);
    await meanwhile(control);
    await snapshot(control, 10);
  });
  expect(counted).not.toContain(10);
});

test('of two records of one key the first counts, and an amendment after the commit does not', async () => {
  const { control } = openMemoryLog(createLogDisk(1));
  await prepare(control, 0, 9);
  await control.append('prepare/0/0', JSON.stringify({ type: 'prepare', partition: 0, first: 0, last: 4 }));
  await commit(control, 0, 9);
  await control.append('amend/0/0', JSON.stringify({ type: 'amend', partition: 0, first: 0, rejects: [] }));
  const tail = openControlTail(control, 0);
  await tail.refresh();
  expect(tail.prepares.get(0)?.record.last).toBe(9);
  expect(tail.amends.size).toBe(0);
});

test('what the second stage and other partitions write is passed over', async () => {
  const { control } = openMemoryLog(createLogDisk(1));
  await control.append('keyed/0', '{"type":"keyed"}');
  await control.append('snapshot/1', 'not of this partition');
  const tail = openControlTail(control, 0);
  await tail.refresh();
  expect(tail).toMatchObject({ cursor: 2, used: false, snapshots: [] });
});
