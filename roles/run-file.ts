import { readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Home } from './home.ts';

export const ROLES = ['keys', 'storage', 'gateway', 'bridge', 'worker', 'respond', 'console'] as const;
export type RoleName = (typeof ROLES)[number];
/** Those that make a whole pipeline; the bridge is for an ingress topic. */
export const PIPELINE_ROLES = ['keys', 'storage', 'gateway', 'worker', 'respond', 'console'] as const satisfies readonly RoleName[];

/** What a running role says of itself, renewed each second. */
export interface RunFile {
  readonly role: RoleName;
  readonly pid: number;
  readonly url: string;
  readonly started_at: string;
  readonly updated_at: string;
  readonly status: Readonly<Record<string, unknown>>;
}

function fileOf(home: Home, role: RoleName): string {
  return path.join(home.run, `${role}.json`);
}

export function writeRunFile(home: Home, run: RunFile): void {
  const file = fileOf(home, run.role);
  writeFileSync(`${file}.new`, JSON.stringify(run));
  renameSync(`${file}.new`, file);
}

export function removeRunFile(home: Home, role: RoleName): void {
  rmSync(fileOf(home, role), { force: true });
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

/** Undefined when the role does not run here. */
export function readRunFile(home: Home, role: RoleName): RunFile | undefined {
  try {
    // Written by writeRunFile only.
    const run = JSON.parse(readFileSync(fileOf(home, role), 'utf8')) as RunFile;
    return isRunning(run.pid) ? run : undefined;
  } catch {
    return undefined;
  }
}

/** The role's address: the configured one, or the one it announces here. Waits until there is one. */
export async function addressOf(home: Home, role: RoleName, configured: string, signal?: AbortSignal): Promise<string> {
  if (configured !== '') return configured;
  for (;;) {
    const run = readRunFile(home, role);
    if (run !== undefined && run.url !== '') return run.url;
    signal?.throwIfAborted();
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
