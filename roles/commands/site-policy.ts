import { issueCommand } from '../../respond/orders/issue-command.ts';
import { newestPolicy, policyWish } from '../../respond/orders/policy-command.ts';
import { policyProblems } from '../../respond/orders/site-policy.ts';
import type { SitePolicy } from '../../respond/orders/site-policy.ts';
import { withCommandDesk } from '../command-desk.ts';
import { UsageError } from '../usage-error.ts';

export interface SitePolicyOptions {
  readonly ai?: string;
  readonly aiEndpoint?: string;
  readonly aiModel?: string;
  readonly aiHosts?: string;
  readonly aiLocalHosts?: string;
  readonly revertAiSettings?: boolean;
  readonly region?: string;
  readonly purpose?: readonly string[];
  readonly browserReports?: boolean;
  readonly browserPages?: string;
  readonly discover?: boolean;
  readonly ownerUndo?: boolean;
  readonly reason?: string;
  readonly show?: true;
  readonly clear?: true;
  readonly json?: true;
}

const REASON = 'the policy of the security team';

/** Shows or sets what a site must hold to, whatever its owner set: over the policy it was given last. */
export async function sitePolicy(site: string, options: SitePolicyOptions): Promise<number> {
  const changes = changesOf(options);
  const isChange = Object.keys(changes).length > 0;
  if (Number(options.show === true) + Number(options.clear === true) + Number(isChange) !== 1) throw new UsageError('say what the policy sets, or --show, or --clear');
  return withCommandDesk(site, async (desk) => {
    if (options.show === true) return show(newestPolicy(desk.issued), options.json === true);
    const command = await issueCommand(desk.issuing, (issued) => policyWish(site, options.clear === true ? {} : { ...newestPolicy(issued), ...changes }, options.reason ?? REASON));
    if (desk.boxes === 0) process.stderr.write('No plugin of this site takes orders yet: one that is enrolled later is told.\n');
    process.stdout.write(options.json === true ? `${JSON.stringify(command)}\n` : `${command.counter}  policy of ${site}: ${command.target}\n"tourniquet contain ${site} --list" shows what the site answers.\n`);
    return 0;
  });
}

function show(policy: SitePolicy | undefined, asJson: boolean): number {
  const known = policy ?? {};
  if (asJson) process.stdout.write(`${JSON.stringify(known)}\n`);
  else if (Object.keys(known).length === 0) process.stdout.write('No policy: the owner decides everything.\n');
  else for (const [name, value] of Object.entries(known)) process.stdout.write(`${name}: ${JSON.stringify(value)}\n`);
  return 0;
}

const listed = (text: string): readonly string[] => (text === '' ? [] : text.split(','));

function changesOf(o: SitePolicyOptions): SitePolicy {
  const changes = {
    ...(o.ai === undefined ? {} : { ai_policy: o.ai }),
    ...(o.aiEndpoint === undefined ? {} : { ai_local_endpoint: o.aiEndpoint }),
    ...(o.aiModel === undefined ? {} : { ai_local_model: o.aiModel }),
    ...(o.aiHosts === undefined ? {} : { ai_hosts: listed(o.aiHosts) }),
    ...(o.aiLocalHosts === undefined ? {} : { ai_local_hosts: listed(o.aiLocalHosts) }),
    ...(o.revertAiSettings === undefined ? {} : { ai_revert_settings: o.revertAiSettings }),
    ...(o.region === undefined ? {} : { region: listed(o.region) }),
    ...(o.purpose === undefined ? {} : { outbound_purposes: Object.fromEntries(o.purpose.map(purposeOf)) }),
    ...(o.browserReports === undefined ? {} : { browser_reports: o.browserReports }),
    ...(o.browserPages === undefined ? {} : { browser_pages: listed(o.browserPages) }),
    ...(o.discover === undefined ? {} : { discover: o.discover }),
    ...(o.ownerUndo === undefined ? {} : { owner_undo: o.ownerUndo }),
  };
  const problems = policyProblems(changes);
  if (problems.length > 0) throw new UsageError(`the policy has ${problems.length === 1 ? 'a problem' : `${problems.length} problems`}:\n${problems.map((one) => `  ${one}`).join('\n')}`);
  return changes;
}

function purposeOf(text: string): readonly [host: string, purpose: string] {
  const at = text.indexOf('=');
  if (at < 0) throw new UsageError(`--purpose ${JSON.stringify(text)} is HOST=PURPOSE, like pay.example=payment`);
  return [text.slice(0, at), text.slice(at + 1)];
}
