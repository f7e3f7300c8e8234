import type { EventLog } from '../../contracts/event-log.ts';
import { formatEnrolment } from '../../contracts/site.ts';
import { addSite, listSites, rotateSite } from '../../ingest/sites/site-admin.ts';
import type { SiteSecrets } from '../../ingest/sites/site-admin.ts';
import { loadConfig } from '../config/config.ts';
import { openEventLog } from '../event-log.ts';
import { gatewayAddress } from '../gateway-address.ts';
import { homeAt, makeHome } from '../home.ts';

async function withLog<T>(use: (log: EventLog) => Promise<T>): Promise<T> {
  const home = homeAt();
  makeHome(home);
  await using log = await openEventLog(loadConfig(), home);
  return await use(log);
}

function printSecrets(site: string, secrets: SiteSecrets, json: boolean): void {
  const url = gatewayAddress(loadConfig(), homeAt());
  const enrolment = formatEnrolment(site, secrets.enrolmentSecret, url);
  if (json) {
    process.stdout.write(`${JSON.stringify({ site, enrolment, ingest_key: secrets.ingestKey, gateway: url })}\n`);
    return;
  }
  process.stdout.write(
    [
      `Site ${site}. Both secrets are shown only now; the register keeps their hashes.`,
      '',
      '  enrolment line, for the plugin or "tourniquet send --enrolment" (good for one shipper):',
      `    ${enrolment}`,
      '  ingest key, for plain log lines:',
      `    ${secrets.ingestKey}`,
      '',
    ].join('\n'),
  );
}

export async function addSiteCommand(name: string, options: { readonly json?: true }): Promise<number> {
  const secrets = await withLog((log) => addSite(log.registry, name, Date.now));
  printSecrets(name, secrets, options.json === true);
  return 0;
}

export async function rotateSiteCommand(name: string, options: { readonly json?: true }): Promise<number> {
  const secrets = await withLog((log) => rotateSite(log.registry, name, Date.now));
  printSecrets(name, secrets, options.json === true);
  return 0;
}

export async function listSitesCommand(options: { readonly json?: true }): Promise<number> {
  const sites = await withLog((log) => listSites(log.registry));
  if (options.json === true) {
    for (const s of sites) process.stdout.write(`${JSON.stringify({ site: s.site, created_at: new Date(s.createdAt).toISOString(), keys: s.keys, boxes: s.boxes, open_enrolments: s.openEnrolments })}\n`);
    return 0;
  }
  if (sites.length === 0) process.stdout.write('No site yet. Add one with "tourniquet site add NAME".\n');
  const width = Math.max(4, ...sites.map((s) => s.site.length));
  if (sites.length > 0) process.stdout.write(`${'SITE'.padEnd(width)}  CREATED               KEYS  BOXES  OPEN ENROLMENTS\n`);
  for (const s of sites) process.stdout.write(`${s.site.padEnd(width)}  ${new Date(s.createdAt).toISOString().slice(0, 19)}Z  ${String(s.keys).padStart(4)}  ${String(s.boxes).padStart(5)}  ${s.openEnrolments}\n`);
  return 0;
}
