import { isName } from '../../contracts/names.ts';
import type { ControlStream } from '../../contracts/event-log.ts';
import type { SiteRecord } from '../../contracts/site.ts';
import { SitesError } from './errors.ts';
import { newSecret, secretHash } from './secret.ts';
import { enrolmentKey, ingestKeyKey, siteKey } from './site-record.ts';
import { readSites } from './site-register.ts';

/** Shown once; only their hashes are stored. */
export interface SiteSecrets {
  readonly enrolmentSecret: string;
  readonly ingestKey: string;
}

export interface SiteSummary {
  readonly site: string;
  readonly createdAt: number;
  /** Keys a new block may be signed with. */
  readonly keys: number;
  /** Plugins that are sent letters and commands. */
  readonly boxes: number;
  /** Enrolment secrets not used up. */
  readonly openEnrolments: number;
}

/**
 * Adds a site. A crash after the claim leaves a site without secrets, which `rotateSite` completes.
 */
export async function addSite(registry: ControlStream, name: string, clock: () => number): Promise<SiteSecrets> {
  if (!isName(name)) throw new SitesError('TQ-SITES-01');
  // The nonce makes our claim differ from one another process makes in the same millisecond.
  const value = JSON.stringify({ type: 'site', site: name, at: clock(), nonce: newSecret() });
  const entry = await registry.claim(siteKey(name), value);
  if (entry.value !== value) throw new SitesError('TQ-SITES-02');
  return issueSecrets(registry, name, false, clock);
}

/** New secrets. All keys and secrets from before stop working at once; the shipper enrols again. */
export async function rotateSite(registry: ControlStream, name: string, clock: () => number): Promise<SiteSecrets> {
  const sites = await readSites(registry);
  if (!sites.has(name)) throw new SitesError('TQ-SITES-03');
  return issueSecrets(registry, name, true, clock);
}

/** A further enrolment secret, for one more shipper of a site; what was enrolled before goes on. */
export async function addEnrolment(registry: ControlStream, name: string, clock: () => number): Promise<string> {
  const sites = await readSites(registry);
  if (!sites.has(name)) throw new SitesError('TQ-SITES-03');
  return issueEnrolment(registry, name, false, clock);
}

export async function listSites(registry: ControlStream): Promise<readonly SiteSummary[]> {
  const sites = await readSites(registry);
  return [...sites.values()].map((s) => ({
    site: s.site,
    createdAt: s.createdAt,
    keys: [...s.keys.values()].filter((generation) => generation === s.generation).length,
    boxes: s.mail.mailboxes.size,
    openEnrolments: [...s.enrolments.values()].filter((e) => e.generation === s.generation && e.key === undefined).length,
  }));
}

async function issueSecrets(registry: ControlStream, site: string, replaces: boolean, clock: () => number): Promise<SiteSecrets> {
  const enrolmentSecret = await issueEnrolment(registry, site, replaces, clock);
  const ingestKey = newSecret();
  const key: SiteRecord = { type: 'ingest_key', site, at: clock(), key_hash: hashOf(ingestKey) };
  await registry.append(ingestKeyKey(site), JSON.stringify(key));
  return { enrolmentSecret, ingestKey };
}

async function issueEnrolment(registry: ControlStream, site: string, replaces: boolean, clock: () => number): Promise<string> {
  const secret = newSecret();
  const enrolment: SiteRecord = { type: 'enrolment', site, at: clock(), secret_hash: hashOf(secret), replaces };
  await registry.append(enrolmentKey(site), JSON.stringify(enrolment));
  return secret;
}

function hashOf(secret: string): string {
  const hash = secretHash(secret);
  if (hash === undefined) throw new TypeError('a new secret is not well-formed');
  return hash;
}
