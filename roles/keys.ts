import { readFileSync } from 'node:fs';
import { startKeysServer } from '../keys/server.ts';
import { ConfigError } from './config/read.ts';
import { erasuresFile, readErasures } from './erasures/erasure-file.ts';
import { replayErasures } from './erasures/replay.ts';
import { runRole } from './role-process.ts';
import { secretHash } from './secret-files.ts';
import { secretOf } from './secrets.ts';

await runRole('keys', async ({ home, config, log }) => {
  const { directory, host, port, lookups_per_minute, overlap_days, certificate_file, certificate_key_file } = config.keys;
  if ((certificate_file === '') !== (certificate_key_file === '')) throw new ConfigError(['keys: certificate_file and certificate_key_file go together']);
  const keysDirectory = directory === '' ? home.keys : directory;
  const replayed = await replayErasures(keysDirectory, readErasures(erasuresFile(home)));
  if (replayed > 0) log('erasures made again in restored keys', { erasures: replayed });
  const server = await startKeysServer({
    directory: keysDirectory,
    host,
    port,
    lookupsPerMinute: lookups_per_minute,
    overlapDays: overlap_days,
    ...(certificate_file === '' ? {} : { tls: { cert: readFileSync(certificate_file), key: readFileSync(certificate_key_file) } }),
    roleSecrets: new Map([
      ['gateway', secretHash(secretOf(config, home, 'keys-gateway'))],
      ['worker', secretHash(secretOf(config, home, 'keys-worker'))],
      ['compliance', secretHash(secretOf(config, home, 'keys-compliance'))],
      ['operator', secretHash(secretOf(config, home, 'keys-operator'))],
      ['retention', secretHash(secretOf(config, home, 'keys-retention'))],
      ['respond', secretHash(secretOf(config, home, 'keys-respond'))],
      ['console', secretHash(secretOf(config, home, 'keys-console'))],
    ]),
  });
  return { url: server.url, status: () => ({}), close: () => server.close() };
});
