import { existsSync } from 'node:fs';
import path from 'node:path';
import type { Home } from './home.ts';
import { readRunFile, ROLES } from './run-file.ts';
import type { RoleName, RunFile } from './run-file.ts';

export interface RoleHealth {
  readonly role: RoleName;
  readonly ok: boolean;
  /** Empty when all is well. */
  readonly problem: string;
}

/** Run files are renewed each second; a role that missed ten does nothing else either. */
const FRESH_MS = 10_000;

/**
 * A role is well when its process lives, renewed its run file of late, and does not call itself stuck: a role that waits
 * in vain says why in `status.stuck`.
 */
export function healthOf(role: RoleName, run: RunFile | undefined, nowMs: number): RoleHealth {
  const problem = problemOf(run, nowMs);
  return { role, ok: problem === '', problem };
}

function problemOf(run: RunFile | undefined, nowMs: number): string {
  if (run === undefined) return 'it does not run';
  // Either way: after a clock that was set back, a file that is not renewed would look fresh for as long.
  const ageMs = Math.abs(nowMs - Date.parse(run.updated_at));
  if (!(ageMs <= FRESH_MS)) return `no sign of life since ${run.updated_at}`;
  const stuck = run.status['stuck'];
  return typeof stuck === 'string' ? stuck : '';
}

/** The roles that ran on this home and did not end cleanly: those that run, and those that died. */
export function rolesOf(home: Home): readonly RoleName[] {
  return ROLES.filter((role) => existsSync(path.join(home.run, `${role}.json`)));
}

export function readHealth(home: Home, roles: readonly RoleName[], nowMs: number): readonly RoleHealth[] {
  return roles.map((role) => healthOf(role, readRunFile(home, role), nowMs));
}
