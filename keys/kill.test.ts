import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { verifyAudit } from './audit-chain.ts';
import { createKeysClient } from './client.ts';
import { auditDirectory, startKeysServer } from './server.ts';

const PROCESS = fileURLToPath(new URL('keys-process.ts', import.meta.url));

/** Lines printed by a keys role on `directory` until it was killed, after `lines` of them and `extraMs`. */
async function killAfter(directory: string, firstSize: number, lines: number, extraMs: number): Promise<readonly string[]> {
  const child = spawn(process.execPath, [PROCESS, directory, `${firstSize}`], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  let text = '';
  child.stdout.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
  while (text.split('\n').length <= lines && child.exitCode === null) await Promise.race([once(child.stdout, 'data'), closed]);
  await sleep(extraMs);
  expect(child.exitCode).toBeNull();
  child.kill('SIGKILL');
  await closed;
  return text.split('\n').slice(0, -1);
}

test('a keys role killed at any moment starts again with the same keys, a whole audit, and refuses what it would have to take back', async () => {
  const home = mkdtempSync(join(tmpdir(), 'tq-keys-'));
  const directory = join(home, 'keys');
  // Killed while it starts for the first time, some milliseconds further each time.
  for (let ms = 90; ms < 240; ms += 15) await killAfter(directory, 1, 0, ms);
  let last: readonly [size: number, root: string] = [0, ''];
  const verifiers = new Set<string>();
  for (let round = 0; round < 8; round++) {
    // One further than signed may have been remembered when the kill came before the answer.
    const [verifier = '', ...signed] = await killAfter(directory, last[0] + 1_000, 3 + round * 2, round % 3);
    verifiers.add(verifier);
    const [size = '', root = ''] = signed.at(-1)?.split(' ') ?? [];
    last = [Number(size), root];
    expect(verifyAudit(auditDirectory(directory))).toMatchObject({ holds: true });
  }
  expect(verifiers.size).toBe(1);
  const secret = 'x'.repeat(43);
  const server = await startKeysServer({ directory, host: '127.0.0.1', port: 0, roleSecrets: new Map([['worker', createHash('sha256').update(secret).digest('hex')]]) });
  const worker = createKeysClient({ url: server.url, role: 'worker', secret });
  await expect(worker.signCheckpoint('shop', last[0], Buffer.alloc(32))).rejects.toMatchObject({ code: 'TQ-KEYS-05' });
  await expect(worker.signCheckpoint('shop', last[0] - 1, Buffer.alloc(32))).rejects.toMatchObject({ code: 'TQ-KEYS-05' });
  await server.close();
  rmSync(home, { recursive: true });
});
