import process from 'node:process';
import { ed25519PrivateKey } from '../contracts/block.ts';
import { loadNative } from '../detect/native/binding.ts';
import { createGateway } from '../ingest/gateway/gateway.ts';
import { openBlockSealer } from '../ingest/sealing/block-sealer.ts';
import { openSiteRegister } from '../ingest/sites/site-register.ts';
import { followCheckpoints } from './checkpoints.ts';
import { connectKeys, storageAccess } from './connections.ts';
import { openEventLog } from './event-log.ts';
import { runRole } from './role-process.ts';
import { secretOf } from './secrets.ts';

const CHECKPOINTS_EVERY_MS = 5_000;

await runRole('gateway', async ({ home, config, signal, log: logLine }) => {
  const [keys, inspector, log] = await Promise.all([connectKeys(config, home, 'gateway', signal), loadNative(), openEventLog(config, home, logLine)]);
  const [sealer, sites] = await Promise.all([openBlockSealer(keys), openSiteRegister(log.registry)]);
  const checkpoints = followCheckpoints(storageAccess(config, home, 'reader', signal), CHECKPOINTS_EVERY_MS);
  const gateway = await createGateway({
    log,
    seal: (headBytes, body) => sealer.seal(headBytes, body),
    inspector,
    sites,
    receiptKey: ed25519PrivateKey(secretOf(config, home, 'gateway-receipt')),
    clock: Date.now,
    config: config.gateway,
    checkpointFor: (site) => checkpoints.of(site),
    onFault: (error) => logLine('fault', { message: error instanceof Error ? error.message : String(error) }),
  });
  return {
    url: gateway.url,
    status: () => ({ memory_bytes: process.memoryUsage.rss() }),
    async close() {
      await gateway.close();
      await checkpoints.close();
      await sites[Symbol.asyncDispose]();
      await log[Symbol.asyncDispose]();
    },
  };
});
