import { readFileSync } from 'node:fs';
import path from 'node:path';
import { endpointsOf } from '../respond/endpoint.ts';
import { createResponder } from '../respond/responder.ts';
import type { ResponderEvent } from '../respond/responder-event.ts';
import { openAlertReader } from './alerts-of.ts';
import { readSecret } from './config/read.ts';
import { storageAccess } from './connections.ts';
import { openEventLog } from './event-log.ts';
import { runRole } from './role-process.ts';
import type { RoleContext } from './role-process.ts';
import { secretOf } from './secrets.ts';

function productVersion(): string {
  // Our own manifest.
  return (JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { readonly version: string }).version;
}

/** What an operator should see; deliveries that went well are in the status. */
function report(log: RoleContext['log'], event: ResponderEvent): void {
  if ('error' in event) log(event.type.replaceAll('_', ' '), { message: event.error.message });
}

await runRole('respond', async ({ home, config, signal, log: logLine }) => {
  const { webhooks } = config.respond;
  const log = await openEventLog(config, home, logLine);
  const alerts = openAlertReader(await storageAccess(config, home, 'reader', signal));
  const responder = createResponder({
    control: log.control,
    alertsOf: alerts.alertsOf,
    directory: path.join(home.data, 'respond'),
    endpoints: endpointsOf({ ...webhooks, secret: secretOf(config, home, 'webhook'), previous_secret: readSecret(webhooks.previous_secret) ?? '' }),
    includeAddresses: webhooks.include_addresses,
    notifyEveryAlert: config.respond.notify_every_alert,
    productVersion: productVersion(),
    onEvent: (event) => report(logLine, event),
  });
  return {
    url: '',
    failed: responder.done.then(() => new Promise<never>(() => undefined)),
    status: () => responder.status(),
    async close() {
      await responder[Symbol.asyncDispose]();
      await alerts[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
});
