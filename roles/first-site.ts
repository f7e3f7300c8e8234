import { formatEnrolment } from '../contracts/site.ts';
import { addSite, listSites } from '../ingest/sites/site-admin.ts';
import { loadConfig } from './config/config.ts';
import { openEventLog } from './event-log.ts';
import type { Home } from './home.ts';

const FIRST_SITE = 'my-shop';

function curlLine(gatewayUrl: string, ingestKey: string): string {
  const event = JSON.stringify({ '@timestamp': new Date().toISOString(), event: { kind: 'event', category: 'http', action: 'hello', outcome: 'success' }, message: 'my first event' });
  return `curl -sS -H 'Authorization: Bearer ${ingestKey}' --data-binary '${event}' '${gatewayUrl}/v1/events?stream=hello&format=ndjson'`;
}

/** At the first start, makes a site and prints, once, how to send to it. Later only says where the sites are. */
export async function announceFirstSite(home: Home, gatewayUrl: string): Promise<void> {
  await using log = await openEventLog(loadConfig(), home);
  const sites = await listSites(log.registry);
  if (sites.length > 0) {
    process.stderr.write(`  ${sites.length} ${sites.length === 1 ? 'site' : 'sites'}; "npx tourniquet status" shows what comes in. Ctrl-C stops.\n`);
    return;
  }
  const { enrolmentSecret, ingestKey } = await addSite(log.registry, FIRST_SITE, Date.now);
  process.stderr.write(
    [
      '',
      `A first site, "${FIRST_SITE}". Its secrets are shown only now:`,
      `  enrolment  ${formatEnrolment(FIRST_SITE, enrolmentSecret, gatewayUrl)}`,
      '  Send a first event:',
      `    ${curlLine(gatewayUrl, ingestKey)}`,
      '  See it stored:',
      '    npx tourniquet query "SELECT timestamp, site, action, line FROM events ORDER BY received_at DESC LIMIT 5"',
      'Ctrl-C stops.',
      '',
    ].join('\n'),
  );
}
