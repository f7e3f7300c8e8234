import { execFile } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** What is installed; any k6 on PATH is taken as it is. */
export const K6_VERSION = 'v1.8.1';
const MODULE = `go.k6.io/k6@${K6_VERSION}`;

export class K6Missing extends Error {
  override readonly name = 'K6Missing';
  constructor(why: string, options?: ErrorOptions) {
    super(
      `${why} Either install Go 1.21 or later (https://go.dev/dl/) and run this again, or put a k6 of your own on PATH: https://grafana.com/docs/k6/latest/set-up/install-k6/`,
      options,
    );
  }
}

/** Which k6 to run: the one on PATH, else the one in the cache, which is compiled first when it is not there. */
export async function findK6(say: (line: string) => void): Promise<string> {
  if (await works('k6', ['version'])) return 'k6';
  const directory = path.join(process.env['XDG_CACHE_HOME'] ?? path.join(os.homedir(), '.cache'), 'tourniquet', `k6-${K6_VERSION}`);
  const cached = path.join(directory, 'k6');
  if (existsSync(cached) && (await works(cached, ['version']))) return cached;
  if (!(await works('go', ['version']))) throw new K6Missing('There is no k6 on PATH, and no Go to install it with.');
  say(`k6 is not on PATH: installing ${MODULE} with Go into ${directory}; this takes some minutes, once.`);
  mkdirSync(directory, { recursive: true });
  try {
    await run('go', ['install', MODULE], { env: { ...process.env, GOBIN: directory, GOFLAGS: '-mod=mod' }, maxBuffer: 16 * 1024 * 1024 });
  } catch (cause) {
    throw new K6Missing(`"go install ${MODULE}" failed.`, { cause });
  }
  return cached;
}

async function works(command: string, args: readonly string[]): Promise<boolean> {
  try {
    await run(command, [...args]);
    return true;
  } catch {
    return false;
  }
}
