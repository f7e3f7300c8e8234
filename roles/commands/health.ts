import { suggestion } from '../config/problems.ts';
import { readHealth, rolesOf } from '../health.ts';
import { homeAt } from '../home.ts';
import { ROLES } from '../run-file.ts';
import type { RoleName } from '../run-file.ts';
import { UsageError } from '../usage-error.ts';

function roleNamed(name: string): RoleName {
  const role = ROLES.find((r) => r === name);
  if (role === undefined) throw new UsageError(`there is no role "${name}"; the roles are ${ROLES.join(', ')}.${suggestion(name, ROLES)}`);
  return role;
}

/** Exit code 0 when the role, or every role of this home, is well. Reads files only: nothing is asked over a network. */
export async function health(options: { readonly role?: string; readonly json?: true }): Promise<number> {
  const home = homeAt();
  const roles = readHealth(home, options.role === undefined ? rolesOf(home) : [roleNamed(options.role)], Date.now());
  const ok = roles.length > 0 && roles.every((r) => r.ok);
  if (options.json === true) process.stdout.write(`${JSON.stringify({ ok, roles })}\n`);
  else if (roles.length === 0) process.stdout.write(`No role runs on ${home.root}. Start one with "tourniquet up".\n`);
  else for (const r of roles) process.stdout.write(`${r.role}  ${r.ok ? 'ok' : `NOT OK: ${r.problem}`}\n`);
  return ok ? 0 : 1;
}
