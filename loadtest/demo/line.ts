import type { Random } from '../../contracts/seeded-random.ts';
import type { Shop } from './shops.ts';
import { AGENTS } from './shops.ts';

/** How a line reaches the gateway: access and debug logs as plain lines, WordPress audit events as signed blocks. */
export type DemoStream = 'access' | 'debug' | 'wordpress';

export interface DemoLine {
  readonly site: string;
  readonly stream: DemoStream;
  /** Unix ms. */
  readonly at: number;
  readonly text: string;
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

function two(n: number): string {
  return String(n).padStart(2, '0');
}

function logTime(at: number, separator: string): string {
  const d = new Date(at);
  return `${two(d.getUTCDate())}${separator}${MONTHS[d.getUTCMonth()]}${separator}${d.getUTCFullYear()}`;
}

function clock(at: number): string {
  return new Date(at).toISOString().slice(11, 19);
}

export interface Access {
  readonly address: string;
  readonly method?: string;
  readonly target: string;
  readonly status?: number;
  readonly bytes?: number;
  readonly agent?: string;
}

/** A line of an Apache combined access log. */
export function accessLine(shop: Shop, at: number, a: Access): DemoLine {
  const text = `${a.address} - - [${logTime(at, '/')}:${clock(at)} +0000] "${a.method ?? 'GET'} ${a.target} HTTP/1.1" ${a.status ?? 200} ${a.bytes ?? 5120} "https://${shop.domain}/" "${a.agent ?? AGENTS[0]}"`;
  return { site: shop.site, stream: 'access', at, text };
}

/** A line of WordPress's debug.log. */
export function debugLine(shop: Shop, at: number, message: string): DemoLine {
  return { site: shop.site, stream: 'debug', at, text: `[${logTime(at, '-')} ${clock(at)} UTC] ${message}` };
}

export interface Audit {
  readonly category: string;
  readonly action: string;
  readonly outcome?: 'success' | 'failure';
  readonly address: string;
  readonly user?: string;
  readonly role?: string;
  /** An account that it was done to. */
  readonly target?: string;
  readonly session?: string;
  readonly agent?: string;
  readonly wordpress?: Readonly<Record<string, unknown>>;
  /** Beside those of WordPress itself. */
  readonly fields?: Readonly<Record<string, unknown>>;
}

/** An audit event as the WordPress plugin writes it. */
export function auditLine(shop: Shop, at: number, a: Audit): DemoLine {
  const event = {
    '@timestamp': new Date(at).toISOString(),
    event: { kind: 'event', category: a.category, action: a.action, outcome: a.outcome ?? 'success', dataset: 'wordpress.audit' },
    source: { ip: a.address },
    ...(a.user === undefined ? {} : { user: { name: a.user, ...(a.role === undefined ? {} : { roles: [a.role] }), ...(a.target === undefined ? {} : { target: { name: a.target } }) } }),
    ...(a.agent === undefined ? {} : { user_agent: { original: a.agent } }),
    url: { domain: shop.domain },
    ...(a.wordpress === undefined && a.session === undefined ? {} : { wordpress: { ...a.wordpress, ...(a.session === undefined ? {} : { session: { hash: a.session } }) } }),
    ...a.fields,
  };
  return { site: shop.site, stream: 'wordpress', at, text: JSON.stringify(event) };
}

/** A visitor's address, from the ranges kept for documentation (RFC 5737) and private networks. */
export function visitorAddress(random: Random): string {
  return `198.51.100.${1 + random.below(250)}`;
}
