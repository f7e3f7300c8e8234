import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { corpusFiles, corpusText, rowsOf } from '../../../contracts/reference-data.ts';
import type { EventObject } from '../event/field-value.ts';
import { considered } from '../event/routing.ts';
import { readRules } from '../language/read-rules.ts';
import { matches } from '../naive/matches.ts';
import type { Condition, DetectionRule, Logsource } from '../rule.ts';
import { loadMappings } from './load-mappings.ts';
import { shippedMappings } from './shipped-mappings.ts';

const { mappings, problems } = loadMappings(shippedMappings());

function casesIn(name: string): readonly unknown[] {
  return rowsOf(readFileSync(`${import.meta.dirname}/cases/${name}`, 'utf8'));
}

const rules = new Map<string, DetectionRule>();

function ruleAt(path: string): DetectionRule {
  const known = rules.get(path);
  if (known !== undefined) return known;
  const [rule] = readRules([{ file: path, text: corpusText(`sigma/${path}`) ?? '' }], {}).rules.detections;
  if (rule === undefined) throw new Error(`${path} cannot be read`);
  rules.set(path, rule);
  return rule;
}

function finds(path: string, event: EventObject): boolean {
  const rule = ruleAt(path);
  return considered(mappings.served(event), rule.logsource, false) && matches(rule, event, { mappings, views: () => [] });
}

const available = corpusText('sigma/rules/web/webserver_generic/web_jndi_exploit.yml') !== undefined;

describe('rules for web servers and proxies', () => {
  const web = casesIn('web.ndjson') as readonly { readonly rule: string; readonly w3c: EventObject; readonly ecs: EventObject; readonly match: boolean }[];

  it('have at least 30 pairs of events', () => expect(web.length).toBeGreaterThanOrEqual(30));
  it.runIf(available).for(web)('$rule says $match of a W3C event and of the same as ECS', ({ rule, w3c, ecs, match }) => { // The corpora are absent on a user's machine; in CI that is an error.
    expect({ w3c: finds(rule, w3c), ecs: finds(rule, ecs) }).toEqual({ w3c: match, ecs: match });
  });
});

describe('every published rule for web servers and proxies', () => {
  const files = ['sigma/rules', 'sigma/rules-emerging-threats', 'sigma/rules-threat-hunting'].flatMap((folder) => corpusFiles(folder, '.yml') ?? []).filter(({ text }) => /category: (?:webserver|proxy)/.test(text));

  it.runIf(files.length > 0)('finds each of its fields in ECS events', () => { // The corpora are absent on a user's machine; in CI that is an error.
    const found = readRules(files, {}).rules.detections;
    expect(found.length).toBeGreaterThanOrEqual(140);
    const unmapped = found.flatMap((rule) => [...fieldsOf(rule.condition)].filter((field) => mappings.fieldPath(field, rule.logsource).names.every((name) => !name.includes('.'))));
    expect([...new Set(unmapped)]).toEqual([]);
  });
});

function fieldsOf(condition: Condition): ReadonlySet<string> {
  if (condition.kind === 'match') return new Set(condition.field === undefined ? [] : [condition.field]);
  return new Set((condition.kind === 'not' ? [condition.of] : condition.of).flatMap((one) => [...fieldsOf(one)]));
}

describe('rules for applications', () => {
  const applications = casesIn('application.ndjson') as readonly { readonly rule: string; readonly event: EventObject; readonly match: boolean }[];

  it.runIf(available).for(applications)('$rule says $match of $event.message', ({ rule, event, match }) => expect(finds(rule, event)).toBe(match)); // The corpora are absent on a user's machine; in CI that is an error.
});

