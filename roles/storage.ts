import path from 'node:path';
import { startStorage } from '../storage/engine/storage.ts';
import { readSecret } from './config/read.ts';
import { runRole } from './role-process.ts';
import { readSecretFile } from './secret-files.ts';

await runRole('storage', async ({ home, config }) => {
  const server = await startStorage({
    directory: config.storage.directory === '' ? path.join(home.data, 'storage') : config.storage.directory,
    host: config.storage.host,
    port: config.storage.port,
    writerPassword: readSecret(config.secrets.storage_writer) ?? readSecretFile(home, 'storage-writer'),
    readerPassword: readSecret(config.secrets.storage_reader) ?? readSecretFile(home, 'storage-reader'),
    config: config.storage,
  });
  return { url: server.url, status: () => ({ memory_bytes: process.memoryUsage.rss() }), close: () => server.close() };
});
