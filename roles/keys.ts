import { readFileSync } from 'node:fs';
import { startKeysServer } from '../keys/server.ts';
import { ConfigError } from './config/read.ts';
import { runRole } from './role-process.ts';
import { secretHash } from './secret-files.ts';
import { secretOf } from './secrets.ts';

await runRole('keys', async ({ home, config }) => {
  const { directory, host, port, lookups_per_minute, certificate_file, certificate_key_file } = config.keys;
  if ((certificate_file === '') !== (certificate_key_file === '')) throw new ConfigError(['keys: certificate_file and certificate_key_file go together']);
  const server = await startKeysServer({
    directory: directory === '' ? home.keys : directory,
    host,
    port,
    lookupsPerMinute: lookups_per_minute,
    ...(certificate_file === '' ? {} : { tls: { cert: readFileSync(certificate_file), key: readFileSync(certificate_key_file) } }),
    roleSecrets: new Map([
      ['gateway', secretHash(secretOf(config, home, 'keys-gateway'))],
      ['worker', secretHash(secretOf(config, home, 'keys-worker'))],
      ['compliance', secretHash(secretOf(config, home, 'keys-compliance'))],
      ['operator', secretHash(secretOf(config, home, 'keys-operator'))],
    ]),
  });
  return { url: server.url, status: () => ({}), close: () => server.close() };
});
