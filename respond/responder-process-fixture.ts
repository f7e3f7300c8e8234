import { FakeControl, sampleAlert } from './control-fixture.ts';
import { createResponder } from './responder.ts';

/**
 * A responder to be killed: `directory url commits`. Its control stream is the same at each start; every second alert is of
 * one of three groups. Its clock goes twenty times as fast, so that quiets of seconds end while it lives.
 */
const [directory = '', url = '', commits = '0'] = process.argv.slice(2);
const FAST_SINCE_MS = 1_790_000_000_000;
const control = new FakeControl();
for (let n = 0; n < Number(commits); n++) control.commit([sampleAlert(n, n % 2 === 0 ? {} : { group: `group_${n % 3}`, quiet_s: 1, back_off: 2, quiet_most_s: 4 })]);
const responder = createResponder({
  control: control.stream, alertsOf: control.alertsOf, directory, includeAddresses: false, productVersion: '1',
  endpoints: [{ name: 'default', url: new URL(url), keys: [Buffer.alloc(24)], allowPrivateAddresses: true, timeoutMs: 2_000, maxQueued: 10_000 }],
  nowMs: () => FAST_SINCE_MS + (Date.now() - FAST_SINCE_MS) * 20,
});
setInterval(() => {
  const { next, endpoints, groups } = responder.status();
  if (endpoints[0]?.queued === 0 && next === Number(commits) && groups.held === 0) process.stdout.write('idle\n');
}, 10);
