import { parseArgs } from 'node:util';
import { startBrokers } from './broker-cluster.ts';

/** Brokers to try things with, until Ctrl-C: `node ingest/kafka/test-broker/main.ts [--brokers 3] [--directory d]`. */
const { values } = parseArgs({ options: { brokers: { type: 'string', default: '1' }, directory: { type: 'string' } } });
if (values.brokers !== '1' && values.brokers !== '3') {
  process.stderr.write('--brokers takes 1 or 3\n');
  process.exit(2);
}
const cluster = await startBrokers({ brokers: values.brokers === '3' ? 3 : 1, ...(values.directory === undefined ? {} : { directory: values.directory }) });
process.stdout.write(`${cluster.bootstrap.join()}\ndata in ${cluster.directory}\n`);

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void cluster[Symbol.asyncDispose]());
}
