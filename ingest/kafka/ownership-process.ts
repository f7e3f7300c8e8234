import { createKafka } from './connection.ts';
import { openOwnership } from './ownership.ts';
import { testSettings } from './test-settings.ts';

/**
 * A member of a group, as a process of its own for the tests. Arguments: broker, group, topic, partitions, session. Prints
 * what it owns on each change; leaves on SIGTERM.
 */
const [broker = '', groupId = '', topic = '', partitions = '', sessionTimeoutMs = ''] = process.argv.slice(2);
const kafka = createKafka(testSettings({ bootstrap: [broker], security: undefined }));
const ownership = await openOwnership(kafka, { groupId, topic, partitions: Number(partitions), sessionTimeoutMs: Number(sessionTimeoutMs) });
process.once('SIGTERM', () => void ownership[Symbol.asyncDispose]());
ownership.onChange((owned) => process.stdout.write(`${JSON.stringify([...owned])}\n`));
