import { FakeControl, sampleAlert } from './control-fixture.ts';
import { createResponder } from './responder.ts';

/** A responder to be killed: `directory url commits`. Its control stream is the same at each start. */
const [directory = '', url = '', commits = '0'] = process.argv.slice(2);
const control = new FakeControl();
for (let n = 0; n < Number(commits); n++) control.commit([sampleAlert(n)]);
const responder = createResponder({
  control: control.stream, alertsOf: control.alertsOf, directory, includeAddresses: false, productVersion: '1',
  endpoints: [{ name: 'default', url: new URL(url), keys: [Buffer.alloc(24)], allowPrivateAddresses: true, timeoutMs: 2_000, maxQueued: 10_000 }],
});
setInterval(() => {
  const endpoint = responder.status().endpoints[0];
  if (endpoint?.queued === 0 && responder.status().next === Number(commits)) process.stdout.write('idle\n');
}, 10);
