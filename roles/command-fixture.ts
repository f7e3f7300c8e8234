import { spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';

export interface Finished {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs the command as a user would, on a home. */
export function tourniquet(home: string, args: readonly string[], input = ''): Promise<Finished> {
  return new Promise((resolve) => {
    const child = spawn(process.execPath, [fileURLToPath(new URL('tourniquet.mjs', import.meta.url)), ...args], { env: { ...process.env, TOURNIQUET_HOME: home, TOURNIQUET_CONFIG: undefined } });
    let out = '';
    let err = '';
    child.stdout.setEncoding('utf8').on('data', (c: string) => (out += c));
    child.stderr.setEncoding('utf8').on('data', (c: string) => (err += c));
    child.stdin.end(input);
    child.on('exit', (code) => resolve({ code, out, err }));
  });
}
