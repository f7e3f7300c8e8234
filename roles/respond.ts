import { readFileSync } from 'node:fs';
import path from 'node:path';
import { SYSTEM_SITE } from '../contracts/names.ts';
import { endpointsOf } from '../respond/endpoint.ts';
import { watchHeartbeats } from '../respond/heartbeat/heartbeat-watch.ts';
import { createResponder } from '../respond/responder.ts';
import type { ResponderEvent } from '../respond/responder-event.ts';
import { openAlertReader } from './alerts-of.ts';
import { readSecret } from './config/read.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import { connectKeys, storageAccess } from './connections.ts';
import { openCommandKey } from './command-key.ts';
import { openEventLog } from './event-log.ts';
import { messageOf } from './error-message.ts';
import { openMailRoom } from './mail-room.ts';
import { openNoted } from './noted.ts';
import { ownLines } from './own-lines.ts';
import { openRaisedActs, RAISED_STREAM } from './raised-acts.ts';
import { runRole } from './role-process.ts';
import type { RoleContext } from './role-process.ts';
import { secretOf } from './secrets.ts';
import { openSiteBeats } from './site-beats.ts';
import { trailOf } from './trail.ts';

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
  const access = await storageAccess(config, home, 'reader', signal);
  const alerts = openAlertReader(access);
  const sealer = await openBlockSealer(await connectKeys(config, home, 'gateway', signal));
  const raised = openRaisedActs(access, ownLines(log, (headBytes, body) => sealer.seal(headBytes, body), SYSTEM_SITE, RAISED_STREAM));
  const trail = trailOf(log, sealer);
  const mailRoom = await openMailRoom({ log, keys: await connectKeys(config, home, 'respond', signal), trail, commandKey: openCommandKey(secretOf(config, home, 'respond-command')), logLine });
  const siteBeats = openSiteBeats(access, log);
  const heartbeats = watchHeartbeats({ beats: () => siteBeats.read(), note: (act) => trail.write(act), told: openNoted(home, 'silences'), onError: (error) => logLine('heartbeats', { message: messageOf(error) }) });
  const responder = createResponder({
    control: log.control,
    alertsOf: alerts.alertsOf,
    record: (group) => raised.record(group),
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
    status: () => ({ ...responder.status(), letters: mailRoom.status(), heartbeats: heartbeats.status() }),
    async close() {
      await mailRoom[Symbol.asyncDispose]();
      await heartbeats[Symbol.asyncDispose]();
      await siteBeats[Symbol.asyncDispose]();
      await responder[Symbol.asyncDispose]();
      await alerts[Symbol.asyncDispose]();
      await raised[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
});