describe('the shipped mappings', () => {
  it('have no problem', () => expect(problems).toEqual([]));

  const ROUTES: readonly (readonly [claim: string, event: EventObject, served: readonly Logsource[] | undefined])[] = [
    ['a line of text is unidentified', { message: 'hello' }, undefined],
    ['an empty event is unidentified', {}, undefined],
    ['a request with W3C names', { 'cs-method': 'GET' }, [{ category: 'webserver' }, { category: 'proxy' }]],
    ['categories in a list', { event: { category: ['http'] } }, [{ category: 'webserver' }, { category: 'proxy' }]],
    ['dotted names', { 'event.dataset': 'nginx.access', 'http.request.method': 'GET', 'url.path': '/' }, [{ category: 'webserver' }, { category: 'proxy' }, { category: 'webserver', product: 'nginx', service: 'access' }]],
    ['a request that WordPress made', { event: { category: 'outbound', dataset: 'wordpress.audit' } }, [{ category: 'application', product: 'wordpress', service: 'audit' }, { category: 'proxy' }]],
    ['an act of WordPress', { event: { category: 'iam', dataset: 'wordpress.audit' } }, [{ category: 'application', product: 'wordpress', service: 'audit' }]],
    ['a request that WordPress saw', { event: { category: 'http', dataset: 'wordpress.audit' } }, [{ category: 'application', product: 'wordpress', service: 'audit' }, { category: 'webserver' }, { category: 'proxy' }]],
    ['a process of Windows', { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: 1 }, [{ product: 'windows', category: 'process_creation' }, { product: 'windows', service: 'sysmon' }]],
    ['a number as text', { Channel: 'Microsoft-Windows-Sysmon/Operational', EventID: '1' }, [{ product: 'windows', category: 'process_creation' }, { product: 'windows', service: 'sysmon' }]],
    ['a process of Linux', { Channel: 'Linux-Sysmon/Operational', EventID: 1 }, [{ product: 'linux', service: 'sysmon' }, { product: 'linux', category: 'process_creation' }]],
    ['a record of auditd', { type: 'EXECVE', a0: 'cat' }, [{ product: 'linux', service: 'auditd' }]],
    ['another type of something', { type: 'EXECVE' }, undefined],
    ['a query that MariaDB tells of', { event: { category: 'database', dataset: 'mariadb.audit' } }, [{ category: 'database' }, { category: 'application', product: 'sql' }, { category: 'database', product: 'mariadb', service: 'audit' }, { category: 'database', product: 'mysql', service: 'audit' }]],
    ['a request that a firewall tells of', { event: { category: 'http', dataset: 'modsecurity.audit' } }, [{ category: 'webserver' }, { category: 'proxy' }, { category: 'webserver', product: 'modsecurity', service: 'audit' }]],
    ['a log-in that Wordfence tells of: no act of WordPress', { event: { category: 'authentication', dataset: 'wordfence.activity' } }, [{ category: 'application', product: 'wordfence', service: 'activity' }]],
    ['a role that WP Activity Log tells of: no act of WordPress', { event: { category: 'iam', dataset: 'wp_activity_log.activity' } }, [{ category: 'application', product: 'wp_activity_log', service: 'activity' }]],
    ['a model server', { event: { category: 'ai', dataset: 'ollama.server' } }, [{ category: 'application', product: 'ollama', service: 'server' }]],
    ['a slow request of PHP-FPM', { event: { category: 'process', dataset: 'php_fpm.slow' } }, [{ category: 'application', product: 'php', service: 'fpm' }]],
    ['a hostile key', JSON.parse('{"__proto__":{"cs-method":"GET"}}') as EventObject, undefined],
  ];

  it.for(ROUTES)('know %s', ([, event, served]) => {
    const found = mappings.served(event);
    expect(found === undefined ? undefined : new Set(found.map((one) => JSON.stringify(Object.entries(one).toSorted())))).toEqual(served === undefined ? undefined : new Set(served.map((one) => JSON.stringify(Object.entries(one).toSorted()))));
  });

  it('give the same list for the same kinds of event', () => expect(mappings.served({ 'cs-method': 'GET' })).toBe(mappings.served({ 'c-uri': '/' })));
});
