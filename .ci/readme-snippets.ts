import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import process from 'node:process';

/**
 * Runs the shell snippets marked `<!-- ci -->` on the line before them, each in its own shell with a throw-away home, and
 * fails on the first that fails.
 */
const PAGES = ['README.md', 'docs/rules.md'];
const snippets = PAGES.flatMap((page) => {
  const text = readFileSync(new URL(`../${page}`, import.meta.url), 'utf8');
  const marked = [...text.matchAll(/<!-- ci -->\n```sh\n([\s\S]*?)```/g)].map((m) => m[1] ?? '');
  if (marked.length === 0) throw new Error(`${page} has no snippet marked <!-- ci -->`);
  return marked;
});
const home = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-readme-'));
try {
  for (const snippet of snippets) {
    process.stdout.write(`$ ${snippet.trim().split('\n').join('\n$ ')}\n`);
    const result = spawnSync('bash', ['-euo', 'pipefail', '-c', snippet], { stdio: ['ignore', 'inherit', 'inherit'], env: { ...process.env, TOURNIQUET_HOME: home }, timeout: 300_000 });
    if (result.status !== 0) {
      process.stderr.write(`snippet failed (${result.signal ?? result.status})\n`);
      process.exitCode = 1;
      break;
    }
  }
} finally {
  rmSync(home, { recursive: true, force: true });
}
