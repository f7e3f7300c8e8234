import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sampleAlert } from './control-fixture.ts';
import { startReceiver } from './receiver-fixture.ts';

const COMMITS = 600;
const KILLS = 8;
/** Alerts of no group, see the fixture. */
const SINGLE = Array.from({ length: COMMITS / 2 }, (_, n) => sampleAlert(2 * n).id);

interface Told {
  readonly count?: number;
  readonly metadata: { readonly correlation_uid?: string };
  readonly finding_info: { readonly related_events?: readonly { readonly uid: string }[] };
}

test('over kill -9 at arbitrary moments each alert is told under one id, by itself or in one summary, and only requests under way repeat', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'tq-respond-kill-'));
  await using receiver = await startReceiver();
  const fixture = fileURLToPath(new URL('responder-process-fixture.ts', import.meta.url));
  for (let round = 0; round <= KILLS; round++) {
    const child = spawn(process.execPath, [fixture, directory, receiver.url, String(COMMITS)], { stdio: ['ignore', 'pipe', 'inherit'] });
    const ended = new Promise((resolve) => child.on('exit', resolve));
    const idle = new Promise<void>((resolve) => child.stdout.on('data', () => resolve()));
    // Each round gets a little further than the one before; the last runs to the end.
    if (round === KILLS) await idle;
    else await Promise.race([idle, receiver.saw(receiver.received.length + 10 + round * 3)]);
    child.kill('SIGKILL');
    await ended;
  }
  rmSync(directory, { recursive: true, force: true });
  const times = Map.groupBy(receiver.received, (r) => r.id);
  for (const tries of times.values()) expect(new Set(tries.map((t) => t.body.toString())).size).toBe(1);
  expect(receiver.received.length - times.size).toBeLessThan(COMMITS);

  // Written by our own findings, read by their shape.
  const told = [...times].map(([id, [request]]) => ({ id, ...(JSON.parse(request?.body.toString() ?? '') as Told) }));
  const grouped = told.filter((t) => t.metadata.correlation_uid !== undefined);
  expect(told.filter((t) => t.metadata.correlation_uid === undefined).map(({ id }) => id).toSorted()).toEqual(SINGLE.toSorted());
  expect(grouped.reduce((n, t) => n + (t.count ?? 1), 0)).toBe(COMMITS - SINGLE.length);
  expect(grouped.length).toBeLessThan(COMMITS / 4);
  const named = grouped.flatMap((t) => (t.count === undefined ? [t.id] : (t.finding_info.related_events ?? []).map(({ uid }) => uid)));
  expect(new Set(named).size).toBe(named.length);
});
