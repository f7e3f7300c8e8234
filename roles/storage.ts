import path from 'node:path';
import { startStorage } from '../storage/engine/storage.ts';
import { runRole } from './role-process.ts';
import { secretOf } from './secrets.ts';

await runRole('storage', async ({ home, config }) => {
  const server = await startStorage({
    directory: config.storage.directory === '' ? path.join(home.data, 'storage') : config.storage.directory,
    host: config.storage.host,
    port: config.storage.port,
    writerPassword: secretOf(config, home, 'storage-writer'),
    readerPassword: secretOf(config, home, 'storage-reader'),
    redactorPassword: secretOf(config, home, 'storage-redactor'),
    retentionPassword: secretOf(config, home, 'storage-retention'),
    config: config.storage,
  });
  return { url: server.url, status: () => ({ memory_bytes: process.memoryUsage.rss() }), close: () => server.close() };
});
