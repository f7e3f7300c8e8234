import { madeUpToken } from '../made-up-token.ts';
import type { Customer } from './customer.ts';
import type { Client, Site, SiteKind } from './site.ts';

export type Fields = Readonly<Record<string, unknown>>;

/** An event of a site, and what is true of it beyond what it says. */
export interface ScenarioEvent {
  readonly site: string;
  /** Unix ms. */
  readonly at: number;
  /** As it is shipped: ECS, nested. */
  readonly event: Fields;
  /** Persons whose data whoever caused the event got to see by it. */
  readonly reads: readonly string[];
}

/** What the plugin names of an export in one event; the rest would go on in numbered events. */
const MOST_SUBJECTS = 200;
const NOBODY: readonly string[] = [];

/** Puts `value` where the dotted name says, inside of objects made for it. */
function put(into: Record<string, unknown>, name: string, value: unknown): void {
  const dot = name.indexOf('.');
  if (dot < 0) {
    into[name] = value;
    return;
  }
  const head = name.slice(0, dot);
  const known = into[head];
  // What stands there under a part of a name was put there by this function.
  const inner = (typeof known === 'object' && known !== null ? known : {}) as Record<string, unknown>;
  into[head] = inner;
  put(inner, name.slice(dot + 1), value);
}

/** Nested objects of fields with dotted names; what is undefined is left out. */
function nested(fields: Fields): Fields {
  const event: Record<string, unknown> = {};
  for (const [name, value] of Object.entries(fields)) if (value !== undefined) put(event, name, value);
  return event;
}

function clientFields({ ip, agent, user, roles, session, key }: Partial<Client>): Fields {
  return { 'wordpress.key.id': key, 'source.ip': ip, 'user_agent.original': agent, 'user.name': user, 'user.roles': roles, 'wordpress.session.hash': session };
}

export interface Answer {
  readonly status?: number;
  readonly bytes?: number;
  readonly referrer?: string;
  /** Of a request that a firewall or the plugin logged with its body. */
  readonly body?: string;
  readonly reads?: readonly Customer[];
  /** What a cache or firewall in front adds. */
  readonly fields?: Fields;
}

/** A line of an access log. `target`: method, a space, path and query. */
export function request(site: Site, at: number, { ip, agent }: Client, target: string, { status = 200, bytes = 18_432, referrer, body, reads = [], fields = {} }: Answer = {}): ScenarioEvent {
  const [method = 'GET', address = '/'] = target.split(/ (.*)/s);
  const [path = '/', query] = address.split(/\?(.*)/s);
  const event = nested({
    '@timestamp': new Date(at).toISOString(),
    'event.kind': 'event', 'event.category': 'http', 'event.action': 'http_request', 'event.outcome': status < 400 ? 'success' : 'failure', 'event.dataset': 'nginx.access',
    'source.ip': ip, 'http.version': '1.1', 'http.request.method': method, 'http.request.referrer': referrer, 'http.request.body.content': body,
    'http.response.status_code': status, 'http.response.body.bytes': bytes,
    'url.domain': site.domain, 'url.path': path, 'url.query': query, 'user_agent.original': agent, ...fields,
  });
  return { site: site.name, at, event, reads: reads.length === 0 ? NOBODY : reads.map(({ subject }) => subject) };
}

const CONTACT = ['pii.address', 'pii.email', 'pii.name'];
const CLASSES: Readonly<Record<SiteKind, readonly string[]>> = {
  'healthcare-shop': [...CONTACT, 'phi.prescription'], clinic: [...CONTACT, 'phi.record'], 'ai-shop': CONTACT, manufacturer: CONTACT, fintech: ['fin.bank_account', ...CONTACT],
};
const CONTACT_FIELDS = ['billing_address', 'billing_email', 'billing_name'];

/** What the plugin says of the data that was read or exported. */
function dataFields({ kind }: Site, category: string | undefined, records: number): Fields {
  if (records === 0 || (category !== 'data_access' && category !== 'data_export')) return {};
  return { 'wordpress.data.classes': CLASSES[kind], 'wordpress.data.fields': CONTACT_FIELDS, 'wordpress.data.records': records };
}

export interface Act {
  readonly outcome?: 'success' | 'failure';
  /** Whose records were answered, exported or sent. */
  readonly reads?: readonly Customer[];
  readonly fields?: Fields;
}

/** What the WordPress plugin saw. `what`: `category/action` of docs/rules.md. */
export function act(site: Site, at: number, what: `${string}/${string}`, who: Partial<Client>, { outcome = 'success', reads = [], fields = {} }: Act = {}): ScenarioEvent {
  const [category, action] = what.split('/');
  const subjects = reads.slice(0, MOST_SUBJECTS).map(({ subject }) => ({ type: 'customer', token: madeUpToken(subject) }));
  const event = nested({
    '@timestamp': new Date(at).toISOString(),
    'event.kind': 'event', 'event.category': category, 'event.action': action, 'event.outcome': outcome, 'event.dataset': 'wordpress.audit',
    'url.domain': site.domain, ...clientFields(who),
    ...(category === 'data_access' && reads.length > 0 ? { 'wordpress.response.subjects': reads.length } : {}),
    ...dataFields(site, category, reads.length),
    subjects: subjects.length === 0 ? undefined : subjects,
    ...fields,
  });
  return { site: site.name, at, event, reads: reads.length === 0 ? NOBODY : reads.map(({ subject }) => subject) };
}

/** A line of WordPress's debug.log or of PHP's error log. */
export function phpLog(site: Site, at: number, message: string, dataset: 'wordpress.debug' | 'php.error' = 'wordpress.debug'): ScenarioEvent {
  const event = nested({
    '@timestamp': new Date(at).toISOString(), 'event.kind': 'event', 'event.category': 'process', 'event.action': 'php_error', 'event.outcome': 'unknown', 'event.dataset': dataset, message,
  });
  return { site: site.name, at, event, reads: NOBODY };
}
