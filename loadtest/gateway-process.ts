import { generateKeyPairSync } from 'node:crypto';
import process from 'node:process';
import { setFlagsFromString } from 'node:v8';
import { sealingKeyId, x25519PublicBytes } from '../contracts/sealed-key.ts';
import { loadNative } from '../detect/native/binding.ts';
import { createGateway } from '../ingest/gateway/gateway.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import { addSite } from '../ingest/sites/site-admin.ts';
import { openSiteRegister } from '../ingest/sites/site-register.ts';
import { loadConfig } from '../roles/config/config.ts';
import { openEventLog } from '../roles/event-log.ts';
import { homeAt } from '../roles/home.ts';

/** As `roles/role-process.ts` sets it; the heap's limit comes from the parent, as the supervisor gives it. */
setFlagsFromString('--external-memory-accounted-in-global-limit');

/** The gateway alone: the log that the configuration names, everything else in this process. */
export type GatewayReady = { readonly type: 'ready'; readonly url: string; readonly enrolmentSecret: string };
export type GatewayUsage = {
  readonly type: 'usage';
  /** Of the whole process and of its main thread, microseconds. */
  readonly cpuUs: number;
  readonly mainThreadUs: number;
  readonly rssBytes: number;
};

const SITE = process.argv[2] ?? 'load';
const home = homeAt();
const config = loadConfig();
const { privateKey } = generateKeyPairSync('x25519');
const publicKey = x25519PublicBytes(privateKey);
const sealer = await openBlockSealer({ sealingKey: async () => ({ id: sealingKeyId(publicKey), publicKey }) });
const log = await openEventLog(config, home);
const { enrolmentSecret } = await addSite(log.registry, SITE, Date.now);
const sites = await openSiteRegister(log.registry);
const gateway = await createGateway({
  log, seal: (headBytes, body) => sealer.seal(headBytes, body), inspector: await loadNative(), sites,
  receiptKey: generateKeyPairSync('ed25519').privateKey, clock: Date.now, config: config.gateway,
});

function usage(): GatewayUsage {
  const { user, system } = process.cpuUsage();
  const main = process.threadCpuUsage();
  return { type: 'usage', cpuUs: user + system, mainThreadUs: main.user + main.system, rssBytes: process.memoryUsage.rss() };
}

process.on('message', (message) => {
  if (message === 'usage') process.send?.(usage());
  // Its data is thrown away with its directory.
  else process.exit(0);
});
process.on('disconnect', () => process.exit(0));
process.send?.({ type: 'ready', url: gateway.url, enrolmentSecret } satisfies GatewayReady);
