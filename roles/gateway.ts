import process from 'node:process';
import { ed25519PrivateKey } from '../contracts/block.ts';
import { loadNative } from '../detect/native/binding.ts';
import { createGateway } from '../ingest/gateway/gateway.ts';
import { wrongProxies } from '../ingest/gateway/trusted-proxies.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import { openSiteRegister } from '../ingest/sites/site-register.ts';
import { followCheckpoints } from './checkpoints.ts';
import { ConfigError } from './config/read.ts';
import { connectKeys, storageAccess } from './connections.ts';
import { openEchoes } from './echoes.ts';
import { openEventLog } from './event-log.ts';
import { runRole } from './role-process.ts';
import { secretOf } from './secrets.ts';
import { openSyslog } from './syslog.ts';

const CHECKPOINTS_EVERY_MS = 5_000;

await runRole('gateway', async ({ home, config, signal, log: logLine }) => {
  const wrong = wrongProxies(config.gateway.trusted_proxies);
  if (wrong.length > 0) throw new ConfigError([`gateway.trusted_proxies: ${wrong.join(', ')}: neither an address nor a network, like 10.0.0.0/8`]);
  const [keys, inspector, log] = await Promise.all([connectKeys(config, home, 'gateway', signal), loadNative(), openEventLog(config, home, logLine)]);
  const [sealer, sites] = await Promise.all([openBlockSealer(keys), openSiteRegister(log.registry)]);
  const checkpoints = followCheckpoints(storageAccess(config, home, 'reader', signal), keys, CHECKPOINTS_EVERY_MS);
  const echoes = openEchoes(storageAccess(config, home, 'reader', signal), log, sealer, logLine);
  const gateway = await createGateway({
    log,
    seal: (headBytes, body) => sealer.seal(headBytes, body),
    inspector,
    sites,
    receiptKey: ed25519PrivateKey(secretOf(config, home, 'gateway-receipt')),
    clock: Date.now,
    config: config.gateway,
    checkpointFor: (site) => checkpoints.of(site),
    onEcho: (site, echo) => echoes.seen(site, echo),
    onFault: (error) => logLine('fault', { message: error instanceof Error ? error.message : String(error) }),
  });
  const syslog = await openSyslog(config.gateway.syslog, gateway.syslogSink);
  if (syslog !== undefined) logLine('syslog', { host: config.gateway.syslog.host, port: syslog.port });
  return {
    url: gateway.url,
    status: () => ({ memory_bytes: process.memoryUsage.rss() }),
    async close() {
      await Promise.all([gateway.close(), syslog?.close()]);
      await checkpoints.close();
      await echoes[Symbol.asyncDispose]();
      await sites[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
});
