import { canonicalJson } from '../../contracts/canonical-json.ts';

/** What a signed policy may set at a site, by the names the plugin knows; whatever is absent the owner decides. */
export interface SitePolicy {
  readonly region?: readonly string[];
  readonly outbound_purposes?: Readonly<Record<string, string>>;
  readonly ai_policy?: string;
  readonly ai_local_endpoint?: string;
  readonly ai_local_model?: string;
  readonly ai_hosts?: readonly string[];
  readonly ai_local_hosts?: readonly string[];
  readonly ai_revert_settings?: boolean;
  readonly browser_reports?: boolean;
  readonly browser_pages?: readonly string[];
  readonly discover?: boolean;
  /** Whether the owner may take back what a command did. */
  readonly owner_undo?: boolean;
}

const HOST = /^(?:[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?\.)*[a-z0-9_](?:[a-z0-9_-]{0,61}[a-z0-9_])?$/;
const AI_POLICIES = ['allow', 'local-only', 'anonymise', 'block'];
const PURPOSES = ['payment', 'mail', 'sms', 'shipping', 'accounting', 'analytics', 'backup', 'ai', 'update'];

type Check = (value: unknown) => string | undefined;

const isHost = (value: unknown): value is string => typeof value === 'string' && value.length <= 253 && HOST.test(value);

function listOf(fits: (value: unknown) => boolean, what: string): Check {
  return (value) => (Array.isArray(value) && value.length <= 100 && value.every(fits) ? undefined : `a list of at most 100 ${what}`);
}

function flag(value: unknown): string | undefined {
  return typeof value === 'boolean' ? undefined : 'true or false';
}

function endpoint(value: unknown): string | undefined {
  const url = typeof value === 'string' && /^https?:\/\/[!-~]{1,500}$/.test(value) ? URL.parse(value) : null;
  return url !== null && url.username === '' && url.password === '' && url.search === '' && url.hash === '' ? undefined : 'an http or https address without user name, query or fragment';
}

function purposes(value: unknown): string | undefined {
  const entries = typeof value === 'object' && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  return entries !== undefined && entries.length <= 100 && entries.every(([host, purpose]) => isHost(host) && PURPOSES.some((one) => one === purpose)) ? undefined : `hosts, each with one of ${PURPOSES.join(', ')}`;
}

const CHECKS: Readonly<Record<keyof SitePolicy, Check>> = {
  region: listOf((value) => typeof value === 'string' && (/^[A-Z]{2}$/.test(value) || isHost(value)), 'countries (two capital letters) or hosts'),
  outbound_purposes: purposes,
  ai_policy: (value) => (AI_POLICIES.some((one) => one === value) ? undefined : `one of ${AI_POLICIES.join(', ')}`),
  ai_local_endpoint: endpoint,
  ai_local_model: (value) => (typeof value === 'string' && /^[A-Za-z0-9][A-Za-z0-9._:/-]{0,99}$/.test(value) ? undefined : 'the name of a model'),
  ai_hosts: listOf(isHost, 'hosts'),
  ai_local_hosts: listOf(isHost, 'hosts'),
  ai_revert_settings: flag,
  browser_reports: flag,
  browser_pages: listOf((value) => typeof value === 'string' && /^\/[A-Za-z0-9._~%/-]{0,255}$/.test(value), 'paths'),
  discover: flag,
  owner_undo: flag,
};

export const POLICY_NAMES: readonly string[] = Object.keys(CHECKS);

/** Every problem at once. */
export function policyProblems(policy: Readonly<Record<string, unknown>>): readonly string[] {
  return Object.entries(policy).flatMap(([name, value]) => {
    // Own names only: `constructor` is none.
    const check = Object.hasOwn(CHECKS, name) ? CHECKS[name as keyof SitePolicy] : undefined;
    const problem = check === undefined ? 'is nothing a policy sets' : check(value);
    return problem === undefined ? [] : [check === undefined ? `${name} ${problem}` : `${name} is ${problem}`];
  });
}

/** As a command carries it. */
export function policyText(policy: SitePolicy): string {
  return canonicalJson(policy);
}

/** The policy of a command's target; undefined when it is none. */
export function parsePolicy(text: string): SitePolicy | undefined {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
    const policy: Readonly<Record<string, unknown>> = { ...value };
    // Each value was checked by its name.
    return policyProblems(policy).length === 0 ? (policy as SitePolicy) : undefined;
  } catch {
    return undefined;
  }
}
