import { execFile } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import type { Home } from '../../roles/home.ts';
import { readRunFile } from '../../roles/run-file.ts';

const CLI = fileURLToPath(new URL('../../roles/cli.ts', import.meta.url));
const run = promisify(execFile);

/** The command as a person runs it; rejects with its output when it ends otherwise than 0. */
export async function tourniquet(home: Home, ...words: readonly string[]): Promise<string> {
  const { stdout } = await run(process.execPath, [CLI, ...words], { env: { ...process.env, TOURNIQUET_HOME: home.root }, maxBuffer: 2 ** 30 });
  return stdout;
}

export interface Answered {
  readonly ms: number;
  readonly rows: number;
}

/** Asks a saved query of the console as a compliance officer does, to the last row of the first page. */
export async function openQuestions(home: Home): Promise<(name: string, parameters: Readonly<Record<string, unknown>>) => Promise<Answered>> {
  const person: unknown = JSON.parse(await tourniquet(home, 'person', 'add', 'bench-officer', '--role', 'compliance', '--json'));
  const token = typeof person === 'object' && person !== null && 'token' in person ? String(person.token) : '';
  const url = readRunFile(home, 'console')?.url ?? '';
  return async (name, parameters) => {
    const startedAt = performance.now();
    const answer = await fetch(`${url}/v1/audit/${name}`, { method: 'POST', headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify({ parameters, format: 'ndjson' }) });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${name}: ${answer.status} ${text.slice(0, 400)}`);
    return { ms: performance.now() - startedAt, rows: text.split('\n').length - 2 };
  };
}
