import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { sampleAlert } from './control-fixture.ts';
import { startReceiver } from './receiver-fixture.ts';

const COMMITS = 300;
const KILLS = 8;

test('over kill -9 at arbitrary moments each alert arrives under its one id, and only requests under way repeat', async () => {
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
  expect([...times.keys()].toSorted()).toEqual(Array.from({ length: COMMITS }, (_, n) => sampleAlert(n).id).toSorted());
  for (const tries of times.values()) expect(new Set(tries.map((t) => t.body.toString())).size).toBe(1);
  expect(receiver.received.length - COMMITS).toBeLessThan(COMMITS);
});
