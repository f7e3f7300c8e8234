import { LONGEST_WAIT_MS } from '../../contracts/command.ts';
import type { SignedCommand } from '../../contracts/command.ts';
import { issueCommand } from './issue-command.ts';
import type { IssuingDeps, Wish } from './issue-command.ts';
import { parsePolicy, policyText } from './site-policy.ts';
import type { SitePolicy } from './site-policy.ts';

/** A plugin asks once a minute, but may be enrolled on a slow day. */
const LEAST_LEFT_MS = 3_600_000;

function newestOf(issued: readonly SignedCommand[]): SignedCommand | undefined {
  return issued.findLast(({ action }) => action === 'set-policy');
}

/** The policy that the site was told last; undefined when it never was. */
export function newestPolicy(issued: readonly SignedCommand[]): SitePolicy | undefined {
  const newest = newestOf(issued);
  return newest === undefined ? undefined : parsePolicy(newest.target);
}

export function policyWish(site: string, policy: SitePolicy, reason: string): Wish {
  return { site, action: 'set-policy', target: policyText(policy), mode: 'enforce', reason, lastsS: 0, waitsMs: LONGEST_WAIT_MS, undoes: 0 };
}

/** Says a site's policy again where a plugin that is new there could not fetch it any more. */
export async function renewPolicy(deps: IssuingDeps, site: string): Promise<void> {
  const issued = await deps.issued();
  const newest = newestOf(issued);
  const isBinding = Object.keys(newestPolicy(issued) ?? {}).length > 0;
  if (newest === undefined || !isBinding || newest.expires_at - deps.nowMs() > LEAST_LEFT_MS) return;
  await issueCommand(deps, (now) => policyWish(site, newestPolicy(now) ?? {}, 'the policy in force, for a plugin that is new here'));
}
