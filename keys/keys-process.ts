import { createHash } from 'node:crypto';
import { createKeysClient } from './client.ts';
import { startKeysServer } from './server.ts';

/** A keys role of its own for the kill tests: prints `size root` of each checkpoint that was signed, once it was. */
const [directory = '', first = '1'] = process.argv.slice(2);
const secret = `${process.pid}`;
const server = await startKeysServer({ directory, host: '127.0.0.1', port: 0, roleSecrets: new Map([['worker', createHash('sha256').update(secret).digest('hex')]]) });
const worker = createKeysClient({ url: server.url, role: 'worker', secret });
process.stdout.write(`${await worker.checkpointVerifier()}\n`);
for (let size = Number(first); ; size++) {
  const root = createHash('sha256').update(`${process.pid} ${size}`).digest();
  await worker.signCheckpoint('shop', size, root);
  process.stdout.write(`${size} ${root.toString('hex')}\n`);
}
