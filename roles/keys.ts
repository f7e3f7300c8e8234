import { startKeysServer } from '../keys/server.ts';
import { runRole } from './role-process.ts';
import { readSecretFile, secretHash } from './secret-files.ts';

await runRole('keys', async ({ home, config }) => {
  const { directory, host, port, lookups_per_minute } = config.keys;
  const server = await startKeysServer({
    directory: directory === '' ? home.keys : directory,
    host,
    port,
    lookupsPerMinute: lookups_per_minute,
    roleSecrets: new Map([
      ['gateway', secretHash(readSecretFile(home, 'keys-gateway'))],
      ['worker', secretHash(readSecretFile(home, 'keys-worker'))],
      ['compliance', secretHash(readSecretFile(home, 'keys-compliance'))],
    ]),
  });
  return { url: server.url, status: () => ({}), close: () => server.close() };
});
